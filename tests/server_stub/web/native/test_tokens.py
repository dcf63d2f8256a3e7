"""API tokens: who may do what to whose (VAST, "Managing VMS API Tokens"), and what becomes of them.

Shapes, pages, one answer to bad ones; renewed, rotated, freed, drawn, verified, used up, slid.
"""

from __future__ import annotations

import hmac
import itertools
import re
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE, SECOND, rfc3339
from server_stub.store import tokens as token_store
from server_stub.store.tokens import Use
from server_stub.web.http import paging
from tests.server_stub.conftest import BEGIN, PASSWORD, Person, Service
from tests.server_stub.operations.test_token_lifecycle import made, status

PERMISSIONS = ["", "view", "create", "edit", "delete", "view edit", "view delete"]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def expected(action: str, own: bool, held: set[str]) -> int:
    """Return the status that the table gives: one's own always but for edit, others' by the permission."""
    needed = {"show": "view", "create": "create", "modify": "edit", "revoke": "delete"}[action]
    if own and action != "modify":
        return 201 if action == "create" else 200
    if needed in held:
        return 201 if action == "create" else 200
    return 403 if own or "view" in held or action == "create" else 404


@pytest.mark.parametrize("held", PERMISSIONS)
def test_every_row_of_the_table_of_permissions(either_site: Service, held: str) -> None:
    site = either_site
    granted = [f"{kind}_security" for kind in held.split()]
    site.manager("eve", permissions_list=granted)
    site.manager("bob")
    eve = site.by_token("eve")
    for action, own in itertools.product(("show", "create", "modify", "revoke"), (True, False)):
        owner = "eve" if own else "bob"
        token_id = site.local.post("/apitokens/", owner=owner)["id"]
        method, path, body = {
            "show": ("GET", f"/apitokens/{token_id}/", None),
            "create": ("POST", "/apitokens/", {"owner": owner}),
            "modify": ("PATCH", f"/apitokens/{token_id}/", {"name": "new"}),
            "revoke": ("PATCH", f"/apitokens/{token_id}/revoke/", None),
        }[action]
        answer = eve.ask(method, path, body)
        assert answer.status == expected(action, own, set(held.split())), (action, own)
        after = site.local.get(f"/apitokens/{token_id}/")
        assert (after["name"] == "new") == (action == "modify" and answer.status == 200)
        assert after["revoked"] == (action == "revoke" and answer.status == 200)
        site.local.patch(f"/apitokens/{token_id}/revoke/")
        if action == "create" and answer.status == 201:
            site.local.patch(f"/apitokens/{answer.json['id']}/revoke/")
    owners = {token["owner"] for token in eve.get("/apitokens/", archived="True")}
    assert owners == ({"eve", "bob"} if "view" in held else {"eve"})


def test_a_foreign_token_is_as_one_that_is_not_there(site: Service, nora: Person) -> None:
    site.manager("bob")
    foreign = site.local.post("/apitokens/", owner="bob")["id"]
    for method, path in (("GET", ""), ("PATCH", ""), ("PATCH", "revoke/")):
        one = nora.ask(method, f"/apitokens/{foreign}/{path}", {} if method == "PATCH" else None)
        other = nora.ask(method, f"/apitokens/ZZZZZZZZ/{path}", {} if method == "PATCH" else None)
        assert one.status == other.status == 404
        assert one.json["detail"].replace(foreign, "ZZZZZZZZ") == other.json["detail"]
        assert one.headers.keys() == other.headers.keys()
    for owner in ("bob", "nobody"):
        assert nora.get("/apitokens/", owner=owner) == []


def test_a_search_by_the_beginning_of_an_id_shows_what_the_list_shows(either_site: Service) -> None:
    site = either_site
    for name in ("eve", "bob"):
        site.manager(name)
    made = {owner: site.local.post("/apitokens/", owner=owner)["id"] for owner in ("eve", "bob", "bob")}
    every = [token["id"] for token in site.local.get("/apitokens/")]
    assert [token["id"] for token in site.local.get("/apitokens/", prefix="", page_size="2")] == every[:2]
    assert [token["id"] for token in site.local.get("/apitokens/", prefix=made["eve"][:8])] == [made["eve"]]
    assert len(site.local.get("/apitokens/", prefix=made["eve"][:2], owner="bob")) == 2
    eve = site.by_token("eve")
    for query in ({}, {"owner": "eve"}):
        assert {token["owner"] for token in eve.get("/apitokens/", prefix="", **query)} == {"eve"}
    assert eve.get("/apitokens/", prefix=made["bob"]) == eve.get("/apitokens/", prefix="", owner="bob") == []
    assert site.local.get("/apitokens/", prefix="\x1b") == []
    site.local.refused(400, "GET", "/apitokens/", query={"prefix": "", "page": "1"})


