"""Vigo's door: own tokens, whose owner local-admin alone names, and emergency access."""

import pytest

from server_stub.domain.base.timestamps import HOUR, SECOND
from tests.server_stub.conftest import Person, Service


def test_a_token_is_the_callers_own(site: Service, nora: Person) -> None:
    made = nora.post("/own-tokens/", name="ci-automation", expires_in="720h")
    (shown,) = [row for row in nora.get("/own-tokens/") if row["id"] == made["id"]]
    assert shown == {
        "id": made["id"],
        "name": "ci-automation",
        "prefix": made["token"][:8],
        "owner": "nora",
        "created": "2026-09-21T14:13:20.000000Z",
        "expiry_date": "2026-10-21T14:13:20.000000Z",
        "state": "live",
        "is_emergency": False,
    }
    assert site.by_bearer(made["token"]).get("/login/")["username"] == "nora"
    assert site.audit()[-1][:3] == ("nora", "apitoken.create", made["id"])


def test_without_a_length_it_never_ends(nora: Person) -> None:
    made = nora.post("/own-tokens/")
    (shown,) = [row for row in nora.get("/own-tokens/") if row["id"] == made["id"]]
    assert (shown["expiry_date"], shown["name"]) == (None, "nora_api_token")


def test_the_prefix_is_that_of_the_servers_tokens(site: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    site.manager("dan")
    dan = site.by_token("dan")
    made = dan.post("/own-tokens/")
    assert {row["prefix"] for row in dan.get("/own-tokens/")} >= {made["token"][:8]}


def test_local_admin_names_a_real_manager(site: Service) -> None:
    site.manager("dan")
    assert site.local.refused(400, "POST", "/own-tokens/", {"name": "x"}) == "token owner must be a real web user"
    assert site.local.refused(400, "POST", "/own-tokens/", {"owner": "localhost"})
    assert site.local.refused(404, "POST", "/own-tokens/", {"owner": "nobody"})
    made = site.local.post("/own-tokens/", owner="dan")
    assert site.by_bearer(made["token"]).get("/login/")["username"] == "dan"


@pytest.mark.parametrize("somebody", ["alice", "rita", "nora"])
def test_nobody_else_names_anybody_else(site: Service, somebody: str, request: pytest.FixtureRequest) -> None:
    site.manager("dan")
    person: Person = request.getfixturevalue(somebody)
    for owner in ("dan", "root", "nobody", "local-admin", ""):
        assert person.refused(403, "POST", "/own-tokens/", {"owner": owner}).startswith("only local-admin")
    assert person.post("/own-tokens/", owner=somebody.upper())["id"]


@pytest.mark.parametrize("expires_in", ["", "0h", "-1h", "30D", "1 h", "720", "h", "9" * 30 + "h"])
def test_a_length_that_go_would_not_take(nora: Person, expires_in: str) -> None:
    nora.refused(400, "POST", "/own-tokens/", {"expires_in": expires_in})


def test_the_quota_holds_at_this_door_too(site: Service, nora: Person) -> None:
    for _ in range(4):
        nora.post("/own-tokens/")
    assert "5" in nora.refused(409, "POST", "/own-tokens/", {})


def test_one_sees_ones_own_and_local_admin_sees_all(site: Service, alice: Person, nora: Person) -> None:
    assert {row["owner"] for row in nora.get("/own-tokens/")} == {"nora"}
    assert {row["owner"] for row in alice.get("/own-tokens/")} == {"alice"}
    assert {row["owner"] for row in site.local.get("/own-tokens/")} == {"alice", "nora"}
    page = site.local.get("/own-tokens/", page_size="1")
    assert (page["count"], len(page["results"])) == (2, 1)


def test_a_narrowed_token_sees_itself_and_what_it_made(site: Service) -> None:
    site.manager("bob", "read_only")
    narrow = site.local.post("/apitokens/", owner="bob", policies=["read_only"])
    site.local.post("/apitokens/", owner="bob")
    assert [row["id"] for row in site.by_bearer(narrow["token"]).get("/own-tokens/")] == [narrow["id"]]


REASON = "OIDC provider outage, reviewing compliance status"


def test_an_emergency_is_recorded_with_actor_source_and_reason(site: Service, alice: Person) -> None:
    assert alice.post("/emergency-access/", reason=REASON) == {"reason": REASON}
    assert site.audit()[-1] == ("alice", "emergency.access", "alice", {"reason": REASON})
    assert site.local.post("/emergency-access/", reason=REASON) == {"reason": REASON}
    assert site.audit()[-1] == ("local-admin", "emergency.access", "local-admin", {"reason": REASON})


def test_only_an_administrator_records_one_and_the_try_is_recorded(site: Service, rita: Person) -> None:
    assert "every right" in rita.refused(403, "POST", "/emergency-access/", {"reason": REASON})
    site.local.post("/roles/", name="behind")  # what was noted before is written before it
    tried = site.database.read(
        lambda tx: tx.rows("SELECT actor, action FROM audit WHERE outcome = 'refused' ORDER BY seq")
    )
    assert [tuple(row) for row in tried] == [("rita", "emergency.access")]


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": None}, {"reason": "x", "grant": "2D"}]
)
def test_a_reason_is_required(site: Service, alice: Person, body: dict[str, object]) -> None:
    before = site.audit()
    alice.refused(400, "POST", "/emergency-access/", body)
    assert site.audit() == before


