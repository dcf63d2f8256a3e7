"""The panel and its form: who sees, makes and revokes what at a browser; each secret is shown once."""

from __future__ import annotations

import re
import threading

import pytest

from server_stub.domain.base import token_format
from server_stub.domain.base.timestamps import DAY
from server_stub.domain.tokens import emergency
from server_stub.web.pages import tokens
from tests.server_stub.conftest import PASSWORD, SOURCE, Service
from tests.server_stub.web.pages.conftest import Browser, Shown, signed_in


def listed(shown: Shown) -> list[str]:
    """Return the names of the tokens in a list."""
    return re.findall(r'<th role="rowheader".*?<bdi>(.*?)</bdi>', shown.html)


def make(panel: Service, name: str, owner: str = "dan", **request: object) -> str:
    return str(panel.local.post("/apitokens/", owner=owner, name=name, **request)["id"])


def test_one_sees_ones_own_and_an_administrator_all(panel: Service, dan: Browser, alice: Browser) -> None:
    make(panel, "ci")
    make(panel, "hers", "alice")
    assert listed(dan.get("/")) == ["ci"]
    assert sorted(listed(alice.get("/"))) == ["ci", "hers"]
    assert listed(alice.get("/?owner=dan")) == ["ci"]
    assert listed(alice.get("/?owner=alice&name=ci")) == []
    assert listed(dan.get("/?owner=alice")) == []
    assert 'name="owner"' not in dan.get("/").html


def test_the_filter_of_a_state(panel: Service, dan: Browser) -> None:
    make(panel, "live")
    make(panel, "old", expiry_date="1D")
    panel.local.patch(f"/apitokens/{make(panel, 'gone')}/revoke/")
    panel.clock.advance(2 * DAY)
    dan.sign_in("dan")
    assert sorted(listed(dan.get("/"))) == ["live", "old"]
    assert sorted(listed(dan.get("/?state=all"))) == ["gone", "live", "old"]
    assert [listed(dan.get(f"/?state={state}")) for state in ("live", "expired", "spent", "revoked")] == [
        ["live"],
        ["old"],
        [],
        ["gone"],
    ]
    assert sorted(listed(dan.get("/?state=junk"))) == ["live", "old"]


def test_pages_by_key_hold_every_token_once(panel: Service, alice: Browser) -> None:
    panel.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=500)
    names = [f"t{number:03}" for number in range(2 * tokens.PAGE_SIZE + 3)]
    for name in names:
        make(panel, name, "alice")
    shown, seen = alice.get("/?owner=alice"), list[str]()
    while True:
        seen += listed(shown)
        found = re.search(r'href="([^"]+)" rel="next"', shown.html)
        if found is None:
            break
        assert "owner=alice" in found[1]
        shown = alice.get(found[1].replace("&amp;", "&"))
    assert sorted(seen) == names
    assert "First page" in shown.text


@pytest.mark.parametrize("after", ["'", "zzzzzzzzz", "%00", "../"])
def test_a_key_that_is_none_harms_nothing(dan: Browser, after: str) -> None:
    assert dan.get(f"/?after={after}").status in (200, 400)


def test_a_token_is_revoked_after_a_question_with_all_that_was_made_with_it(panel: Service, dan: Browser) -> None:
    issued = panel.local.post("/apitokens/", owner="dan", name="ci")
    child = panel.by_bearer(issued["token"]).post("/apitokens/")
    path = f"/tokens/{issued['id']}/revoke"
    asked = dan.get(path)
    assert "1 token that was made with it dies too." in asked.text
    assert panel.by_bearer(child["token"]).get("/login/")["username"] == "dan"
    sent = dan.submit(path)
    assert (sent.status, sent.location) == (303, f"/tokens/{issued['id']}")
    assert "This token is revoked." in dan.get(sent.location or "").text
    for token in (issued["token"], child["token"]):
        panel.by_bearer(token).refused(401, "GET", "/login/")
    assert panel.audit()[-1][:3] == ("dan", "apitoken.revoke", issued["id"])
    assert dan.post(path, asked.forms[path]).status == 303