def test_what_is_created_is_shown_once_and_listed_without_its_secret(site: Service, nora: Person) -> None:
    issued = nora.post("/apitokens/", name="ci", expiry_date="1D")
    assert set(issued) == {"id", "token"}
    assert issued["token"].startswith(f"{issued['id']}.")
    shown = nora.get(f"/apitokens/{issued['id']}/")
    secret = issued["token"].partition(".")[2]
    assert secret not in str(shown) + str(nora.get("/apitokens/")) + str(site.audit())
    assert (shown["name"], shown["owner"], shown["revoked"], shown["revocation_time"]) == ("ci", "nora", False, None)
    assert MOMENT.fullmatch(shown["created"])
    assert MOMENT.fullmatch(shown["expiry_date"])


def test_revoking_twice_is_the_same_answer_twice(site: Service, nora: Person) -> None:
    token_id = nora.post("/apitokens/")["id"]
    first = nora.ask("PATCH", f"/apitokens/{token_id}/revoke/")
    site.clock.advance(SECOND)
    second = nora.ask("PATCH", f"/apitokens/{token_id}/revoke/")
    assert (first.status, first.json) == (second.status, second.json) == (200, "apitoken revoked")
    assert token_id not in [token["id"] for token in nora.get("/apitokens/")]
    assert token_id in [token["id"] for token in nora.get("/apitokens/", archived="True")]


def test_a_revoked_token_stays_so_and_an_expired_one_may_come_back(site: Service, alice: Person) -> None:
    ended = site.local.post("/apitokens/", owner="alice", expiry_date="1D")["id"]
    revoked = alice.post("/apitokens/")["id"]
    alice.patch(f"/apitokens/{revoked}/revoke/")
    site.clock.advance(2 * DAY)
    assert alice.refused(409, "PATCH", f"/apitokens/{revoked}/", {"expiry_date": "9D"})
    assert alice.patch(f"/apitokens/{ended}/", expiry_date="9D") == "apitoken updated"


@pytest.mark.parametrize("text", ["", "0D", "-1D", "1.5D", "1DD", "1y", "99999999999999Y", " ", "D", "1 D x"])
def test_a_lifetime_that_is_none_is_refused_and_nothing_is_kept(nora: Person, text: str) -> None:
    before = nora.get("/apitokens/")
    nora.refused(400, "POST", "/apitokens/", {"expiry_date": text})
    assert nora.get("/apitokens/") == before


def test_local_admin_names_an_owner(site: Service) -> None:
    answer = site.local.ask("POST", "/apitokens/", {})
    assert answer.json["detail"] == "token owner must be a real web user"
    assert "--owner" in answer.json["hint"]
    site.local.refused(404, "POST", "/apitokens/", {"owner": "nobody"})


def test_made_vaults_way_local_admins_belong_to_root(site: Service, alice: Person) -> None:
    made = site.local.post("/apitokens/", vault=True, policies=["nowhere"])
    kept = site.local.get(f"/apitokens/{made['id']}/")
    assert (kept["owner"], kept["policies"]) == ("root", ["nowhere"])
    assert (
        site.local.get(f"/apitokens/{site.local.post('/apitokens/', vault=True, owner='alice')['id']}/")["owner"]
        == "alice"
    )
    assert alice.get(f"/apitokens/{alice.post('/apitokens/', vault=True)['id']}/")["owner"] == "alice"


def test_a_quota_that_is_full_says_the_numbers_and_the_way_out(site: Service) -> None:
    site.manager("bob")
    for _ in range(5):
        site.local.post("/apitokens/", owner="bob")
    answer = site.local.ask("POST", "/apitokens/", {"owner": "bob"})
    assert (answer.status, answer.json["code"]) == (409, "quota_exceeded")
    assert "5" in answer.json["detail"]
    assert "revoke" in answer.json["hint"]


