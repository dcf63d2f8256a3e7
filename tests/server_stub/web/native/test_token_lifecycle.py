"""What becomes of a token: renewed, rotated, freed, drawn, verified, used up, slid."""

from __future__ import annotations

import hmac
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE, SECOND, rfc3339
from server_stub.store import tokens as token_store
from server_stub.store.tokens import Use
from tests.server_stub.conftest import BEGIN, PASSWORD, Person, Service
from tests.server_stub.operations.test_token_lifecycle import made, status


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
