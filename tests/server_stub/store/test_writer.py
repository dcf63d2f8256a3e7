"""The writer: group commit, savepoints, one audit record for every change; on both engines."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from server_stub import store
from server_stub.domain.audit import chain as audit
from server_stub.domain.audit.chain import Draft
from server_stub.domain.base.errors import Conflict, Unavailable
from server_stub.store import Transaction, foundation
from server_stub.store import settings as setting_store
from server_stub.store.database import Database
from server_stub.store.engine.connection import Duplicate
from server_stub.store.tokens import Use
from server_stub.store.writer import attempt, discard_changes
from tests.chains import hash_of


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A founded database of each engine."""
    engine = store.engine_of(database_url)
    store.migrate(engine)
    foundation.lay(engine)
    opened = Database(engine)
    yield opened
    opened.close()


def put(tx: Transaction, name: str, value: str = "1", record: bool = True) -> None:
    """Change something, as a handler does."""
    tx.change("INSERT INTO settings (name, value) VALUES (:name, :value)", {"name": name, "value": value})
    if record:
        tx.record(Draft(tx.now, "tester", "local", "", "setting.put", name))


def names(database: Database) -> set[str]:
    """Return the names that were put."""
    return database.read(lambda tx: {row[0] for row in tx.rows("SELECT name FROM settings")})


def chain(database: Database) -> list[tuple[object, ...]]:
    """Return the chain's numbers and targets."""
    return database.read(lambda tx: tx.rows("SELECT seq, target FROM audit ORDER BY seq"))


def test_a_change_is_there_when_write_returns(database: Database) -> None:
    database.write(lambda tx: put(tx, "one"))
    assert names(database) == {"one"}
    assert [row[1] for row in chain(database)[1:]] == ["one"]


def test_a_refused_piece_leaves_no_trace_and_does_not_undo_its_neighbours(database: Database) -> None:
    gate = threading.Event()

    def slow(tx: Transaction) -> None:
        gate.wait(10)
        put(tx, "slow")

    def refused(tx: Transaction) -> None:
        put(tx, "refused")
        raise Conflict("no")

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(database.write, slow)
        others = [pool.submit(database.write, refused), pool.submit(database.write, lambda tx: put(tx, "fine"))]
        gate.set()
        first.result(10)
        with pytest.raises(Conflict):
            others[0].result(10)
        others[1].result(10)
    assert names(database) == {"slow", "fine"}
    assert sorted(str(row[1]) for row in chain(database)[1:]) == ["fine", "slow"]


def test_a_change_without_an_audit_record_is_undone(database: Database) -> None:
    with pytest.raises(AssertionError, match="without an audit record"):
        database.write(lambda tx: put(tx, "silent", record=False))
    assert names(database) == set()
    database.write(lambda tx: put(tx, "bookkeeping", record=False), unaudited=True)

    def counted(tx: Transaction) -> None:
        put(tx, "counted elsewhere", record=False)
        tx.mark_unaudited()

    database.write(counted)
    assert names(database) == {"bookkeeping", "counted elsewhere"}


def test_nothing_happens_while_the_audit_record_cannot_be_written(database: Database) -> None:
    connection = database.engine.connect()
    connection.script("ALTER TABLE audit RENAME TO hidden")
    with pytest.raises(Unavailable, match="nothing was changed"):
        database.write(lambda tx: put(tx, "lost"))
    assert names(database) == set()
    connection.script("ALTER TABLE hidden RENAME TO audit")
    connection.close()
    database.write(lambda tx: put(tx, "after"))
    assert names(database) == {"after"}


def test_a_refused_piece_keeps_its_own_answer_when_its_group_is_lost(database: Database) -> None:
    connection = database.engine.connect()
    connection.script("ALTER TABLE audit RENAME TO hidden")
    begun, gate = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        begun.set()
        gate.wait(10)

    def refused(tx: Transaction) -> None:
        raise Conflict("no")

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(database.write, slow)
        assert begun.wait(10)
        others = [pool.submit(database.write, piece) for piece in (refused, lambda tx: put(tx, "lost"))]
        time.sleep(0.2)  # both wait now, and make one group
        gate.set()
        first.result(10)
        with pytest.raises(Conflict):
            others[0].result(10)
        with pytest.raises(Unavailable, match="nothing was changed"):
            others[1].result(10)
    connection.script("ALTER TABLE hidden RENAME TO audit")
    connection.close()
    assert names(database) == set()


def test_a_duplicate_is_told_apart_from_other_troubles(database: Database) -> None:
    database.write(lambda tx: put(tx, "twice"))
    with pytest.raises(Duplicate):
        database.write(lambda tx: put(tx, "twice"))


