"""Renewal and revocation, at whichever front door, and from where a device token may be revoked."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE, SECOND, rfc3339
from server_stub.domain.devices import terminals
from server_stub.store import tokens as token_store
from tests.server_stub.conftest import BEGIN, PASSWORD, Answer, Person, Service
from tests.server_stub.web.pages.conftest import Browser, signed_in
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import decide, send, started


def made(site: Service, **request: object) -> tuple[str, Person]:
    """Make a token of admin's and return its id and its holder."""
    issued = site.local.post("/apitokens/", owner="admin", **request)
    return issued["id"], site.by_bearer(issued["token"])


def status(holder: Person, token_id: str) -> int:
    """Use a token to look at itself."""
    return holder.ask("GET", f"/apitokens/{token_id}/").status


def test_a_renewal_gives_what_was_granted_or_the_increment(site: Service) -> None:
    token_id, holder = made(site, expiry_date="1h")
    site.clock.advance(30 * MINUTE)
    holder.patch(f"/apitokens/{token_id}/renew/")
    site.clock.advance(59 * MINUTE)
    assert status(holder, token_id) == 200
    holder.patch(f"/apitokens/{token_id}/renew/", increment="10s")
    site.clock.advance(10 * SECOND)
    assert status(holder, token_id) == 401
    assert "cannot be renewed" in site.local.refused(409, "PATCH", f"/apitokens/{token_id}/renew/", {})


def test_a_renewal_stops_at_the_hard_end(site: Service) -> None:
    token_id, holder = made(site, expiry_date="1h", hard_end="90m")
    site.clock.advance(59 * MINUTE)
    holder.patch(f"/apitokens/{token_id}/renew/", increment="1D")
    site.clock.advance(31 * MINUTE)
    assert status(holder, token_id) == 401


@pytest.mark.parametrize("ended", ["at its making", "later"])
def test_who_may_not_modify_a_token_renews_it_for_no_longer_than_it_was_made(site: Service, ended: str) -> None:
    """Else whoever finds a token of a day could make it one of a hundred years."""
    site.manager("ann", "read_only")
    made_for = {"expiry_date": "1D"} if ended == "at its making" else {}
    issued = site.local.post("/apitokens/", owner="ann", **made_for)
    site.local.patch(f"/apitokens/{issued['id']}/", expiry_date="1D")
    holder, path = site.by_bearer(issued["token"]), f"/apitokens/{issued['id']}/renew/"
    site.clock.advance(HOUR)
    longest = rfc3339(BEGIN + HOUR + DAY)
    for increment in ("1D", "25h", "100Y"):
        assert holder.patch(path, increment=increment)["expiry_date"] == longest
    headers = {"X-Vault-Token": issued["token"]}
    answer = site.ask("PUT", "/v1/auth/token/renew-self", {"increment": "1000h"}, headers=headers).json
    assert (answer["auth"]["lease_duration"], len(answer["warnings"])) == (DAY // SECOND, 1)
    assert site.local.patch(path, increment="2D")["expiry_date"] == rfc3339(BEGIN + HOUR + 2 * DAY)


BOUNDS: dict[str, dict[str, object]] = {
    "its own end": {"expiry_date": "1h"},
    "the hard end": {"expiry_date": "1h", "hard_end": "1h"},
    "the hard end of a window": {"sliding_window": "1h", "hard_end": "1h"},
    "the end of a period": {"period": "1h"},
}


def renew_by(door: str, site: Service, token_id: str, increment: str) -> bool:
    """Renew a token by local-admin at one of the doors and tell whether it was."""
    if door == "native":
        return site.local.ask("PATCH", f"/apitokens/{token_id}/renew/", {"increment": increment}).status == 200
    body = {"accessor": token_id, "increment": increment}
    headers = {"Authorization": site.local.authorization or ""}
    return site.ask("POST", "/v1/auth/token/renew-accessor", body, headers=headers).status == 200


@pytest.mark.parametrize("door", ["native", "vault"])
@pytest.mark.parametrize("below", ["nothing", "a parent that ends"])
@pytest.mark.parametrize("bound", BOUNDS)
def test_renewals_around_every_end_keep_within_it_and_revive_nothing(
    site: Service, door: str, below: str, bound: str
) -> None:
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=100)
    above: dict[str, object] = {} if below == "nothing" else {"parent": made(site, expiry_date="61m")[0]}
    for offset in (-1_000, -999, -1, 0, 1, 999, 1_000):
        site.clock.now = BEGIN
        token_id, holder = made(site, **BOUNDS[bound], **above)
        site.clock.advance(HOUR + offset * 1_000)
        assert renew_by(door, site, token_id, "9h") is (offset < 0)
        kept = site.database.read(lambda tx, i=token_id: token_store.find(tx, i))  # type: ignore[misc]  # bound now
        assert kept is not None
        assert kept.expires_at is not None, "it became endless"
        hard = BEGIN + HOUR if "hard end" in bound else None
        assert kept.expires_at <= min(hard or site.clock.now + 9 * HOUR, BEGIN + 61 * MINUTE if above else 2**62)
        assert (status(holder, token_id) == 200) is (offset < 0)