def test_a_foreign_token_answers_like_a_missing_one(panel: Service, dan: Browser, alice: Browser) -> None:
    hers = make(panel, "hers", "alice")
    texts = [dan.get(f"/tokens/{token_id}").text.replace(token_id, "") for token_id in (hers, "zzzzzzzz")]
    assert texts[0] == texts[1]
    session_id = next(value for name, value in alice.jar.items() if "session" in name)[:8]
    assert alice.get(f"/tokens/{session_id}").status == 404


def test_who_may_only_see_is_offered_no_revocation_of_others(panel: Service, dan: Browser) -> None:
    panel.manager("rita", "read_only", password=PASSWORD)
    rita = signed_in(panel, "rita")
    token_id = make(panel, "ci")
    for path in ("/", f"/tokens/{token_id}"):
        assert "Revoke" not in rita.get(path).text
        assert "Revoke" in dan.get(path).text


def test_a_break_glass_token_is_flagged_wherever_it_stands(panel: Service, alice: Browser) -> None:
    token_id = make(panel, "EMERGENCY", "alice")
    update = "UPDATE tokens SET path = :path WHERE id = :id"
    panel.database.write(lambda tx: tx.change(update, {"path": emergency.PATH, "id": token_id}), unaudited=True)
    for path in ("/", f"/tokens/{token_id}", f"/tokens/{token_id}/revoke"):
        assert "break-glass" in alice.get(path).text


def test_a_hostile_name_that_is_kept_is_shown_as_text(panel: Service, alice: Browser) -> None:
    token_id = make(panel, "x", "alice")
    hostile = "<script>alert(1)</script>\u202eevil\x1b[31m"
    update = "UPDATE tokens SET name = :name WHERE id = :id"
    panel.database.write(lambda tx: tx.change(update, {"name": hostile, "id": token_id}), unaudited=True)
    for path in ("/", f"/tokens/{token_id}", f"/tokens/{token_id}/revoke", "/?name=%3Cscript%3E&owner=%22%3E"):
        html = alice.get(path).html
        assert "<script" not in html
        assert "\u202e" not in html
        assert "\x1b" not in html


def test_the_audit_says_that_it_was_done_at_a_browser(panel: Service, dan: Browser) -> None:
    path = f"/tokens/{make(panel, 'ci')}/revoke"
    dan.get(path)
    dan.submit(path)
    rows = panel.database.read(lambda tx: tx.rows("SELECT auth_method, source FROM audit ORDER BY seq DESC LIMIT 1"))
    assert rows == [("browser session", SOURCE)]


FORM = "/tokens/new"


def secret_of(shown: Shown) -> str:
    """Return the secret on a page, of which there is one."""
    (found,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", shown.html)
    assert token_format.parse(found) is not None
    return str(found)


def names(panel: Service) -> list[str]:
    return sorted(token["name"] for token in panel.local.get("/apitokens/"))


def test_a_secret_is_shown_once_and_works(panel: Service, dan: Browser) -> None:
    dan.get(FORM)
    shown = dan.submit(FORM, name="ci-automation", expiry_date="30D")
    assert shown.status == 200
    secret = secret_of(shown)
    assert shown.headers["cache-control"] == "no-store"
    caller = panel.by_bearer(secret).get("/login/")
    assert caller["username"] == "dan"
    (token,) = panel.by_bearer(secret).get("/apitokens/")
    assert (token["name"], token["parent_id"], token["path"]) == ("ci-automation", None, "api/apitokens")
    assert panel.audit()[-1][:3] == ("dan", "apitoken.create", secret[:8])
    for path in ("/", FORM, f"/tokens/{secret[:8]}", f"/tokens/{secret[:8]}/revoke"):
        assert secret[9:] not in dan.get(path).html


def test_sending_the_form_again_creates_nothing_and_shows_nothing(panel: Service, dan: Browser) -> None:
    form = {**dan.get(FORM).forms[FORM], "name": "ci"}
    secret = secret_of(dan.post(FORM, form))
    for _ in range(2):
        again = dan.post(FORM, form)
        assert again.status == 409
        assert "This token has been created already" in again.text
        assert f"/tokens/{secret[:8]}" in again.html
        assert secret[9:] not in again.html
    panel.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=1)
    assert "This token has been created already" in dan.post(FORM, form).text
    assert names(panel) == ["ci"]


