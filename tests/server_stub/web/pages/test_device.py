"""The page /device: what is shown, who may decide, and that a decision is about what was shown."""

from __future__ import annotations

import re

import pytest

from server_stub.domain.base.timestamps import MINUTE
from server_stub.domain.devices import device_flow, limits
from tests.server_stub.conftest import PASSWORD, Service
from tests.server_stub.web.pages.conftest import Browser, signed_in, stranger
from tests.server_stub.web.waiting_terminal import decide, shown, started


def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    browser = stranger(panel)
    sent = browser.get("/device")
    assert (sent.status, sent.location) == (303, "/sign-in?next=%2Fdevice")
    browser.get(sent.location or "")
    assert browser.submit("/sign-in", username="dan", password=PASSWORD).location == "/device"


def test_it_shows_all_that_is_asked_for_and_that_nobody_has_verified_it(panel: Service, dan: Browser) -> None:
    terminal = started(panel, "198.51.100.9", client_name="vshell 1.0", host="build-7", name="ci", project="shop")
    page = shown(dan, terminal.code)
    for word in ("vshell 1.0 not verified", "build-7 not verified", "198.51.100.9", "Token ci"):
        assert word in page.text
    assert "shop ; refused for any other" in page.text
    assert terminal.code in page.text
    assert "The terminal is at another address than you" in page.text
    assert "Approve" in page.text
    assert "Deny" in page.text
    assert "another address" not in shown(dan, started(panel).code).text


@pytest.mark.parametrize("spelled", ["{0}{1}", "{0} {1}", " {0} - {1} ", "{0}\u2013{1}"])
def test_spaces_dashes_and_case_are_forgiven(panel: Service, dan: Browser, spelled: str) -> None:
    first, second = started(panel).code.lower().split("-")
    assert shown(dan, spelled.format(first, second)).status == 200


def test_look_alikes_are_not(panel: Service, dan: Browser) -> None:
    code = started(panel).code
    for typed in ("0" + code[1:], "\u0412" + code[1:], code[:-1], code + "B", ""):
        page = shown(dan, typed)
        assert page.status == 400
        assert "This cannot be a code" in page.text
    assert not panel.database.read(lambda tx: tx.rows("SELECT 1 FROM device_guesses")), "none of them counts"


def test_an_approval_is_bound_to_the_request_that_was_shown_and_to_who_saw_it(panel: Service, dan: Browser) -> None:
    panel.manager("eve", password=PASSWORD)
    eve = signed_in(panel, "eve")
    first, second = started(panel), started(panel)
    form = shown(dan, first.code).forms["/device/deny"]
    other = shown(eve, second.code).forms["/device/deny"]
    assert dan.post("/device/approve", {**form, "request_id": other["request_id"]}).status == 403
    assert (
        eve.post("/device/approve", {**other, **{"request_id": form["request_id"], "shown": form["shown"]}}).status
        == 403
    )
    assert [first.error(), second.error()] == ["authorization_pending"] * 2
    assert dan.post("/device/approve", form).location == "/device?after=approved"
    assert first.fetch()["approved_by"] == "dan"
    assert second.error() == "authorization_pending"


def test_what_is_decided_or_has_ended_is_not_decided_again(panel: Service, dan: Browser) -> None:
    terminal, late = started(panel), started(panel)
    form = shown(dan, terminal.code).forms["/device/deny"]
    ended = shown(dan, late.code).forms["/device/deny"]
    assert dan.post("/device/deny", form).location == "/device?after=denied"
    assert dan.post("/device/approve", form).status == 404
    assert shown(dan, terminal.code).status == 404
    panel.clock.advance(device_flow.LIFETIME)
    assert dan.post("/device/approve", ended).status == 404
    assert (terminal.error(), late.error()) == ("access_denied", "expired_token")


def test_a_form_of_another_site_decides_nothing(panel: Service, dan: Browser) -> None:
    terminal = started(panel)
    form = shown(dan, terminal.code).forms["/device/deny"]
    assert dan.post("/device/approve", form, Origin="https://evil.test", Sec_Fetch_Site="cross-site").status == 403
    assert dan.post("/device/approve", {**form, "form_key": "x"}).status == 403
    assert terminal.error() == "authorization_pending"


def test_a_link_with_the_code_neither_fills_it_in_nor_approves(panel: Service, dan: Browser) -> None:
    terminal = started(panel)
    page = dan.get(f"/device?user_code={terminal.code}&code={terminal.code}")
    assert terminal.code not in page.html
    assert not re.search(r'name="code"[^>]*value=', page.html)


def test_wrong_codes_are_few_counted_and_recorded(panel: Service, dan: Browser) -> None:
    wrong = [device_flow.format_code(letter * 8) for letter in "BCDFGHJ"]
    statuses = [shown(dan, code).status for code in wrong]
    assert statuses == [404] * limits.WRONG_OF_A_PERSON + [429] * 2
    assert shown(dan, started(panel).code).status == 429, "also a right one, for else a guess would tell"
    panel.manager("eve", password=PASSWORD)
    decide(signed_in(panel, "eve"), started(panel).code)
    records = panel.database.read(
        lambda tx: tx.rows("SELECT actor FROM audit WHERE action = 'device.shown' AND outcome = 'refused'")
    )
    assert records[: limits.WRONG_OF_A_PERSON] == [("dan",)] * limits.WRONG_OF_A_PERSON
    panel.clock.advance(16 * MINUTE)
    assert shown(dan, started(panel).code).status == 200
    assert panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM device_guesses"))[0][0] == 5
    shown(dan, "BBBB-BBBB")
    assert panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM device_guesses"))[0][0] == 1, "old ones go"


@pytest.mark.parametrize(("flow", "statuses"), [("create_security", (403, 200)), ("off", (403, 403))])
def test_the_flow_is_switched_off_by_permission_and_by_a_setting(
    panel: Service, dan: Browser, alice: Browser, flow: str, statuses: tuple[int, int]
) -> None:
    terminal = started(panel)
    panel.local.patch("/vms/1/", device_flow=flow)
    assert (shown(dan, terminal.code).status, shown(alice, terminal.code).status) == statuses


def test_a_full_quota_is_told_at_the_page(panel: Service, dan: Browser) -> None:
    panel.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=0)
    terminal = started(panel)
    assert "has 0 live tokens and may have 0" in decide(dan, terminal.code).text
    assert terminal.error() == "authorization_pending"


def test_what_is_recorded_names_neither_code_nor_request(panel: Service, dan: Browser) -> None:
    terminal, other = started(panel, host="build-7"), started(panel, "198.51.100.9")
    request = shown(dan, terminal.code).forms["/device/deny"]["request_id"]
    decide(dan, terminal.code)
    decide(dan, other.code, "deny")
    terminal.fetch()
    records = panel.database.read(lambda tx: tx.rows("SELECT action, actor, target, detail FROM audit ORDER BY seq"))
    told = [(action, actor) for action, actor, *_ in records if action.startswith("device.")]
    assert told == [("device.requested", "")] * 2 + [
        ("device.approved", "dan"),
        ("device.denied", "dan"),
        ("device.redeemed", "dan"),
    ]
    for secret in (terminal.code, terminal.code.replace("-", ""), terminal.told["device_code"], request):
        assert secret not in str(records)