@pytest.fixture
def bad(site: Service) -> list[str]:
    """Tokens that are no good, each for another reason."""
    for name in ("bob", "dan"):
        site.manager(name, "administrators")
    revoked, expired, orphaned = (
        site.local.post("/apitokens/", owner=owner, expiry_date="1D") for owner in ("bob", "bob", "dan")
    )
    site.local.patch(f"/apitokens/{revoked['id']}/revoke/")
    dan = site.local.get("/managers/", username="dan")[0]["id"]
    site.local.patch(f"/managers/{dan}/", is_active=False)
    good = site.local.post("/apitokens/", owner="bob")["token"]
    other = site.local.post("/apitokens/", owner="bob")["token"]
    mixed = good[:9] + other[9:]
    site.clock.advance(2 * DAY)
    return [revoked["token"], expired["token"], orphaned["token"], mixed, good[:-1] + "!", "x", f"{good} {good}"]


def test_every_bad_token_gets_one_and_the_same_answer(site: Service, bad: list[str]) -> None:
    answers = [Person(site.ask, f"{scheme} {token}").ask("GET", "/apitokens/") for token in bad for scheme in SCHEMES]
    assert {(answer.status, str(answer.json), str(answer.headers)) for answer in answers} == {
        (401, str(answers[0].json), str(answers[0].headers))
    }
    assert "bearer" in answers[0].headers["www-authenticate"].lower()


SCHEMES = ("Bearer", "Api-Token", "token")


def test_pages_hold_every_token_once_while_others_come_and_go(site: Service, alice: Person) -> None:
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=50)
    ids = []
    for _ in range(9):
        site.clock.advance(2 * SECOND)
        ids.append(alice.post("/apitokens/")["id"])
    page, seen = alice.get("/apitokens/", page_size="4"), []
    while True:
        seen += [token["id"] for token in page["results"]]
        if page["next"] is None:
            break
        alice.patch(f"/apitokens/{seen[1]}/revoke/")
        site.clock.advance(2 * SECOND)
        alice.post("/apitokens/")
        query = dict(each.split("=") for each in page["next"].partition("?")[2].split("&"))
        page = alice.get("/apitokens/", **query)
    assert set(ids) <= set(seen)
    assert len(seen) == len(set(seen))
    assert page["previous"].startswith("/api/apitokens/?")


def test_a_list_longer_than_a_page_comes_whole(site: Service, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=50)
    for _ in range(10):
        alice.post("/apitokens/")
    whole = alice.get("/apitokens/")
    monkeypatch.setattr(paging, "LARGEST_PAGE", 3)
    assert alice.get("/apitokens/") == whole
    assert len(whole) == 11


def test_lists_are_filtered_by_name_and_owner(alice: Person) -> None:
    alice.post("/apitokens/", name="ci")
    assert [token["name"] for token in alice.get("/apitokens/", name="ci")] == ["ci"]
    assert alice.get("/apitokens/", name="CI") == []
    assert len(alice.get("/apitokens/", owner="ALICE")) == 2


def test_a_list_of_one_state(alice: Person) -> None:
    live = alice.get("/apitokens/")[0]["id"]
    gone = alice.post("/apitokens/")["id"]
    alice.patch(f"/apitokens/{gone}/revoke/")
    assert [token["id"] for token in alice.get("/apitokens/", state="live")] == [live]
    assert [token["id"] for token in alice.get("/apitokens/", state="revoked")] == [gone]
    assert alice.get("/apitokens/", state="expired") == []
    alice.refused(400, "GET", "/apitokens/", query={"state": "dead"})


def test_a_rotation_keeps_the_record_and_the_old_secret_for_the_grace(site: Service) -> None:
    token_id, old = made(site, name="deploy")
    issued = old.patch(f"/apitokens/{token_id}/rotate/", grace="1h")
    new = site.by_bearer(issued["token"])
    assert issued["id"] == token_id
    assert site.local.get(f"/apitokens/{token_id}/")["name"] == "deploy"
    assert (status(old, token_id), status(new, token_id)) == (200, 200)
    site.clock.advance(HOUR)
    assert (status(old, token_id), status(new, token_id)) == (401, 200)
    site.by_bearer(new.patch(f"/apitokens/{token_id}/rotate/")["token"])
    assert status(new, token_id) == 401
    assert "grace" in site.local.refused(400, "PATCH", f"/apitokens/{token_id}/rotate/", {"grace": "31D"})


