"""Signing in, going on, leaving: what each of the two tokens is good for, and until when."""

from __future__ import annotations

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE, SECOND, rfc3339
from server_stub.domain.devices import device_flow
from tests.server_stub.conftest import BEGIN, PASSWORD, SOURCE, Person, Service
from tests.server_stub.operations.test_sessions import sign_in
from tests.server_stub.web.pages.conftest import Browser, signed_in
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import decide, started


@pytest.fixture
def bob(site: Service) -> int:
    """A manager with a password."""
    return site.manager("bob", password=PASSWORD)


def test_a_sign_in_gives_two_tokens_and_is_recorded(either_site: Service) -> None:
    either_site.manager("bob", password=PASSWORD)
    before = len(either_site.audit())
    pair = sign_in(either_site, "Bob")
    assert set(pair) == {"access", "refresh"}
    caller = either_site.by_bearer(pair["access"]).get("/login/")
    assert caller["username"] == "bob"
    assert caller["auth_method"] == "token"
    assert caller["token_id"] == pair["access"][:8]
    assert caller["expires_at"] == rfc3339(BEGIN + HOUR)
    assert caller["last_login"] == rfc3339(BEGIN)
    assert either_site.audit()[before:] == [
        ("bob", "session.create", pair["access"][:8], {"refresh": pair["refresh"][:8]})
    ]
    renewed = either_site.nobody.post("/token/refresh/", refresh=pair["refresh"])
    assert renewed["refresh"] == pair["refresh"]
    assert either_site.by_bearer(renewed["access"]).ask("POST", "/logout/").status == 201
    assert either_site.by_bearer(pair["access"]).ask("GET", "/login/").status == 401


def test_a_form_is_taken_as_well_as_json(site: Service, bob: int) -> None:
    assert site.ask("POST", "/token/", form="username=bob&password=correct+horse").status == 200
    assert site.ask("POST", "/token/", form="username=bob&username=al&password=x").status == 400


@pytest.mark.parametrize(
    "body",
    [
        {"username": "bob", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "admin", "password": ""},
        {"username": "local-admin", "password": PASSWORD},
    ],
)
def test_a_wrong_pair_gets_one_answer(site: Service, bob: int, body: dict[str, str]) -> None:
    assert site.nobody.refused(401, "POST", "/token/", body) == "the credential is not valid"


def test_a_disabled_manager_signs_in_no_more(site: Service, bob: int) -> None:
    site.local.patch(f"/managers/{bob}/", is_active=False)
    site.nobody.refused(401, "POST", "/token/", {"username": "bob", "password": PASSWORD})


def test_leaving_ends_the_whole_sign_in_and_no_other(site: Service, bob: int) -> None:
    here, there = sign_in(site), sign_in(site)
    second = site.nobody.post("/token/refresh/", refresh=here["refresh"])["access"]
    assert site.by_bearer(second).ask("POST", "/logout/").status == 201
    for token in (here["access"], second):
        site.by_bearer(token).refused(401, "GET", "/login/")
    site.nobody.refused(401, "POST", "/token/refresh/", {"refresh": here["refresh"]})
    site.by_bearer(there["access"]).get("/login/")


def test_who_has_no_session_is_told_so(site: Service, bob: int) -> None:
    assert "API token is no session" in site.by_token("bob").refused(409, "POST", "/logout/")
    assert "password" in site.by_password("bob").refused(409, "POST", "/logout/")
    assert "local-admin" in site.local.refused(409, "POST", "/logout/")
    site.by_token("bob").get("/login/")


def test_the_local_administrator_is_shown_without_an_id(site: Service) -> None:
    caller = site.local.get("/login/")
    assert (caller["id"], caller["username"], caller["auth_method"]) == (None, "local-admin", "local token")
    assert "create_security" in caller["permissions"]
    assert caller["expires_at"] is None


def test_the_caller_sees_what_they_may_do_now(site: Service, rita: Person) -> None:
    caller = rita.get("/login/")
    assert caller["roles"] == ["read_only"]
    assert "view_security" in caller["permissions"]
    assert caller["permissions_list"] == []
    by_password = site.manager("bob", password=PASSWORD)
    site.local.patch(f"/managers/{by_password}/", permissions_list=["view_events"])
    caller = site.by_password("bob").get("/login/")
    assert (caller["auth_method"], caller["token_id"], caller["expires_at"]) == ("password", None, None)
    assert caller["permissions"] == ["view_events"]


def test_wrong_passwords_make_the_next_try_wait_for_this_name_from_this_address(site: Service, bob: int) -> None:
    wrong = {"username": "BOB", "password": "wrong"}
    right = {"username": "bob", "password": PASSWORD}
    for _ in range(3):
        site.nobody.refused(401, "POST", "/token/", wrong)
    site.nobody.refused(401, "POST", "/token/", wrong)
    waiting = site.nobody.ask("POST", "/token/", right)
    assert (waiting.status, waiting.json["code"], waiting.headers["retry-after"]) == (429, "slow_down", "1")
    assert site.nobody.ask("POST", "/token/", right, source="198.51.100.1").status == 200
    assert site.by_password("bob").ask("GET", "/login/").status == 429
    assert site.by_token("bob").ask("GET", "/login/").status == 200
    site.clock.advance(SECOND)
    site.nobody.refused(401, "POST", "/token/", wrong)
    site.clock.advance(SECOND)
    assert site.nobody.ask("POST", "/token/", right).headers["retry-after"] == "1"
    site.clock.advance(SECOND)
    assert site.nobody.ask("POST", "/token/", right).status == 200
    assert site.nobody.ask("POST", "/token/", wrong).status == 401


