"""Signing in and out at a browser: one answer for every wrong pair, waits that are said, an end on the server too."""

from __future__ import annotations

import pytest

from server_stub.domain.base.timestamps import DAY
from tests.server_stub.conftest import PASSWORD, Service
from tests.server_stub.web.pages.conftest import Browser, Shown, stranger


def tried(panel: Service, username: str, password: str) -> Shown:
    """Try to sign in at a new browser."""
    browser = stranger(panel)
    browser.get("/sign-in")
    return browser.submit("/sign-in", username=username, password=password)


def test_a_sign_in_is_recorded_and_leads_to_the_panel(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    before = len(panel.audit())
    browser = stranger(panel)
    assert "Signed in as dan" in browser.sign_in("Dan").text
    ((actor, action, target, detail),) = panel.audit()[before:]
    assert (actor, action, detail) == ("dan", "session.create", {"page": "/sign-in"})
    token_id = panel.by_bearer(next(iter(browser.jar.values()))).get("/login/")["token_id"]
    assert target == token_id


def test_every_wrong_pair_gets_one_and_the_same_page(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    number = panel.manager("gone", password=PASSWORD)
    panel.local.patch(f"/managers/{number}/", is_active=False)
    pages = set()
    for username, password in (("dan", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("admin", "x")):
        shown = tried(panel, username, password)
        assert shown.status == 403
        assert "The name or the password is wrong." in shown.text
        assert PASSWORD not in shown.html
        key = shown.forms["/sign-in"]["form_key"]
        pages.add(shown.html.replace(key, "").replace(f'value="{username}"', ""))
    assert len(pages) == 1


def test_what_was_typed_is_there_again_but_no_password(panel: Service) -> None:
    shown = tried(panel, "dan<", "hunter22")
    assert shown.forms["/sign-in"]["username"] == "dan<"
    assert "dan&lt;" in shown.html
    assert "hunter22" not in shown.html


def test_a_wait_after_wrong_passwords_is_said_with_its_length(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    for _ in range(4):
        tried(panel, "dan", "wrong")
    shown = tried(panel, "dan", PASSWORD)
    assert (shown.status, shown.headers["retry-after"]) == (429, "1")
    assert "Too many wrong passwords for this name from this address." in shown.text
    assert "Try again in 1 s" in shown.text
    panel.clock.advance(DAY)
    assert tried(panel, "dan", PASSWORD).status == 303


def test_an_expired_password_leads_to_a_new_one(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    panel.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout_enabled=True, pwd_expiration_timeout="1D")
    panel.clock.advance(2 * DAY)
    shown = tried(panel, "dan", PASSWORD)
    assert shown.status == 403
    assert "The password has expired." in shown.text
    assert 'href="/password?username=dan"' in shown.html


def test_a_temporary_password_lets_in_while_it_lasts(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD, is_temporary_password=True)
    browser = stranger(panel)
    assert "Your password is temporary and ends at 2026-09-28" in browser.sign_in("dan").text
    panel.clock.advance(8 * DAY)
    shown = tried(panel, "dan", PASSWORD)
    assert "The temporary password was not replaced in time. Have an administrator set a new one" in shown.text


def test_the_banner_is_shown_as_text(panel: Service) -> None:
    panel.local.patch("/vms/1/", login_banner="<b>Authorised</b> use only")
    shown = stranger(panel).get("/sign-in")
    assert "&lt;b&gt;Authorised&lt;/b&gt; use only" in shown.html


def test_signing_out_ends_the_session_on_the_server(panel: Service, dan: Browser) -> None:
    secret = next(value for name, value in dan.jar.items() if "session" in name)
    dan.get("/")
    sent = dan.submit("/sign-out")
    assert (sent.status, sent.location) == (303, "/sign-in?after=sign-out")
    assert not [name for name in dan.jar if "session" in name]
    assert "You are signed out." in dan.get(sent.location or "").text
    panel.by_bearer(secret).refused(401, "GET", "/login/")
    assert [action for _, action, _, _ in panel.audit()][-1] == "session.end"


@pytest.mark.parametrize("after", ["", "x", "<script>"])
def test_only_notices_of_our_own_are_shown(panel: Service, after: str) -> None:
    shown = stranger(panel).get(f"/sign-in?after={after}")
    assert 'class="notice"' not in shown.html


def test_a_sign_in_without_our_cookie_is_told_why(panel: Service) -> None:
    browser = stranger(panel)
    browser.get("/sign-in")
    browser.jar.clear()
    shown = browser.submit("/sign-in", username="dan", password=PASSWORD)
    assert shown.status == 403
    assert "allow cookies of this site" in shown.text


def test_two_windows_of_one_browser_both_sign_in(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    browser = stranger(panel)
    first = browser.get("/sign-in").forms["/sign-in"]
    browser.get("/sign-in")
    assert browser.post("/sign-in", {**first, "username": "dan", "password": PASSWORD}).status == 303


NEW = "another horse"


def changed(panel: Service, **fields: str) -> Shown:
    """Fill in the form at a new browser."""
    browser = stranger(panel)
    browser.get("/password?username=dan")
    told = {"password": PASSWORD, "new_password": NEW, "repeated_password": NEW}
    return browser.submit("/password", **{**told, **fields})


def test_a_new_password_ends_every_sign_in_and_is_recorded(panel: Service, dan: Browser) -> None:
    before = len(panel.audit())
    sent = changed(panel)
    assert (sent.status, sent.location) == (303, "/sign-in?after=password")
    ((actor, action, target, detail),) = panel.audit()[before:]
    assert (actor, action, target, detail["sign_ins_revoked"]) == ("dan", "manager.change_password", "dan", 1)
    assert dan.get("/").status == 303
    assert "The new password is set." in dan.get(sent.location or "").text
    dan.sign_in("dan", NEW)


def test_an_expired_password_is_replaced_and_a_lapsed_one_is_not(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    panel.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout_enabled=True, pwd_expiration_timeout="1D")
    panel.clock.advance(2 * DAY)
    assert changed(panel).status == 303
    panel.manager("eve", password=PASSWORD, is_temporary_password=True)
    panel.clock.advance(8 * DAY)
    shown = changed(panel, username="eve")
    assert shown.status == 403
    assert "The temporary password was not replaced in time." in shown.text


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"password": "wrong"}, 403, "The name or the present password is wrong."),
        ({"username": "nobody"}, 403, "The name or the present password is wrong."),
        ({"repeated_password": "x"}, 400, "The two new passwords differ."),
        ({"new_password": "short", "repeated_password": "short"}, 400, "The password needs at least 8 characters."),
    ],
)
def test_what_stands_against_it_is_said_in_the_form(
    panel: Service, dan: Browser, fields: dict[str, str], status: int, sentence: str
) -> None:
    before = panel.audit()
    shown = changed(panel, **fields)
    assert shown.status == status
    assert sentence in shown.text
    assert panel.audit() == before
    assert shown.forms["/password"]["username"] == fields.get("username", "dan")
    assert not [value for value in fields.values() if len(value) > 6 and value != "nobody" and value in shown.html]


def test_wrong_passwords_here_count_like_those_at_the_sign_in(panel: Service, dan: Browser) -> None:
    for _ in range(4):
        changed(panel, password="wrong")
    assert changed(panel).status == 429
