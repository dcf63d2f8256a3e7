"""/api/audit/: who sees which records, filters, pages, the head, and exports that come in pieces."""

import json
from typing import Any

import pytest

from server_stub.domain.audit import chain as audit_rules
from server_stub.domain.audit.chain import Draft
from server_stub.domain.audit.checkpoints import Signer
from server_stub.domain.base.timestamps import MINUTE, SECOND, rfc3339
from server_stub.domain.base.token_format import digest, parse_named
from server_stub.process.checkpoint_signer import CheckpointSigner
from server_stub.store import Transaction
from tests.server_stub.conftest import BEGIN, Person, Service


def numbers(person: Person, **query: str) -> list[int]:
    """List records and return their numbers."""
    return [row["seq"] for row in person.get("/audit/", **query)["results"]]


def grow(site: Service, count: int) -> None:
    """Add records."""

    def piece(tx: Transaction) -> None:
        for _ in range(count):
            tx.record(Draft(tx.now, "mill", "token", "", "mill.turn", "wheel"))

    site.database.write(piece)


def test_records_are_found_by_who_did_what_to_what(site: Service, alice: Person) -> None:
    site.manager("bob")
    made = alice.post("/apitokens/", owner="bob")["id"]
    (row,) = alice.get("/audit/", target=made)["results"]
    assert (row["actor"], row["action"], row["outcome"]) == ("alice", "apitoken.create", "done")
    assert alice.get(f"/audit/{row['seq']}/") == row
    assert row["seq"] in numbers(alice, actor="alice", action="apitoken.*")
    assert numbers(alice, outcome="refused") == []
    assert numbers(alice, actor="\n") == []


def test_times(site: Service, alice: Person) -> None:
    site.clock.advance(MINUTE)
    site.manager("bob")
    site.clock.advance(MINUTE)
    site.manager("eve")
    (bob,) = numbers(alice, action="manager.create", since=rfc3339(BEGIN + MINUTE), until=rfc3339(BEGIN + 2 * MINUTE))
    (eve,) = numbers(alice, action="manager.create", since=rfc3339(BEGIN + MINUTE + SECOND))
    assert bob < eve
    assert "is not a time" in alice.refused(400, "GET", "/audit/", query={"since": "yesterday"})


def test_the_newest_come_first_and_pages_follow_each_other(site: Service, alice: Person) -> None:
    grow(site, 25)
    seen: list[int] = []
    page = alice.get("/audit/", actor="mill", page_size="10")
    seen += [row["seq"] for row in page["results"]]
    grow(site, 5)  # what is new is in front of the page, not in it
    while page["next"]:
        page = alice.ask("GET", page["next"].removeprefix("/api")).json
        seen += [row["seq"] for row in page["results"]]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 25
    page = alice.get("/audit/", actor="mill", page_size="20", from_seq=str(seen[-1]))
    onward = [row["seq"] for row in page["results"]]
    onward += [row["seq"] for row in alice.ask("GET", page["next"].removeprefix("/api")).json["results"]]
    assert onward == list(range(seen[-1], seen[-1] + 30))


@pytest.mark.parametrize("query", [{"page_size": "0"}, {"page_size": "1001"}, {"from_seq": "-1"}, {"before": "9" * 17}])
def test_bounds(alice: Person, query: dict[str, str]) -> None:
    assert alice.ask("GET", "/audit/", query=query).status == 400


def test_without_the_right_one_sees_what_one_did_oneself(site: Service, alice: Person, nora: Person) -> None:
    own = nora.post("/apitokens/")["id"]
    seen = nora.get("/audit/")["results"]
    assert [(row["actor"], row["target"]) for row in seen] == [("nora", own)]
    assert numbers(nora, actor="alice") == []
    assert nora.get(f"/audit/{seen[0]['seq']}/") == seen[0]
    assert nora.refused(404, "GET", "/audit/1/") == "there is no audit record 1"
    assert "view_security" in nora.refused(403, "GET", "/audit/export/")
    # The refusals above are written down when there is time for it, so the head may move meanwhile.
    before, shown, after = (person.get("/audit/head/")["seq"] for person in (alice, nora, alice))
    assert before <= shown <= after