def test_the_wait_grows_long_when_that_is_switched_on_and_unlocking_ends_it(site: Service, bob: int) -> None:
    site.local.patch("/vms/1/pwd_settings/", max_failed_login_attempts=2, max_failed_login_attempts_enabled=True)
    for _ in range(2):
        site.nobody.refused(401, "POST", "/token/", {"username": "bob", "password": "wrong"})
    right = {"username": "bob", "password": PASSWORD}
    assert site.nobody.ask("POST", "/token/", right).headers["retry-after"] == str(MINUTE // SECOND)
    assert site.local.get(f"/managers/{bob}/")["failed_logins"] == 2
    site.local.patch(f"/managers/{bob}/unlock/")
    assert site.local.get(f"/managers/{bob}/")["failed_logins"] == 0
    assert site.nobody.ask("POST", "/token/", right).status == 200


def test_unknown_names_wait_alike(site: Service) -> None:
    for _ in range(4):
        site.nobody.refused(401, "POST", "/token/", {"username": "ghost", "password": "wrong"})
    site.nobody.refused(429, "POST", "/token/", {"username": "ghost", "password": "wrong"})


def test_no_secret_is_kept_or_recorded(site: Service, bob: int) -> None:
    pair = sign_in(site)
    site.nobody.refused(401, "POST", "/token/", {"username": "bob", "password": "a-wrong-guess"})
    site.throttle.close()
    site.database.write(lambda tx: None)
    everything = ""
    for table in ("audit", "tokens", "managers", "sign_in_attempts", "password_history"):
        everything += repr(site.database.read(lambda tx, table=table: tx.rows(f"SELECT * FROM {table}")))
    for secret in (*pair.values(), PASSWORD, "a-wrong-guess"):
        assert secret not in everything
        assert secret[9:] not in everything or not secret[9:]
    assert SOURCE in everything


def test_who_shows_a_narrowed_token_is_told_what_that_may_do(site: Service) -> None:
    site.manager("ann", "administrators", "csi")
    for request, held in (({}, 36), ({"policies": ["csi"]}, 6), ({"policies": []}, 0)):
        token = site.local.post("/apitokens/", owner="ann", **request)["token"]
        assert len(site.by_bearer(token).get("/login/")["permissions"]) == held


def approve_strangers(panel: Service, browser: Browser, host: str) -> str:
    """Return the id of a token that somebody approved for a stranger's terminal."""
    terminal = started(panel, host=host)
    decide(browser, terminal.code)
    return str(terminal.fetch()["token_id"])


def list_approved(panel: Service, username: str) -> list[str]:
    """Return the ids that somebody is told when they sign in."""
    return [str(row["id"]) for row in panel.by_session(username).get("/login/approved/")]


def test_who_signs_in_is_told_for_a_week_whatever_signs_in_before(panel: Service, dan: Browser) -> None:
    panel.manager("eve", password=PASSWORD)
    first = approve_strangers(panel, dan, "build-7")
    panel.clock.advance(SECOND)
    second = approve_strangers(panel, dan, "build-8")
    panel.local.post("/apitokens/", owner="dan")
    for _ in range(3):
        assert list_approved(panel, "dan") == [second, first]
    assert list_approved(panel, "eve") == []
    assert panel.local.get("/login/approved/") == []
    panel.local.patch(f"/apitokens/{second}/revoke/")
    assert list_approved(panel, "dan") == [first]
    panel.clock.advance(device_flow.SHOWN_FOR - DAY)
    assert list_approved(panel, "dan") == [first]
    panel.clock.advance(DAY)
    assert list_approved(panel, "dan") == []


def test_the_panel_says_so_above_its_list(panel: Service, dan: Browser) -> None:
    token = approve_strangers(panel, dan, "build-7")
    page = signed_in(panel, "dan").get("/")
    assert "Terminals got these tokens of yours within the last 7 days" in page.text
    assert f'href="/tokens/{token}"' in page.html
    panel.clock.advance(device_flow.SHOWN_FOR + 1)
    assert "Terminals got" not in signed_in(panel, "dan").get("/").text


def test_a_narrowed_token_is_told_nothing(panel: Service, dan: Browser) -> None:
    approve_strangers(panel, dan, "build-7")
    uuid = panel.local.post("/nodes/", path="/shop")["uuid"]
    narrow = panel.local.post("/apitokens/", owner="dan", scopes=[f"node:{uuid}:r"])["token"]
    assert panel.by_bearer(narrow).get("/login/approved/") == []