def test_a_rotation_gives_nobody_more_than_they_are(site: Service) -> None:
    site.local.post("/roles/", name="editors", permissions_list=["view_security", "edit_security"])
    site.manager("ann", "administrators", "editors")
    site.manager("eva", "editors")
    whole = {owner: site.local.post("/apitokens/", owner=owner)["id"] for owner in ("ann", "eva", "root")}
    narrow = site.local.post("/apitokens/", owner="ann", policies=["editors"])
    short = site.local.post("/apitokens/", owner="ann", expiry_date="1h")
    for issued, others in ((narrow, ("ann", "root")), (short, ("ann", "eva", "root"))):
        holder = site.by_bearer(issued["token"])
        for owner in others:
            holder.refused(403, "PATCH", f"/apitokens/{whole[owner]}/rotate/", {})
        issued.update(holder.patch(f"/apitokens/{issued['id']}/rotate/", grace="1h"))
    assert site.by_bearer(narrow["token"]).patch(f"/apitokens/{whole['eva']}/rotate/")["id"] == whole["eva"]
    assert site.by_token("ann").patch(f"/apitokens/{whole['ann']}/rotate/")["id"] == whole["ann"]


def test_a_secret_in_its_grace_keeps_nothing_beyond_it(site: Service) -> None:
    """Whoever found the secret for which a token was rotated gets no other by it, and nothing that outlasts it."""
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=100)
    token_id, old = made(site)
    new = site.by_bearer(site.local.patch(f"/apitokens/{token_id}/rotate/", grace="1h")["token"])
    assert "grace" in old.refused(403, "PATCH", f"/apitokens/{token_id}/rotate/", {"grace": "30D"})
    child, orphan = old.post("/apitokens/"), old.post("/apitokens/", orphan=True, expiry_date="9h")
    lasting = new.post("/apitokens/", expiry_date="9h")
    other = site.local.post("/apitokens/", owner="admin")
    below = old.post("/apitokens/", parent=other["id"], expiry_date="9h")
    for each in (child, orphan, below, lasting):
        site.local.ask("PATCH", f"/apitokens/{each['id']}/renew/", {"increment": "30D"})
    site.clock.advance(HOUR)
    assert status(new, token_id) == 200
    alive = [status(site.by_bearer(each["token"]), each["id"]) == 200 for each in (child, orphan, below, lasting)]
    assert alive == [False, False, False, True]


def test_what_opens_more_than_an_api_token_is_told_too(site: Service) -> None:
    """Else a scan of files would call the tokens of a sign-in, or local-admin's, dead."""
    site.manager("eve", "csi", password=PASSWORD)
    pair = site.nobody.post("/token/", username="eve", password=PASSWORD)
    everything = (site.local.authorization or "").removeprefix("Bearer ")
    told = {shown: site.local.post("/apitokens/verify/", token=shown) for shown in (*pair.values(), everything)}
    assert all(each["active"] and each["token"] is None for each in told.values())
    assert [each["user"] for each in told.values()] == ["eve", "eve", "local-admin"]
    assert told[pair["refresh"]]["permissions"] == []
    site.by_bearer(pair["access"]).post("/logout/")
    assert site.local.post("/apitokens/verify/", token=pair["refresh"])["active"] is False


def test_a_secret_in_its_grace_is_told_with_the_end_of_the_grace(site: Service) -> None:
    issued = site.local.post("/apitokens/", owner="admin")
    fresh = site.local.patch(f"/apitokens/{issued['id']}/rotate/", grace="1h")
    ends = [
        site.local.post("/apitokens/verify/", token=each["token"])["token"]["expiry_date"] for each in (issued, fresh)
    ]
    assert ends == [rfc3339(BEGIN + HOUR), None]


def test_the_grace_of_a_rotation_ends_with_the_next_and_with_a_revocation(site: Service) -> None:
    token_id, first = made(site)
    second = site.by_bearer(site.local.patch(f"/apitokens/{token_id}/rotate/", grace="1h")["token"])
    third = site.by_bearer(site.local.patch(f"/apitokens/{token_id}/rotate/", grace="1h")["token"])
    assert [status(each, token_id) for each in (first, second, third)] == [401, 200, 200]
    assert second.ask("PATCH", f"/apitokens/{token_id}/revoke/").status == 200
    assert [status(each, token_id) for each in (first, second, third)] == [401, 401, 401]
    assert "revoked" in site.local.refused(409, "PATCH", f"/apitokens/{token_id}/rotate/", {})