def test_a_new_namesake_sees_nothing_of_the_old_one(site: Service) -> None:
    first = site.manager("kim")
    site.by_token("kim").post("/apitokens/")
    site.clock.advance(SECOND)
    site.local.ask("DELETE", f"/managers/{first}/")
    site.manager("kim")
    kim = site.by_token("kim")
    assert numbers(kim) == []
    site.clock.advance(SECOND)
    kim.post("/apitokens/")
    assert len(numbers(kim)) == 1


def test_who_takes_the_name_of_another_sees_nothing_of_theirs(site: Service, nora: Person) -> None:
    """By a rename too, which keeps the day on which one was made."""
    kim = site.manager("kim")
    site.by_token("kim").post("/apitokens/")
    site.local.patch(f"/managers/{kim}/", username="old-kim")
    site.clock.advance(SECOND)
    (own,) = (row["id"] for row in site.local.get("/managers/") if row["username"] == "nora")
    site.local.patch(f"/managers/{own}/", username="kim")
    site.clock.advance(SECOND)
    made = nora.post("/apitokens/")["id"]
    assert [row["target"] for row in nora.get("/audit/")["results"]] == [made]


def test_a_narrowed_token_shows_none(site: Service, nora: Person) -> None:
    narrowed = site.by_bearer(nora.post("/apitokens/", policies=[])["token"])
    assert "view_security" in narrowed.refused(403, "GET", "/audit/")


def test_the_head_and_what_a_shell_has_seen(site: Service, alice: Person) -> None:
    grow(site, 3)
    head = alice.get("/audit/head/", seen="2")
    rows = alice.get("/audit/", from_seq="1")["results"]
    assert (head["seq"], head["hash"]) == (rows[-1]["seq"], rows[-1]["hash"])
    assert head["seen_hash"] == rows[1]["hash"]
    assert alice.get("/audit/head/", seen="99999")["seen_hash"] is None


def test_the_key_is_public(site: Service) -> None:
    assert site.nobody.get("/audit/key/")["keys"] == []


def pages(person: Person, between: Any = None) -> list[str]:
    """Export the chain, page by page."""
    page = person.get("/audit/export/")
    lines = list(page["lines"])
    while page["next"]:
        if between:
            between()
        page = person.ask("GET", page["next"].removeprefix("/api")).json
        lines += page["lines"]
    return lines


def test_an_export_is_whole_although_the_chain_grows_meanwhile(
    site: Service, alice: Person, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sealer = CheckpointSigner(
        site.database, Signer(site.local.get("/audit/key/")["server_id"], bytes(32)), tmp_path_factory.mktemp("k")
    )
    grow(site, 2_500)
    sealer.turn()
    head = alice.get("/audit/head/")

    def meanwhile() -> None:
        site.clock.advance(MINUTE)
        grow(site, 10)
        sealer.turn()

    lines = [json.loads(line) for line in pages(alice, meanwhile)]
    assert lines[0] == {"audit": "vshell audit 1", "kind": "export", "server_id": head["server_id"]}
    assert lines[-1] == {"end": head["seq"], "hash": head["hash"]}
    assert [line["seq"] for line in lines if "seq" in line] == list(range(1, head["seq"] + 1))
    places = [(place, line["checkpoint"]) for place, line in enumerate(lines) if "checkpoint" in line]
    assert [int(note.split("\n")[1]) for _, note in places] == [1_000, 2_000, head["seq"]]
    assert [lines[place - 1]["seq"] for place, _ in places] == [1_000, 2_000, head["seq"]]


def test_records_are_found_by_a_token(site: Service, alice: Person) -> None:
    made = alice.post("/apitokens/", owner="root")["id"]
    found = alice.post("/audit/find/", token_id=made)
    assert [row["action"] for row in found] == ["apitoken.create"]
    text = "a-name-of-its-own"
    site.local.post("/apitokens/", owner="root", token=text)
    known = parse_named(text)
    assert known is not None
    found = alice.post("/audit/find/", digest=digest(text).hex())
    assert [(row["action"], row["target"]) for row in found] == [("apitoken.create", known.id)]
    for wrong in ({}, {"token_id": made, "digest": "00"}, {"token_id": "no id"}, {"digest": "xyz"}):
        assert alice.ask("POST", "/audit/find/", wrong).status == 400


def test_a_line_is_what_was_hashed(alice: Person) -> None:
    line = pages(alice)[1]
    record = json.loads(line)
    assert audit_rules.canonical(record).decode() == line
