"""A new password at a browser: it takes the present one, by the rules of the API, and ends every sign-in."""

from __future__ import annotations

import pytest

from server_stub.domain.base.timestamps import DAY
from tests.server_stub.conftest import PASSWORD, Service
from tests.server_stub.web.pages.conftest import Browser, Shown, stranger

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