def test_many_threads_make_one_chain_without_gap_or_fork(database: Database) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: database.write(lambda tx: put(tx, f"n{number}")), range(200)))
    found = database.read(lambda tx: tx.rows("SELECT * FROM audit ORDER BY seq"))
    server_id = database.read(lambda tx: tx.rows("SELECT server_id FROM audit_head"))[0][0]
    previous = audit.genesis(server_id)
    for number, (seq, at, actor, method, source, action, target, outcome, detail, prev_hash, stored) in enumerate(
        found, 1
    ):
        record = audit.Record(
            seq, at, actor, method, source, action, target, outcome, audit.read_detail(detail), prev_hash, stored
        )
        assert (seq, prev_hash) == (number, previous)
        assert hash_of(record) == stored
        previous = stored
    assert len(found) == 201


def test_two_processes_worth_of_writers_share_one_chain(database: Database) -> None:
    other = Database(database.engine)
    try:
        with ThreadPoolExecutor(8) as pool:
            writers = [database, other]
            list(pool.map(lambda number: writers[number % 2].write(lambda tx: put(tx, f"n{number}")), range(100)))
    finally:
        other.close()
    assert [row[0] for row in chain(database)] == list(range(1, 102))


def test_uses_are_written_down_and_never_revive(database: Database) -> None:
    database.uses.note("missing1", Use(5))
    database.write(lambda tx: put(tx, "one"))
    time.sleep(1.2)
    assert not database.uses.take()
    assert database.read(lambda tx: tx.rows("SELECT count(*) FROM tokens"))[0][0] == 0


def test_settings_are_kept(database: Database) -> None:
    before = database.read(setting_store.load).server

    def change(tx: Transaction) -> None:
        from dataclasses import replace

        setting_store.save(tx, before, replace(before, max_api_tokens_per_user=7))
        tx.record(Draft(tx.now, "tester", "local", "", "vms.modify", "1"))

    database.write(change)
    assert database.read(setting_store.load).server.max_api_tokens_per_user == 7


def test_what_is_read_twice_is_asked_once_and_never_older_than_the_last_change(database: Database) -> None:
    database.write(lambda tx: put(tx, "one"))
    count = "SELECT count(*) FROM settings WHERE name LIKE :like"

    def piece(tx: Transaction) -> list[int]:
        found = []
        for name in ("two", "three"):
            found += [tx.rows(count, {"like": "%"})[0][0] for _ in range(2)]
            assert tx.rows(count, {"like": "%"}) is tx.rows(count, {"like": "%"})
            assert tx.rows(count, {"like": name})[0][0] == 0
            put(tx, name)
        return [*found, tx.rows(count, {"like": "%"})[0][0]]

    first, again, second, _, last = database.write(piece)
    assert (again, second, last) == (first, first + 1, first + 2)


NOTE = Draft(0, "bob", "token", "::1", "test", "x", "done", {})


@pytest.fixture
def tx(database_url: str) -> Iterator[Transaction]:
    """A transaction on each engine, which is rolled back."""
    engine = store.engine_of(database_url)
    store.migrate(engine)
    connection = engine.connect()
    connection.begin()
    yield Transaction(connection, 0)
    connection.rows("ROLLBACK")
    connection.close()


def add(tx: Transaction, name: str) -> None:
    """Change something, with its record."""
    tx.change("INSERT INTO counters (name, value) VALUES (:name, 0)", {"name": name})
    tx.record(NOTE)


def add_both(tx: Transaction, first: str, second: str) -> None:
    """Change two things, or nothing."""
    with attempt(tx):
        add(tx, first)
        add(tx, second)


def added(tx: Transaction) -> list[str]:
    """Return what was changed."""
    rows = tx.rows("SELECT name FROM counters WHERE name IN ('a', 'b', 'c') ORDER BY name")
    return [str(name) for (name,) in rows]


def test_what_is_undone_is_seen_meanwhile_and_leaves_nothing(tx: Transaction) -> None:
    with discard_changes(tx):
        add(tx, "a")
        assert added(tx) == ["a"]
    assert (added(tx), tx.drafts, tx.changed) == ([], [], False)
    add(tx, "b")
    assert (added(tx), len(tx.drafts)) == (["b"], 1)


def test_an_attempt_that_fails_takes_its_own_changes_alone(tx: Transaction) -> None:
    with discard_changes(tx):
        with attempt(tx):
            add(tx, "a")
        with pytest.raises(Duplicate):
            add_both(tx, "b", "a")
        with attempt(tx):
            add(tx, "c")
        assert (added(tx), len(tx.drafts)) == (["a", "c"], 2)
    assert added(tx) == []