def test_a_token_of_one_project_gets_no_secret_that_is_for_others(site: Service) -> None:
    def made_for(project: str | None) -> dict[str, str]:
        issued: dict[str, str] = site.local.post("/apitokens/", owner="admin", project=project)
        return issued

    bound, named = site.by_bearer(made_for("web")["token"]), {"X-Vshell-Project": "web"}
    for project in (None, "shop"):
        path = f"/apitokens/{made_for(project)['id']}/rotate/"
        assert "for the project" in bound.refused(403, "PATCH", path, {}, headers=named)
    assert bound.ask("PATCH", f"/apitokens/{made_for('web')['id']}/rotate/", {}, headers=named).status == 200


def test_who_frees_its_own_children_does_not_free_them_of_its_end(site: Service) -> None:
    site.manager("ann", "read_only")
    parent = site.local.post("/apitokens/", owner="ann", sliding_window="10m", hard_end="1h")
    holder = site.by_bearer(parent["token"])
    child = holder.post("/apitokens/", expiry_date="5m")
    end = site.local.get(f"/apitokens/{parent['id']}/")["expiry_date"]
    assert holder.patch(f"/apitokens/{parent['id']}/free/") == {"revoked": 1}
    assert site.local.patch(f"/apitokens/{child['id']}/renew/", increment="30D")["expiry_date"] == end


def test_moving_a_parents_end_takes_the_children_along(site: Service) -> None:
    parent_id, parent = made(site, expiry_date="2D")
    child = parent.post("/apitokens/", expiry_date="1D")
    site.local.patch(f"/apitokens/{parent_id}/", expiry_date="1h")
    end = site.local.get(f"/apitokens/{parent_id}/")["expiry_date"]
    assert site.local.get(f"/apitokens/{child['id']}/")["expiry_date"] == end
    assert "parent ends" in site.local.refused(409, "PATCH", f"/apitokens/{child['id']}/", {"expiry_date": "2h"})


def test_limited_uses_are_exact(site: Service) -> None:
    token_id, holder = made(site, num_uses=2)
    assert "limited" in holder.refused(403, "POST", "/apitokens/", {})
    assert status(holder, token_id) == 200
    assert status(holder, token_id) == 401
    assert site.local.get(f"/apitokens/{token_id}/")["state"] == "spent"


def test_a_window_slides_with_each_use_and_the_hard_end_stops_it(site: Service) -> None:
    token_id, holder = made(site, sliding_window="10m", hard_end="1h")
    for _ in range(6):
        site.clock.advance(10 * MINUTE - SECOND)
        assert status(holder, token_id) == 200
    site.clock.advance(6 * SECOND)
    assert status(holder, token_id) == 401


def test_an_unused_window_closes(site: Service) -> None:
    token_id, holder = made(site, sliding_window="10m")
    site.clock.advance(10 * MINUTE)
    assert status(holder, token_id) == 401


def test_a_use_with_time_left_is_written_behind(site: Service) -> None:
    token_id, holder = made(site, sliding_window="10m")
    site.clock.advance(MINUTE)
    for _ in range(100):
        assert status(holder, token_id) == 200
    noted = site.database.uses.take()
    assert noted in ({token_id: Use(BEGIN + MINUTE, slides=True)}, {})
    site.database.write(
        lambda tx: site.database.uses.write(tx, {token_id: Use(BEGIN + MINUTE, slides=True)}), unaudited=True
    )
    kept = site.database.read(lambda tx: token_store.find(tx, token_id))
    assert kept is not None
    assert (kept.last_used_at, kept.expires_at) == (BEGIN + MINUTE, BEGIN + 11 * MINUTE)


def test_a_late_use_revives_nothing(site: Service) -> None:
    token_id, holder = made(site, sliding_window="10m")
    site.local.patch(f"/apitokens/{token_id}/revoke/")
    before = site.database.read(lambda tx: token_store.find(tx, token_id))
    site.database.write(
        lambda tx: site.database.uses.write(tx, {token_id: Use(BEGIN + DAY, slides=True)}), unaudited=True
    )
    assert site.database.read(lambda tx: token_store.find(tx, token_id)) == before
    assert status(holder, token_id) == 401


