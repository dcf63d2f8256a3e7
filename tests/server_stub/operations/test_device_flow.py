"""The device flow behind its doors: the approver looked at anew, the quota, bounds, many pollers, guesses."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from server_stub.domain.base.timestamps import DAY
from server_stub.domain.devices import device_flow, limits
from tests.server_stub.conftest import PASSWORD, Service
from tests.server_stub.web.pages.conftest import HOST, Browser, signed_in
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import GRANT, Terminal, decide, send, shown, started

NETWORKS = [f"198.51.{high}.{low}" for high in range(100) for low in range(256)]


ZOHO = {"client_id": "1000.X", "client_secret": "none"}


@dataclass
class Zoho(Terminal):
    """A program that waits for its token at Zoho's door."""

    def error(self, wait: bool = True) -> str:
        """Poll, and return the word that it is refused by."""
        self.site.clock.advance(device_flow.INTERVAL)
        sent = {**ZOHO, "grant_type": "device_token", "code": self.told["device_code"]}
        answer = self.site.ask("POST", "/oauth/v3/device/token", query=sent)
        assert answer.status == 200, answer
        return str(answer.json["error"])


def started_by_zoho(site: Service) -> Terminal:
    """Begin as zcatalyst-cli does."""
    answer = site.ask("POST", "/oauth/v3/device/code", query={**ZOHO, "grant_type": "device_request"})
    assert answer.status == 200, answer
    return Zoho(site, answer.json)


@pytest.fixture
def either_panel(database_url: str) -> Iterator[Service]:
    """A server with pages, on each engine in turn."""
    service = Service(database_url, f"https://{HOST}")
    yield service
    service.close()


def number_of(panel: Service, username: str) -> int:
    return int(panel.local.get("/managers/", username=username)[0]["id"])


def approved(panel: Service, username: str, *roles: str) -> Terminal:
    """Return a terminal that a new manager has approved and that has not asked since."""
    return approved_at(started, panel, username, *roles)


def approved_at(door: Callable[[Service], Terminal], panel: Service, username: str, *roles: str) -> Terminal:
    """Return such a terminal, begun at one door or the other."""
    panel.manager(username, *roles, password=PASSWORD)
    terminal = door(panel)
    decide(signed_in(panel, username), terminal.code)
    return terminal


def disabled(panel: Service, number: int) -> None:
    panel.local.patch(f"/managers/{number}/", is_active=False)


def deleted(panel: Service, number: int) -> None:
    assert panel.local.ask("DELETE", f"/managers/{number}/").status == 204


def stripped(panel: Service, number: int) -> None:
    panel.local.patch(f"/managers/{number}/", roles=[])


def narrower(panel: Service, number: int) -> None:
    panel.local.patch(f"/managers/{number}/", roles=["csi"])


def given_another_password(panel: Service, number: int) -> None:
    panel.clock.advance(1)
    panel.local.patch(f"/managers/{number}/", password="another good one")


def lapsed(panel: Service, number: int) -> None:
    panel.local.patch(
        "/vms/1/pwd_settings/",
        pwd_expiration_timeout="1D",
        pwd_expiration_timeout_enabled=True,
        pwd_change_timeout="1H",
    )
    panel.database.write(
        lambda tx: tx.change(
            "UPDATE managers SET password_set_at = :at WHERE id = :id", {"at": tx.now - DAY, "id": number}
        ),
        unaudited=True,
    )


def switched_to_permission(panel: Service, number: int) -> None:
    panel.local.patch("/vms/1/", device_flow="create_security")


@pytest.mark.parametrize("door", [started, started_by_zoho])
@pytest.mark.parametrize(
    "fate", [disabled, deleted, stripped, narrower, given_another_password, lapsed, switched_to_permission]
)
def test_who_is_not_who_they_were_when_they_approved_gives_nothing(
    either_panel: Service, fate: Callable[[Service, int], None], door: Callable[[Service], Terminal]
) -> None:
    panel, terminal = either_panel, approved_at(door, either_panel, "eve", "read_only")
    fate(panel, number_of(panel, "eve"))
    assert terminal.error() == "access_denied"
    panel.local.patch("/vms/1/", device_flow="all")
    if fate in (disabled, stripped):
        panel.local.patch(f"/managers/{number_of(panel, 'eve')}/", is_active=True, roles=["read_only"])
    assert terminal.error() == "access_denied", "and what was denied stays so"
    assert not panel.database.read(lambda tx: tx.rows("SELECT 1 FROM tokens WHERE kind = 'device'"))
    assert panel.audit()[-1][1] in ("device.denied", "vms.modify", "manager.modify")


def test_more_rights_than_were_shown_do_no_harm(panel: Service) -> None:
    terminal = approved(panel, "eve", "csi")
    panel.local.patch(f"/managers/{number_of(panel, 'eve')}/", roles=["csi", "read_only"])
    assert terminal.fetch()["approved_by"] == "eve"


