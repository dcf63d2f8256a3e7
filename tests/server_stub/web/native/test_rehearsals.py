"""Rehearsals: answered as the requests themselves would be, by every rule, and nothing of them stays."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.domain.base.timestamps import SECOND
from server_stub.web.native import rehearsals
from tests.server_stub.conftest import Person, Service

API = "/api/latest"


def request(method: str, path: str, body: object = None, seed: str = "1") -> dict[str, Any]:
    """Return one request of a rehearsal."""
    whole = path if path.startswith("/v1/") else f"/api{path}"
    return {"method": method, "path": whole, "seed": seed} | ({} if body is None else {"body": body})


def rehearsed(person: Person, *requests: dict[str, Any], **more: object) -> list[tuple[int, Any]]:
    """Hold a rehearsal and return the statuses and bodies."""
    outcomes = person.post("/rehearsals/", requests=list(requests), **more)["outcomes"]
    return [(outcome["status"], outcome["body"]) for outcome in outcomes]


def everything(site: Service) -> list[Any]:
    """Return all rows of all tables but the audit chain's and the last uses."""
    tables = ("managers", "manager_roles", "roles", "realms", "nodes", "settings", "counters", "idempotency_keys")
    rows = [site.database.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    return [*rows, site.database.rows("SELECT id, name, expires_at, revoked_at, digest FROM tokens ORDER BY id")]


SETUP = (
    request("POST", "/roles/", {"name": "ci", "permissions_list": ["view_security"]}),
    request("POST", "/managers/", {"username": "bob", "roles": ["ci"], "max_api_tokens": 2}),
    request("POST", "/apitokens/", {"owner": "bob", "name": "one"}, "a"),
    request("POST", "/apitokens/", {"owner": "bob", "name": "two"}, "b"),
    request("POST", "/apitokens/", {"owner": "bob", "name": "three"}, "c"),
    request("GET", "/apitokens/?owner=bob"),
    request("POST", "/managers/", {"username": "bob"}),
)


def test_each_request_sees_what_those_before_it_did_and_nothing_is_left(either_site: Service) -> None:
    before = everything(either_site)
    outcomes = rehearsed(either_site.local, *SETUP)
    assert [status for status, _ in outcomes] == [201, 201, 201, 201, 409, 200, 409]
    assert outcomes[4][1]["code"] == "quota_exceeded", "the quota counts the lines before"
    assert [token["name"] for token in outcomes[5][1]] == ["one", "two"]
    assert everything(either_site) == before
    audited = [(action, detail) for _, action, _, detail in either_site.audit()]
    assert audited[1:] == [("rehearsal", {"requests": 7, "refused": 2})], "behind the record of the founding"


def test_it_says_what_the_requests_themselves_are_answered_then(either_site: Service) -> None:
    said = rehearsed(either_site.local, *SETUP)
    for each, (status, body) in zip(SETUP, said, strict=True):
        answer = either_site.local.ask(
            each["method"], each["path"].removeprefix("/api").partition("?")[0], each.get("body")
        )
        assert answer.status == status
        if status >= 400:
            assert answer.json == body


def test_the_same_seed_and_moment_give_the_same_id_and_a_token_that_is_good_for_nothing(site: Service) -> None:
    site.manager("bob")
    one = request("POST", "/apitokens/", {"owner": "bob"}, "a")
    answer = site.local.post("/rehearsals/", requests=[one])
    made = answer["outcomes"][0]["body"]
    site.clock.advance(5 * SECOND)
    again = [request("POST", "/managers/", {"username": "eve"}), one, request("GET", f"/apitokens/{made['id']}/")]
    outcomes = rehearsed(site.local, *again, at=answer["at"])
    assert [status for status, _ in outcomes] == [201, 201, 200]
    assert outcomes[1][1] == made
    assert site.by_bearer(made["token"]).ask("GET", "/login/").status == 401


def test_a_right_that_an_earlier_line_takes_away_is_gone_for_the_later_ones(site: Service) -> None:
    alice = site.manager("alice", "administrators")
    person = site.by_token("alice")
    outcomes = rehearsed(
        person,
        request("PATCH", f"/managers/{alice}/", {"roles": []}),
        request("POST", "/managers/", {"username": "bob"}),
    )
    assert [status for status, _ in outcomes] == [200, 403]
    assert person.ask("POST", "/managers/", {"username": "bob"}).status == 201, "it was only a rehearsal"


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_nobody_learns_by_a_rehearsal_what_the_request_would_not_tell_them(
    method: str, site: Service, nora: Person
) -> None:
    site.manager("bob")
    path, body = ("/managers/", {"username": "bob"}) if method == "POST" else ("/managers/4/", None)
    body = {"first_name": "x"} if method == "PATCH" else body
    (status, said), *_ = rehearsed(nora, request(method, path, body))
    answer = nora.ask(method, path, body)
    assert (status, said) == (answer.status, answer.json)
    assert status in (403, 404)


def test_what_cannot_be_undone_is_not_tried(site: Service) -> None:
    outcomes = rehearsed(
        site.local,
        request("POST", "/token/", {"username": "bob", "password": "x"}),
        request("POST", "/rehearsals/", {"requests": []}),
        request("GET", "/nothing/"),
        request("POST", "/managers/", {"username": "bob", "password": "correct horse"}),
        request("PATCH", "/managers/4/password/", {"password": "battery staple"}),
        request("PATCH", "/managers/4/", {"username": "robert"}),
    )
    assert [status for status, _ in outcomes] == [202, 202, 202, 201, 202, 200]


def test_a_password_is_judged_before_the_writer_is_asked_for(site: Service) -> None:
    outcomes = rehearsed(site.local, request("POST", "/managers/", {"username": "bob", "password": "x"}))
    assert outcomes[0][0] == 400


def test_no_more_passwords_are_hashed_than_a_script_has(site: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsals, "MOST_HASHES", 2)
    bodies = [{"username": f"m{number}", "password": "correct horse"} for number in range(3)]
    outcomes = rehearsed(site.local, *(request("POST", "/managers/", body) for body in bodies))
    assert [status for status, _ in outcomes] == [201, 201, 202]


def test_vaults_door_is_rehearsed_in_its_own_words(site: Service) -> None:
    outcomes = rehearsed(
        site.local,
        request("POST", "/v1/auth/token/create", {"ttl": "1h"}),
        request("POST", "/v1/auth/token/create", {"ttl": "x"}),
    )
    assert [status for status, _ in outcomes] == [200, 400]
    assert "errors" in outcomes[1][1]
    assert site.local.get("/apitokens/") == []


@pytest.mark.parametrize("moment", [-(rehearsals.OLDEST_SECONDS + 1), 1])
def test_a_rehearsal_is_of_this_hour(moment: int, site: Service) -> None:
    at = site.clock.now + moment * SECOND
    site.local.refused(400, "POST", "/rehearsals/", {"requests": [], "at": at})


def test_a_rehearsal_is_bounded(site: Service) -> None:
    many = [request("GET", "/managers/")] * (rehearsals.MOST_REQUESTS + 1)
    site.local.refused(400, "POST", "/rehearsals/", {"requests": many})


def test_no_rehearsal_holds_up_the_writers_by_looking(site: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [request("GET", "/managers/")] * (rehearsals.MOST_READS + 2)
    last = request("POST", "/managers/", {"username": "bob"})
    statuses = [status for status, _ in rehearsed(site.local, *looks, last)]
    assert statuses == [200] * rehearsals.MOST_READS + [202, 202, 201]
    monkeypatch.setattr(rehearsals, "MOST_ROWS", 100)
    for number in range(120):
        site.manager(f"m{number}")
    outcomes = rehearsed(site.local, request("GET", "/managers/"), last)
    assert [status for status, _ in outcomes] == [202, 202]


def test_a_rehearsal_needs_a_credential(site: Service) -> None:
    site.nobody.refused(401, "POST", "/rehearsals/", {"requests": []})
