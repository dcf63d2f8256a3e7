"""The same terminal: who revokes a device token from where, at every door, and what the audit record says of it."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.devices import terminals
from tests.server_stub.conftest import PASSWORD, Answer, Person, Service
from tests.server_stub.web.pages.conftest import Browser, signed_in
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import decide, send, started

PRIVATE = Ed25519PrivateKey.generate()


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


KEY = base64url(PRIVATE.public_key().public_bytes_raw())


def made(panel: Service, browser: Browser) -> str:
    """Return a device token that was made at the terminal build-7, where dan was signed in."""
    terminal = started(panel, by=panel.by_session("dan").authorization, host="build-7", terminal_key=KEY)
    decide(browser, terminal.code)
    return str(terminal.fetch()["access_token"])


def signed(panel: Service, token_id: str) -> dict[str, str]:
    """Return the header by which build-7 revokes."""
    seconds = panel.clock.now // SECOND
    return {terminals.HEADER: f"t={seconds},s={base64url(PRIVATE.sign(terminals.message(token_id, seconds)))}"}


def revoke(person: Person, token: str, **options: dict[str, str]) -> Answer:
    return person.ask("PATCH", f"/apitokens/{token[:8]}/revoke/", **options)


def test_the_terminal_that_it_was_made_at_revokes(panel: Service, dan: Browser) -> None:
    token, owner = made(panel, dan), panel.by_session("dan")
    assert panel.local.get(f"/apitokens/{token[:8]}/")["terminal"] == terminals.thumbprint(KEY)
    refused = revoke(owner, token)
    assert (refused.status, refused.json["code"]) == (403, "other_terminal")
    assert "on build-7" in refused.json["hint"]
    assert revoke(owner, token, headers=signed(panel, "428BFekp")).status == 403, "signed for another token"
    assert panel.by_bearer(token).ask("GET", "/login/").status == 200
    for _ in range(2):
        assert revoke(owner, token, headers=signed(panel, token[:8])).json == "apitoken revoked"
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401
    assert panel.audit()[-1][3]["terminal"] == "the same"


@pytest.mark.parametrize("begun_by", [None, "eve"])
def test_a_token_of_somebody_else_s_terminal_is_ended_from_anywhere(
    panel: Service, dan: Browser, begun_by: str | None
) -> None:
    """RFC 8628, 5.4: who was talked into approving it must be able to put an end to it."""
    panel.manager("eve", password=PASSWORD)
    by = None if begun_by is None else panel.by_session(begun_by).authorization
    terminal = started(panel, by=by, host="build-7", terminal_key=KEY)
    decide(dan, terminal.code)
    token = str(terminal.fetch()["access_token"])
    assert panel.local.get(f"/apitokens/{token[:8]}/")["terminal"] is None
    assert revoke(panel.by_session("dan"), token).status == 200
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401


def test_delete_security_overrides_and_the_record_says_so(panel: Service, dan: Browser) -> None:
    token = made(panel, dan)
    panel.manager("sam", permissions_list=["delete_security", "view_security"])
    assert revoke(panel.by_token("sam"), token).status == 200
    assert "overridden" in panel.audit()[-1][3]["terminal"]


def test_a_rotation_ends_the_old_secret_and_takes_what_a_revocation_takes(panel: Service, dan: Browser) -> None:
    token, owner = made(panel, dan), panel.by_session("dan")
    refused = owner.ask("PATCH", f"/apitokens/{token[:8]}/rotate/", {})
    assert (refused.status, refused.json["code"]) == (403, "other_terminal")
    assert panel.by_bearer(token).ask("GET", "/login/").status == 200
    assert owner.ask("PATCH", f"/apitokens/{token[:8]}/rotate/", {}, headers=signed(panel, token[:8])).status == 200
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401


def test_a_signature_does_not_make_a_stranger_the_owner(panel: Service, dan: Browser) -> None:
    token = made(panel, dan)
    panel.manager("eve")
    assert revoke(panel.by_token("eve"), token, headers=signed(panel, token[:8])).status == 404


@pytest.mark.parametrize("way", ["rfc", "self", "its own credential"])
def test_whoever_shows_the_token_itself_revokes_it_from_anywhere(panel: Service, dan: Browser, way: str) -> None:
    token = made(panel, dan)
    if way == "rfc":
        send(panel, "/oauth/revoke", token=token)
    elif way == "self":
        panel.by_bearer(token).ask("POST", "/v1/auth/token/revoke-self")
    else:
        assert revoke(panel.by_bearer(token), token).status == 200
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401


def test_no_other_door_goes_around_it(panel: Service, dan: Browser) -> None:
    token, owner = made(panel, dan), panel.by_session("dan")
    assert owner.ask("PATCH", f"/apitokens/{token[:8]}/free/").status == 403
    assert owner.ask("POST", "/v1/auth/token/revoke-accessor", {"accessor": token[:8]}).status == 403
    page = dan.get(f"/tokens/{token[:8]}/revoke")
    assert "token:revoke" in page.text
    assert f"/tokens/{token[:8]}/revoke" not in page.forms
    other = dan.get("/").forms["/sign-out"]
    assert dan.post(f"/tokens/{token[:8]}/revoke", other).status == 403
    derived = send(panel, "/oauth/v2/token", grant_type="refresh_token", refresh_token=token).json["access_token"]
    assert panel.by_bearer(derived).ask("POST", "/logout/").status == 201
    assert panel.by_bearer(derived).ask("GET", "/login/").status == 401
    assert panel.by_bearer(token).ask("GET", "/login/").status == 200


def test_a_token_without_a_key_is_revoked_as_any(panel: Service, dan: Browser) -> None:
    terminal = started(panel)
    decide(dan, terminal.code)
    token = terminal.fetch()["access_token"]
    assert revoke(panel.by_session("dan"), token).status == 200
    assert "terminal" not in panel.audit()[-1][3]


def test_an_administrator_s_page_offers_it(panel: Service, dan: Browser) -> None:
    token = made(panel, dan)
    panel.manager("alice", "administrators", password=PASSWORD)
    alice = signed_in(panel, "alice")
    path = f"/tokens/{token[:8]}/revoke"
    alice.get(path)
    assert alice.submit(path).location == f"/tokens/{token[:8]}"


def test_a_token_for_one_project_is_refused_wherever_that_is_not_named_and_records_name_it(
    panel: Service, dan: Browser
) -> None:
    terminal = started(panel, project="shop")
    decide(dan, terminal.code)
    token = terminal.fetch()["access_token"]
    holder = panel.by_bearer(token)

    def status(project: str) -> int:
        return holder.ask("GET", "/login/", headers={"X-Vshell-Project": project}).status

    assert [status("shop"), status("blog"), status(""), status("a b")] == [200, 403, 403, 400]
    unnamed = holder.ask("GET", "/login/")
    assert (unnamed.status, unnamed.json["code"]) == (403, "other_project")
    derived = send(panel, "/oauth/v2/token", grant_type="refresh_token", refresh_token=token).json["access_token"]
    assert panel.by_bearer(derived).ask("GET", "/login/", headers={"X-Vshell-Project": "blog"}).status == 403
    assert panel.by_bearer(derived).ask("GET", "/login/").status == 403
    made_there = holder.ask("POST", "/apitokens/", {}, headers={"X-Vshell-Project": "shop"})
    assert made_there.status == 201
    assert panel.audit()[-1][3]["project"] == "shop"
    listed = [each["id"] for each in panel.local.get("/apitokens/", project="shop")]
    assert set(listed) == {token[:8], made_there.json["id"]}, "what it makes is no wider than itself"
    assert panel.local.get("/apitokens/", project="blog") == []