def test_a_quota_filled_meanwhile_holds_the_token_back_until_there_is_room(panel: Service) -> None:
    terminal = approved(panel, "eve")
    made = [panel.local.post("/apitokens/", owner="eve")["id"] for _ in range(5)]
    answer = terminal.poll()
    assert (answer.status, answer.json["error"]) == (400, "access_denied")
    assert "eve has 5 live tokens and may have 5" in answer.json["error_description"]
    panel.local.patch(f"/apitokens/{made[0]}/revoke/")
    terminal.fetch()
    assert "may have 5" in panel.local.refused(409, "POST", "/apitokens/", {"owner": "eve"}), "a device token counts"


def test_ten_thousand_anonymous_starts_are_bounded(site: Service, full: bool) -> None:
    starts, networks = (10_000, NETWORKS) if full else (600, NETWORKS[:20])
    answers = Counter(
        send(site, "/oauth/device_authorization", networks[number % len(networks)], client_id="a").status
        for number in range(starts)
    )
    assert set(answers) == {200, 429}
    assert answers[200] == (limits.OPEN_IN_ALL if full else 340)
    refused = send(site, "/oauth/device_authorization", networks[0], client_id="a")
    assert (refused.json["error"], refused.headers["retry-after"]) == ("slow_down", "60")
    rows = site.database.read(lambda tx: tx.rows("SELECT count(*) FROM device_requests"))
    assert rows[0][0] == answers[200]
    records = site.database.read(lambda tx: tx.rows("SELECT outcome, count(*) FROM audit GROUP BY outcome"))
    bounds = {"refused": 100, "done": 20 + 5}
    assert all(count <= bounds[outcome] + 1 for outcome, count in records), "the rest is counted"
    site.clock.advance(device_flow.LIFETIME)
    started(site)
    site.clock.advance(device_flow.KEPT_AFTER + device_flow.LIFETIME)
    started(site)
    assert site.database.read(lambda tx: tx.rows("SELECT count(*) FROM device_requests"))[0][0] == 2


def test_guesses_hit_nothing_and_stand_in_nobody_s_way(panel: Service, dan: Browser, full: bool) -> None:
    """Issue: 20,000 guesses against 50 open codes: no hit, legitimate users unaffected."""
    guesses, people = (20_000, 20) if full else (400, 4)
    dice = random.Random(6)  # the same guesses in every run
    waiting = [started(panel, NETWORKS[number]) for number in range(50)]
    names = [f"guesser{number}" for number in range(people)]
    for name in names:
        panel.manager(name, password=PASSWORD)
    guessers = [signed_in(panel, name) for name in names]
    forms = [guesser.get("/device").forms["/device"] for guesser in guessers]
    statuses: Counter[int] = Counter()
    for number in range(guesses):
        code = "".join(dice.choices(device_flow.ALPHABET, k=device_flow.CODE_LENGTH))
        statuses[guessers[number % people].post("/device", {**forms[number % people], "code": code}).status] += 1
    looked_at = min(limits.WRONG_OF_A_PERSON * people, limits.WRONG_OF_A_SOURCE + people)
    assert set(statuses) == {404, 429}, "no hit"
    assert statuses[404] <= looked_at
    assert panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM device_guesses"))[0][0] <= looked_at
    decide(dan, waiting[0].code)
    assert waiting[0].fetch()["approved_by"] == "dan", "from the very network of those who guess"
    assert shown(dan, "BBBB-BBBB").status == 404
    assert all(terminal.error() == "authorization_pending" for terminal in waiting[1:])


def raced(panel: Service, dan: Browser, pollers: int, key: str | None = None) -> Counter[str]:
    """Have many poll one device code, with a key or none, while it is approved; return what each got at last."""
    terminal = started(panel)
    form = shown(dan, terminal.code).forms["/device/deny"]
    panel.database.write(lambda tx: tx.change("UPDATE device_requests SET interval = 0"), unaudited=True)
    gate, got = threading.Barrier(pollers + 1), Counter[str]()
    sent = urlencode({"grant_type": GRANT, "client_id": "vshell", "device_code": terminal.told["device_code"]})
    headers = {} if key is None else {"Idempotency-Key": key}

    def poll() -> None:
        gate.wait()
        said = "authorization_pending"
        while said == "authorization_pending":
            answer = panel.ask("POST", "/oauth/token", form=sent, headers=headers)
            said = "token" if answer.status == 200 else answer.json["error"]
        got[said] += 1

    threads = [threading.Thread(target=poll) for _ in range(pollers)]
    for thread in threads:
        thread.start()
    gate.wait()
    assert dan.post("/device/approve", form).status == 303
    for thread in threads:
        thread.join()
    return got


def test_of_many_who_poll_at_the_approval_one_gets_the_token(database_url: str, full: bool) -> None:
    panel = Service(database_url, "https://panel.test")
    try:
        panel.manager("dan", password=PASSWORD)
        panel.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=100_000)
        rounds = 500 if full else 3
        panel.local.patch("/vms/1/", access_token_lifetime="200 00:00:00", refresh_token_lifetime="300 00:00:00")
        dan = signed_in(panel, "dan")
        for _ in range(rounds):
            assert raced(panel, dan, 64) == {"token": 1, "expired_token": 63}
            panel.clock.advance(device_flow.LIFETIME)
        assert raced(panel, dan, 16, "one-terminal-s-own-key-of-16") == {"token": 16}, "the same one to each"
        live = panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM tokens WHERE kind = 'device'"))
        assert live[0][0] == rounds + 1
    finally:
        panel.close()


