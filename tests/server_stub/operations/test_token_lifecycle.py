"""Renewal and revocation, at whichever front door."""

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE, SECOND, rfc3339
from server_stub.store import tokens as token_store
from tests.server_stub.conftest import BEGIN, Person, Service


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