def test_a_form_sent_by_many_at_the_same_moment_creates_one_token(panel: Service, dan: Browser) -> None:
    form = {**dan.get(FORM).forms[FORM], "name": "ci"}
    statuses: list[int] = []
    copies = [Browser(panel, dict(dan.jar), scheme=dan.scheme) for _ in range(8)]
    threads = [threading.Thread(target=lambda b=each: statuses.append(b.post(FORM, form).status)) for each in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 7
    assert names(panel) == ["ci"]


@pytest.mark.parametrize("ticket", ["", "x", "AAAAAAAA", "AAAAAAAA.x", "é.x"])
def test_nobody_says_what_id_a_token_is_to_have(panel: Service, dan: Browser, ticket: str) -> None:
    dan.get(FORM)
    shown = dan.submit(FORM, ticket=ticket, name="ci")
    assert (shown.status, names(panel)) == (403, [])
    assert dan.submit(FORM).status == 200


def test_a_ticket_is_of_one_session(panel: Service, dan: Browser, alice: Browser) -> None:
    hers = alice.get(FORM).forms[FORM]["ticket"]
    dan.get(FORM)
    assert dan.submit(FORM, ticket=hers).status == 403


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"expiry_date": "1y"}, 400, "is not a duration."),
        ({"expiry_date": "0D"}, 400, "is no time at all."),
        ({"name": "a\u202eb"}, 400, "Name holds a character that cannot be printed."),
        ({"name": "a" * 129}, 400, "Name must have 1 to 128 characters"),
        ({"owner": "alice"}, 403, "You need the permission create_security for this."),
        ({"owner": "nobody"}, 403, "You need the permission create_security for this."),
    ],
)
def test_what_stands_against_it_is_said_in_the_form(
    panel: Service, dan: Browser, fields: dict[str, str], status: int, sentence: str
) -> None:
    panel.manager("alice", "administrators")
    dan.get(FORM)
    shown = dan.submit(FORM, **{"name": "ci", **fields})
    assert (shown.status, names(panel)) == (status, [])
    assert sentence in shown.text
    assert "Error:" in shown.text
    kept = shown.forms[FORM]
    assert all(kept.get(name, value) == value for name, value in fields.items() if value.isprintable())
    assert dan.submit(FORM, name="ci", owner="", expiry_date="").status == 200


def test_a_full_quota_is_said_with_its_numbers(panel: Service, dan: Browser) -> None:
    panel.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=1)
    assert "You have 0 of 1 tokens." in dan.get(FORM).text
    assert dan.submit(FORM).status == 200
    dan.get(FORM)
    shown = dan.submit(FORM)
    assert shown.status == 409
    assert "dan has 1 live token and may have 1." in shown.text.replace("Dan", "dan")


def test_an_administrator_creates_for_others_and_others_are_not_offered_it(
    panel: Service, dan: Browser, alice: Browser
) -> None:
    assert "owner" in alice.get(FORM).forms[FORM]
    shown = alice.submit(FORM, owner="dan", name="ci")
    assert panel.by_bearer(secret_of(shown)).get("/login/")["username"] == "dan"
    assert "owner" not in dan.get(FORM).forms[FORM]


def test_nobody_creates_for_who_holds_more(panel: Service) -> None:
    panel.local.post("/roles/", name="makers", permissions_list=["create_security"])
    panel.manager("mia", "makers", password=PASSWORD)
    mia = signed_in(panel, "mia")
    mia.get(FORM)
    shown = mia.submit(FORM, owner="root")
    assert (shown.status, names(panel)) == (403, [])
    assert "you lack" in shown.text


def test_the_longest_lifetime_is_told_before_it_is_refused(panel: Service, dan: Browser) -> None:
    panel.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout_enabled=True, pwd_expiration_timeout="90D")
    dan.sign_in("dan")
    assert "Empty for the longest allowed, 90D." in dan.get(FORM).text
    assert dan.submit(FORM, expiry_date="91D").status == 400
    secret = secret_of(dan.submit(FORM, expiry_date=""))
    end = panel.database.read(lambda tx: tx.rows("SELECT expires_at FROM tokens WHERE id = :id", {"id": secret[:8]}))
    assert end == [(panel.clock.now + 90 * DAY,)]