def test_verifying_tells_the_holder_and_nothing_of_a_dead_one(site: Service, nora: Person) -> None:
    issued = site.local.post("/apitokens/", owner="admin", expiry_date="1h")
    told = nora.post("/apitokens/verify/", token=issued["token"])
    assert told["active"]
    assert told["token"]["id"] == issued["id"]
    assert "create_security" in told["permissions"]
    site.clock.advance(HOUR)
    for text in (issued["token"], issued["token"][:-1] + "x", "none"):
        assert nora.post("/apitokens/verify/", token=text) == {
            "active": False,
            "token": None,
            "permissions": [],
            "user": None,
        }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"expiring_in": "2h"}, ["short"]),
        ({"unused_for": "1h"}, ["long", "narrow", "short"]),
        ({"unused_for": "3h"}, []),
        ({"policy": "csi"}, ["narrow"]),
        ({"parent": "PARENT"}, []),
        ({"name": "long"}, ["long"]),
    ],
)
def test_lists_are_narrowed(site: Service, query: dict[str, str], found: list[str]) -> None:
    ids = {
        name: made(site, name=name, **request)[0]
        for name, request in {"short": {"expiry_date": "3h"}, "long": {}, "narrow": {"policies": ["csi"]}}.items()
    }
    site.clock.advance(2 * HOUR)
    query = {name: ids["long"] if value == "PARENT" else value for name, value in query.items()}
    assert sorted(token["name"] for token in site.local.get("/apitokens/", **query)) == found


def test_a_narrowed_token_sees_itself_and_what_it_made(site: Service) -> None:
    other_id, _ = made(site)
    token_id, holder = made(site, policies=["csi"])
    child = holder.post("/apitokens/")
    assert [token["id"] for token in holder.get("/apitokens/")] == sorted([token_id, child["id"]])
    holder.refused(404, "GET", f"/apitokens/{other_id}/")
    holder.refused(404, "PATCH", f"/apitokens/{other_id}/revoke/")
    holder.refused(403, "POST", "/managers/", {"username": "eve"})
    assert site.local.get(f"/apitokens/{child['id']}/")["policies"] == ["csi"]


def test_meta_stands_in_the_record_of_what_a_token_did(site: Service) -> None:
    _, holder = made(site, meta={"job": "nightly"})
    child = holder.post("/apitokens/")
    actor, action, target, detail = site.audit()[-1]
    assert (actor, action, target, detail["meta"]) == ("admin", "apitoken.create", child["id"], {"job": "nightly"})


NONCE = "5a" * 32


def ask_home(site: Service, token_id: str, **headers: str) -> tuple[str, str]:
    """Return the salt and the proof."""
    answer = site.ask("GET", f"/apitokens/{token_id}/home/", query={"nonce": NONCE}, headers=headers)
    assert answer.status == 200
    return answer.json["salt"], answer.json["proof"]


def is_proved(token: str, salt: str, proof: str, origin: str = "") -> bool:
    """Tell whether who answered knows the token's digest."""
    message = f"vshell home\n{origin}\n{token[:8]}\n".encode() + bytes.fromhex(NONCE + salt)
    return hmac.digest(sha256(token.encode()).digest(), message, "sha256").hex() == proof


def test_who_holds_a_token_is_told_and_nobody_learns_more(site: Service, alice: Person) -> None:
    token = alice.post("/apitokens/")["token"]
    assert is_proved(token, *ask_home(site, token[:8]))
    assert not is_proved(token[:-1] + "x", *ask_home(site, token[:8]))
    assert ask_home(site, token[:8]) != ask_home(site, token[:8]), "no two answers are alike, as for an unknown token"
    known, unknown = ask_home(site, token[:8]), ask_home(site, "OTHER678")
    assert [len(each) for each in known] == [len(each) for each in unknown] == [64, 64]
    assert ask_home(site, "OTHER678") != unknown
    assert site.ask("GET", "/apitokens/x/home/", query={"nonce": "5a"}).status == 400


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("https://tokens.example.com", "evil.example", "https://tokens.example.com"),
        ("http://127.0.0.1:8443", "localhost:8443", "http://localhost:8443"),
    ],
)
def test_the_proof_is_for_the_server_s_own_address(tmp_path: Path, url: str, host: str, origin: str) -> None:
    """Else a server could pass the question on, and have the token that it is then shown."""
    with closing(Service(str(tmp_path / "vshell.db"), url)) as site:
        site.manager("dan")
        token = site.local.post("/apitokens/", owner="dan")["token"]
        assert is_proved(token, *ask_home(site, token[:8], Host=host), origin)
        assert not is_proved(token, *ask_home(site, token[:8], Host=host), "https://evil.example")


def test_it_is_no_use_of_the_token_and_asks_for_no_credential(site: Service, alice: Person) -> None:
    token = alice.post("/apitokens/")["token"]
    records = len(site.audit())
    ask_home(site, token[:8])
    assert site.local.get(f"/apitokens/{token[:8]}/")["last_used"] is None
    assert len(site.audit()) == records