def test_a_child_dies_with_its_parent_and_an_orphan_does_not(site: Service) -> None:
    parent_id, parent = made(site)
    child, orphan = parent.post("/apitokens/"), parent.post("/apitokens/", orphan=True)
    assert {token["id"] for token in site.local.get(f"/apitokens/{parent_id}/tree/")} == {parent_id, child["id"]}
    site.local.patch(f"/apitokens/{parent_id}/revoke/")
    assert status(site.by_bearer(child["token"]), child["id"]) == 401
    assert status(site.by_bearer(orphan["token"]), orphan["id"]) == 200


def test_freeing_revokes_one_and_lets_the_children_live(site: Service) -> None:
    parent_id, parent = made(site)
    child = parent.post("/apitokens/")
    assert site.local.patch(f"/apitokens/{parent_id}/free/") == {"revoked": 1}
    assert status(parent, parent_id) == 401
    assert status(site.by_bearer(child["token"]), child["id"]) == 200
    assert site.local.get(f"/apitokens/{child['id']}/")["parent_id"] is None


def test_a_prefix_takes_what_was_made_there_but_not_the_branch_one_sits_on(site: Service, alice: Person) -> None:
    token_id, holder = made(site)
    assert "would be revoked too" in alice.refused(409, "PATCH", "/apitokens/revoke-prefix/", {"prefix": "api"})
    assert "empty" in alice.refused(400, "PATCH", "/apitokens/revoke-prefix/", {"prefix": "/"})
    drawn = [token["id"] for token in site.local.get("/apitokens/made-at/", prefix="api/apitokens")]
    assert token_id in drawn
    assert site.local.patch("/apitokens/revoke-prefix/", prefix="api/apitokens") == {"revoked": len(drawn)}
    assert status(holder, token_id) == 401


PRIVATE = Ed25519PrivateKey.generate()


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


KEY = base64url(PRIVATE.public_key().public_bytes_raw())


def make_at_terminal(panel: Service, browser: Browser) -> str:
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
    token, owner = make_at_terminal(panel, dan), panel.by_session("dan")
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
    token = make_at_terminal(panel, dan)
    panel.manager("sam", permissions_list=["delete_security", "view_security"])
    assert revoke(panel.by_token("sam"), token).status == 200
    assert "overridden" in panel.audit()[-1][3]["terminal"]


def test_a_rotation_ends_the_old_secret_and_takes_what_a_revocation_takes(panel: Service, dan: Browser) -> None:
    token, owner = make_at_terminal(panel, dan), panel.by_session("dan")
    refused = owner.ask("PATCH", f"/apitokens/{token[:8]}/rotate/", {})
    assert (refused.status, refused.json["code"]) == (403, "other_terminal")
    assert panel.by_bearer(token).ask("GET", "/login/").status == 200
    assert owner.ask("PATCH", f"/apitokens/{token[:8]}/rotate/", {}, headers=signed(panel, token[:8])).status == 200
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401


def test_a_signature_does_not_make_a_stranger_the_owner(panel: Service, dan: Browser) -> None:
    token = make_at_terminal(panel, dan)
    panel.manager("eve")
    assert revoke(panel.by_token("eve"), token, headers=signed(panel, token[:8])).status == 404


@pytest.mark.parametrize("way", ["rfc", "self", "its own credential"])
def test_whoever_shows_the_token_itself_revokes_it_from_anywhere(panel: Service, dan: Browser, way: str) -> None:
    token = make_at_terminal(panel, dan)
    if way == "rfc":
        send(panel, "/oauth/revoke", token=token)
    elif way == "self":
        panel.by_bearer(token).ask("POST", "/v1/auth/token/revoke-self")
    else:
        assert revoke(panel.by_bearer(token), token).status == 200
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401


def test_no_other_door_goes_around_it(panel: Service, dan: Browser) -> None:
    token, owner = make_at_terminal(panel, dan), panel.by_session("dan")
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
    token = make_at_terminal(panel, dan)
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
