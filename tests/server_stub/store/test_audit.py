"""The chain in the database: what is appended continues what stands."""

import json

import pytest

from server_stub.domain.audit import chain
from server_stub.domain.audit.chain import Draft
from server_stub.store import audit as audit_store
from server_stub.store.audit import Filter
from tests.chains import hash_of
from tests.server_stub.store.conftest import NOW, Database


def test_records_follow_the_head_and_move_it(founded: Database) -> None:
    connection = founded.engine.connect()
    connection.begin()
    head = seq, its_hash = audit_store.hold_head(connection)
    drafts = [Draft(5, "bob", "token", "::1", "test", name, "refused", {"ü": [1, None]}) for name in "ab"]
    audit_store.append(connection, head, drafts)
    moved = audit_store.hold_head(connection)
    connection.rows("COMMIT")
    first = chain.chain(its_hash, drafts[0], seq + 1)
    assert moved == (seq + 2, chain.chain(first.hash, drafts[1], seq + 2).hash)
    kept = connection.rows("SELECT seq, target, detail, hash FROM audit WHERE seq > :seq ORDER BY seq", {"seq": seq})
    assert [row[:2] for row in kept] == [(seq + 1, "a"), (seq + 2, "b")]
    assert chain.read_detail(kept[0][2]) == {"ü": [1, None]}
    assert kept[0][3] == first.hash
    connection.close()


def test_nothing_to_say_leaves_the_head(founded: Database) -> None:
    connection = founded.engine.connect()
    head = audit_store.hold_head(connection)
    audit_store.append(connection, head, [])
    assert audit_store.hold_head(connection) == head
    connection.close()


@pytest.fixture
def filled(founded: Database) -> Database:
    """A database with five records behind the first."""
    for number, (actor, action, target) in enumerate(
        [
            ("bob", "apitoken.create", "t1"),
            ("eve", "apitoken.revoke", "t1"),
            ("bob", "apitokens.x", "t2"),
            ("bob", "role.create", "ops"),
            ("", "session.create", "bob"),
        ]
    ):
        outcome: chain.Outcome = "done" if actor else "refused"
        draft = Draft(NOW + number, actor, "token", "", action, target, outcome, {"ü": [number]})
        founded.write(lambda tx, draft=draft: tx.record(draft))  # type: ignore[misc]  # mypy cannot infer this
    return founded


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        (Filter(), [1, 2, 3, 4, 5, 6]),
        (Filter(actor="bob"), [2, 4, 5]),
        (Filter(actor=""), [6]),
        (Filter(target="t1"), [2, 3]),
        (Filter(action="apitoken.create"), [2]),
        (Filter(action="apitoken.*"), [2, 3]),
        (Filter(outcome="refused"), [6]),
        (Filter(since=NOW + 3), [1, 5, 6]),
        (Filter(since=NOW, until=NOW + 2), [2, 3]),
        (Filter(actor="bob", action="apitoken.*", target="t1"), [2]),
        (Filter(actor="nobody"), []),
    ],
)
def test_filters(filled: Database, chosen: Filter, numbers: list[int]) -> None:
    oldest = filled.read(lambda tx: audit_store.oldest(tx, chosen, 10, 0))
    newest = filled.read(lambda tx: audit_store.newest(tx, chosen, 10, 100))
    assert [record.seq for record in oldest] == numbers
    assert [record.seq for record in newest] == numbers[::-1]
    assert [each.seq for each in filled.read(lambda tx: audit_store.oldest(tx, chosen, 1, 0))] == numbers[:1]


def test_one_record_and_the_head(filled: Database) -> None:
    record = filled.read(lambda tx: audit_store.find(tx, 6))
    assert record is not None
    assert record.detail == {"ü": [4]}
    assert hash_of(record) == record.hash
    assert filled.read(audit_store.head)[1:] == (6, record.hash)
    assert filled.read(lambda tx: audit_store.hash_at(tx, 6)) == record.hash
    assert filled.read(lambda tx: audit_store.hash_at(tx, 7)) is None
    assert filled.read(lambda tx: audit_store.find(tx, 7)) is None


def test_lines_are_canonical_and_hold_what_is_hashed(filled: Database) -> None:
    lines = filled.read(lambda tx: audit_store.lines(tx, 2, 5, 2))
    assert [seq for seq, _ in lines] == [3, 4]
    value = json.loads(lines[0][1])
    assert chain.canonical(value).decode() == lines[0][1]
    assert (value["seq"], value["actor"], value["detail"]) == (3, "eve", {"ü": [1]})


@pytest.mark.parametrize("detail", ["", "no JSON", '{"a":1.5}', '{"b":1,"a":2}'])
def test_a_detail_that_was_tampered_with_is_shown_and_exported(filled: Database, detail: str) -> None:
    connection = filled.engine.connect()
    connection.rows("UPDATE audit SET detail = :detail WHERE seq = 3", {"detail": detail})
    connection.close()
    record = filled.read(lambda tx: audit_store.find(tx, 3))
    assert record is not None
    assert record.detail == {"unreadable": detail}
    assert f'"detail":{detail}' in filled.read(lambda tx: audit_store.lines(tx, 2, 3, 1))[0][1]


def test_a_row_that_cannot_be_a_record_is_a_line_all_the_same(filled: Database) -> None:
    connection = filled.engine.connect()
    connection.rows("UPDATE audit SET at = :at WHERE seq = 3", {"at": 2**62})
    connection.close()
    assert filled.read(lambda tx: audit_store.lines(tx, 2, 3, 1)) == [(3, '{"unreadable": 3}')]