def test_a_grant_makes_a_token_that_ends_by_itself(site: Service, alice: Person) -> None:
    made = alice.post("/emergency-access/", reason=REASON, grant="1h")
    assert made["expiry_date"] == "2026-09-21T15:13:20.000000Z"
    actor, action, target, detail = site.audit()[-1]
    assert (actor, action, target, detail["reason"]) == ("alice", "emergency.access", made["id"], REASON)
    assert detail["expires_at"] == made["expiry_date"]
    glass = site.by_bearer(made["token"])
    assert glass.get("/login/")["username"] == "alice"
    site.clock.advance(HOUR - SECOND)
    assert glass.get("/login/")["username"] == "alice"
    site.clock.advance(SECOND)
    glass.refused(401, "GET", "/login/")


def test_it_is_flagged_in_every_list_and_what_it_does_is_marked(site: Service, alice: Person) -> None:
    made = alice.post("/emergency-access/", reason=REASON, grant="1h")
    for path in ("/apitokens/", "/own-tokens/", "/apitokens/forest/"):
        (row,) = [row for row in alice.get(path) if row["id"] == made["id"]]
        assert row["name"] == "EMERGENCY ACCESS"
        assert row.get("is_emergency", True)
    site.by_bearer(made["token"]).post("/roles/", name="ops")
    assert site.audit()[-1][3]["meta"] == {"emergency": REASON}


def test_nothing_moves_its_end_or_its_name(alice: Person) -> None:
    made = alice.post("/emergency-access/", reason=REASON, grant="1h")
    path = f"/apitokens/{made['id']}/"
    assert "keeps its name" in alice.refused(409, "PATCH", path, {"name": "backup"})
    assert "hard end" in alice.refused(409, "PATCH", path, {"expiry_date": "2h"})
    alice.refused(409, "PATCH", f"{path}renew/", {"increment": "2h"})
    assert alice.patch(path, expiry_date="30m") == "apitoken updated"


def test_a_full_quota_does_not_stand_in_its_way(site: Service, alice: Person) -> None:
    for _ in range(4):
        alice.post("/apitokens/")
    alice.refused(409, "POST", "/apitokens/", {})
    assert alice.post("/emergency-access/", reason=REASON, grant="1h")["token"]


def test_local_admin_gets_none(site: Service) -> None:
    body = {"reason": REASON, "grant": "1h"}
    assert site.local.refused(409, "POST", "/emergency-access/", body) == "local-admin owns no token and needs none"
