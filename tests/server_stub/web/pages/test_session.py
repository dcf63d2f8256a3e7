"""Whom a page is for: the session in the cookie and nothing else, kept from scripts, ended at once."""

from __future__ import annotations

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE
from server_stub.web.pages import session
from tests.server_stub.conftest import PASSWORD, Service
from tests.server_stub.web.pages.conftest import Browser, Shown, scheme_of, stranger


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    """In plain and by TLS."""
    return str(request.param)


def name_of(panel: Service) -> str:
    """Return the name of the session's cookie."""
    return "__Host-vshell-session" if scheme_of(panel) == "https" else "vshell-session"


def is_sent_to_sign_in(shown: Shown) -> bool:
    return (shown.status, (shown.location or "").partition("?")[0]) == (303, "/sign-in")


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    browser = stranger(panel)
    visit = browser.get("/sign-in").cookies
    sent = browser.submit("/sign-in", username="dan", password=PASSWORD)
    secure = scheme_of(panel) == "https"
    for cookie in (*visit.values(), sent.cookies[name_of(panel)]):
        assert (cookie.http_only, cookie.same_site, cookie.path, cookie.domain) == (True, "Strict", "/", None)
        assert (cookie.secure, cookie.name.startswith("__Host-")) == (secure, secure)
        assert (cookie.max_age, cookie.expires) == (None, None)


def test_only_a_digest_of_the_session_is_kept(panel: Service, dan: Browser) -> None:
    secret = dan.jar[name_of(panel)]
    rows = panel.database.read(lambda tx: tx.rows("SELECT * FROM tokens"))
    trail = panel.database.read(lambda tx: tx.rows("SELECT * FROM audit"))
    assert secret not in repr(rows) + repr(trail)
    assert secret[:8] in repr(rows)


def test_a_session_that_was_there_before_the_sign_in_is_not_taken_up(panel: Service, dan: Browser) -> None:
    planted = dan.jar[name_of(panel)]
    panel.manager("eve", password=PASSWORD)
    victim = stranger(panel)
    victim.jar[name_of(panel)] = planted
    victim.sign_in("eve")
    assert victim.jar[name_of(panel)] != planted
    assert victim.shown is not None
    assert "Signed in as eve" in victim.shown.text


@pytest.mark.parametrize("end", ["revoked", "signed out", "disabled", "new password", "deleted"])
def test_when_the_session_ends_the_next_request_goes_to_the_sign_in(panel: Service, dan: Browser, end: str) -> None:
    number = next(each["id"] for each in panel.local.get("/managers/") if each["username"] == "dan")
    secret = dan.jar[name_of(panel)]
    if end == "revoked":
        panel.local.ask("POST", "/v1/auth/token/revoke-accessor", {"accessor": secret[:8]})
    elif end == "signed out":
        panel.by_bearer(secret).post("/logout/")
    elif end == "disabled":
        panel.local.patch(f"/managers/{number}/", is_active=False)
    elif end == "new password":
        panel.local.patch(f"/managers/{number}/password/", password="another horse")
    else:
        panel.local.ask("DELETE", f"/managers/{number}/")
    assert is_sent_to_sign_in(dan.get("/"))
    assert is_sent_to_sign_in(dan.post("/tokens/new", {"form_key": "x"}))


def test_an_idle_session_ends_and_a_used_one_ends_within_a_day(panel: Service, dan: Browser) -> None:
    panel.clock.advance(HOUR - MINUTE)
    assert dan.get("/").status == 200
    panel.database.write(lambda tx: panel.database.uses.write(tx, panel.database.uses.take()), unaudited=True)
    panel.clock.advance(HOUR - MINUTE)
    assert dan.get("/").status == 200
    for _ in range(30):
        panel.database.write(lambda tx: panel.database.uses.write(tx, panel.database.uses.take()), unaudited=True)
        panel.clock.advance(50 * MINUTE)
        dan.get("/")
    assert is_sent_to_sign_in(dan.get("/"))
    dan.sign_in("dan")
    panel.clock.advance(HOUR)
    assert is_sent_to_sign_in(dan.get("/"))


def test_a_session_ends_with_its_password(panel: Service, dan: Browser) -> None:
    panel.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout_enabled=True, pwd_expiration_timeout="30m")
    dan.sign_in("dan")
    panel.clock.advance(30 * MINUTE)
    assert is_sent_to_sign_in(dan.get("/"))


def test_no_other_credential_opens_a_page(panel: Service, dan: Browser) -> None:
    token = panel.local.post("/apitokens/", owner="dan")["token"]
    session_secret = dan.jar[name_of(panel)]
    pair = panel.nobody.post("/token/", username="dan", password=PASSWORD)
    for value in (token, pair["refresh"], panel.local.authorization[7:], "x", "'; --"):  # type: ignore[index]  # it has one
        other = stranger(panel)
        other.jar[name_of(panel)] = value
        assert is_sent_to_sign_in(other.get("/")), value
    for headers in ({"Authorization": f"Bearer {token}"}, {"X_Vault_Token": session_secret}):
        assert is_sent_to_sign_in(stranger(panel).get("/", **headers))


def test_under_tls_only_the_cookie_that_no_neighbour_can_plant_counts(panel: Service, dan: Browser) -> None:
    other = stranger(panel)
    other.jar["vshell-session"] = dan.jar[name_of(panel)]
    assert is_sent_to_sign_in(other.get("/")) == (scheme_of(panel) == "https")


def test_a_form_key_is_of_one_session_and_tells_nothing_of_it() -> None:
    one, other = session.derive_key("a" * 41, "form key"), session.derive_key("b" * 41, "form key")
    assert one != other != session.derive_key("b" * 41, "ticket")
    assert len(one) == 43
    assert "a" * 6 not in one


def test_nobody_who_has_not_signed_in_leaves_a_refusal_in_the_audit(panel: Service) -> None:
    before = panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM audit"))
    stranger(panel).get("/")
    assert panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM audit")) == before


def test_the_end_of_a_session_lies_within_the_settings(panel: Service, dan: Browser) -> None:
    row = panel.database.read(
        lambda tx: tx.rows("SELECT expires_at, max_expires_at, parent_id FROM tokens WHERE kind = 'session'")
    )
    assert row == [(panel.clock.now + HOUR, panel.clock.now + DAY, None)]
