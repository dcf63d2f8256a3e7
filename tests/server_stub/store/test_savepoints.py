"""What is undone leaves nothing, what goes on stands: on both engines."""

from collections.abc import Iterator

import pytest

from server_stub import store
from server_stub.domain.audit import chain
from server_stub.store.engine.connection import Duplicate
from server_stub.store.savepoints import attempt, undone
from server_stub.store.writer import Transaction

NOTE = chain.Draft(0, "bob", "token", "::1", "test", "x", "done", {})


@pytest.fixture
def tx(database_url: str) -> Iterator[Transaction]:
    """A transaction on each engine, which is rolled back."""
    engine = store.engine_of(database_url)
    store.prepare(engine)
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
    with undone(tx):
        add(tx, "a")
        assert added(tx) == ["a"]
    assert (added(tx), tx.drafts, tx.changed) == ([], [], False)
    add(tx, "b")
    assert (added(tx), len(tx.drafts)) == (["b"], 1)


def test_an_attempt_that_fails_takes_its_own_changes_alone(tx: Transaction) -> None:
    with undone(tx):
        with attempt(tx):
            add(tx, "a")
        with pytest.raises(Duplicate):
            add_both(tx, "b", "a")
        with attempt(tx):
            add(tx, "c")
        assert (added(tx), len(tx.drafts)) == (["a", "c"], 2)
    assert added(tx) == []