def taken_back(terminal: Terminal, **fields: str) -> tuple[int, object]:
    """Take a terminal's request back, as Ctrl-C does."""
    told = {"token": terminal.told["device_code"], "token_type_hint": "device_code", "client_id": "vshell", **fields}
    answer = send(terminal.site, "/oauth/revoke", **told)
    return answer.status, answer.json and answer.json["error"]


def test_a_terminal_takes_its_request_back_and_nobody_approves_it_any_more(panel: Service, dan: Browser) -> None:
    terminal = started(panel)
    form = shown(dan, terminal.code).forms["/device/deny"]
    assert taken_back(terminal, client_id="thief") == (400, "invalid_grant")
    assert taken_back(terminal, client_id="") == (400, "invalid_grant")
    assert terminal.error() == "authorization_pending"
    assert taken_back(terminal) == (200, None)
    assert taken_back(terminal) == (200, None)
    for word in ("approve", "deny"):
        page = dan.post(f"/device/{word}", form)
        assert page.status == 409
        assert "The program that asked for this has stopped" in page.text
    assert shown(dan, terminal.code).status == 404
    assert terminal.error() == "expired_token"
    assert [record[1] for record in panel.audit()].count("device.withdrawn") == 1


def test_what_was_approved_and_taken_back_gives_no_token(panel: Service, dan: Browser) -> None:
    terminal = started(panel)
    decide(dan, terminal.code)
    assert taken_back(terminal) == (200, None)
    assert terminal.error() == "expired_token"
    assert panel.audit()[-1][1] == "device.withdrawn"
    assert not panel.database.read(lambda tx: tx.rows("SELECT 1 FROM tokens WHERE kind = 'device'"))


def test_a_token_whose_answer_got_lost_is_revoked_by_its_device_code(panel: Service, dan: Browser) -> None:
    terminal, denied = started(panel), started(panel)
    decide(dan, terminal.code)
    decide(dan, denied.code, "deny")
    token = terminal.fetch()["access_token"]
    assert taken_back(terminal, client_id="thief") == (400, "invalid_grant")
    assert panel.by_bearer(token).ask("GET", "/login/").status == 200
    for _ in range(2):
        assert taken_back(terminal) == (200, None)
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401
    actor, action, target, detail = panel.audit()[-1]
    assert (actor, action, target, detail["revoked"]) == ("dan", "apitoken.revoke", token[:8], 1)
    assert taken_back(denied) == (200, None)
    assert denied.error() == "access_denied", "what was denied stays so"


def test_beginning_and_taking_back_goes_around_no_bound(site: Service) -> None:
    begun = 0
    while (answer := send(site, "/oauth/device_authorization", client_id="vshell")).status == 200:
        begun += 1
        assert taken_back(Terminal(site, answer.json)) == (200, None)
    assert begun == limits.OPEN_OF_A_SOURCE


def test_what_strangers_do_is_counted_and_what_was_decided_is_told(site: Service) -> None:
    terminals = [started(site) for _ in range(limits.OPEN_OF_A_SOURCE)]
    for terminal in terminals[:5]:
        assert taken_back(terminal) == (200, None)
    site.clock.advance(device_flow.LIFETIME)
    assert {terminal.error() for terminal in terminals} == {"expired_token"}
    site.throttle.flush(all_of_them=True)
    site.database.write(lambda tx: None)
    told = [(action, detail.get("repeated")) for _, action, _, detail in site.audit() if action.startswith("device.")]
    assert sorted(told, key=str) == [
        ("device.expired", 14),
        ("device.expired", None),
        ("device.requested", 19),
        ("device.requested", None),
        ("device.withdrawn", 4),
        ("device.withdrawn", None),
    ]


def test_who_began_what_was_approved_is_on_record_in_any_flood(panel: Service, dan: Browser) -> None:
    for number in range(60):
        started(panel, NETWORKS[number])
    terminal = started(panel, "203.0.113.50", host="build-7", client_name="vshell 1.0")
    began = [record for record in panel.audit() if record[1] == "device.requested"]
    assert len(began) < 30
    decide(dan, terminal.code)
    token = terminal.fetch()["token_id"]
    _, action, mark, detail = panel.audit()[-2]
    assert action == "device.approved"
    assert {name: detail[name] for name in ("source", "host", "program", "client_id")} == {
        "source": "203.0.113.50",
        "host": "build-7",
        "program": "vshell 1.0",
        "client_id": "vshell",
    }
    assert detail["requested_at"]
    made = panel.audit()[-1]
    assert (made[1], made[2], made[3]["request"]) == ("device.redeemed", token, mark)
