"""What is remembered: for as long as nobody commits, whoever it would be, and never by a clock."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server_stub.store import Rows
from server_stub.store.engine import read_cache
from server_stub.store.engine.connection import Connection
from server_stub.store.engine.read_cache import ReadCache
from server_stub.store.engine.sqlite import SqliteEngine
from tests.server_stub.store.conftest import Database


class Looks:
    """A look that counts how often it was really made."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, tx: Rows, key: str) -> int | None:
        """Return the number that is kept by a key."""
        self.made += 1
        rows = tx.rows("SELECT number FROM kept WHERE name = :name", {"name": key})
        return int(rows[0][0]) if rows else None


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[Connection]:
    """A connection to a database of one row, beside the one that reads."""
    with contextlib.closing(SqliteEngine(tmp_path / "db").connect()) as connection:
        connection.script("CREATE TABLE kept (name TEXT, number INTEGER); INSERT INTO kept VALUES ('a', 1)")
        yield connection


@pytest.fixture
def reading(tmp_path: Path, writing: Connection) -> Iterator[ReadCache]:
    """A connection that only reads."""
    with contextlib.closing(ReadCache(SqliteEngine(tmp_path / "db").connect())) as connection:
        yield connection


def test_a_second_look_is_none(reading: ReadCache) -> None:
    look = Looks()
    assert [reading.known(look, "a") for _ in range(3)] == [1, 1, 1]
    assert look.made == 1


def test_any_commit_is_seen_at_once(reading: ReadCache, writing: Connection) -> None:
    look = Looks()
    for number in range(300):
        writing.rows("UPDATE kept SET number = :number", {"number": number})
        assert reading.known(look, "a") == number
    assert look.made == 300


def test_a_commit_of_another_process_is_seen_at_once(reading: ReadCache, tmp_path: Path) -> None:
    look = Looks()
    for number in range(2, 5):
        program = f"import apsw, sys; apsw.Connection(sys.argv[1]).execute('UPDATE kept SET number = {number}')"
        subprocess.run([sys.executable, "-c", program, str(tmp_path / "db")], check=True, timeout=30)
        assert [reading.known(look, "a") for _ in range(2)] == [number, number]


def test_what_is_not_committed_is_not_seen(reading: ReadCache, writing: Connection) -> None:
    look = Looks()
    assert reading.known(look, "a") == 1
    writing.begin()
    writing.rows("UPDATE kept SET number = 7")
    assert reading.known(look, "a") == 1
    writing.rows("ROLLBACK")
    assert reading.known(look, "a") == 1
    assert look.made == 1


def test_what_is_not_there_is_looked_for_again(reading: ReadCache) -> None:
    look = Looks()
    assert [reading.known(look, "b") for _ in range(3)] == [None, None, None]
    assert look.made == 3
    assert not reading._found


def test_two_looks_by_one_key_are_two(reading: ReadCache) -> None:
    one, other = Looks(), Looks()
    for look in (one, other, one, other):
        assert reading.known(look, "a") == 1
    assert (one.made, other.made) == (1, 1)


def test_no_more_is_remembered_than_has_room(reading: ReadCache, writing: Connection) -> None:
    names = [f"n{number}" for number in range(2 * read_cache.KEPT)]
    writing.many("INSERT INTO kept VALUES (:name, 5)", [{"name": name} for name in names])
    look = Looks()
    assert {reading.known(look, name) for name in names} == {5}
    assert len(reading._found) <= read_cache.KEPT


def test_where_asking_costs_a_look_every_look_is_made(founded: Database) -> None:
    connection = founded.engine.connect()
    kept, made = ReadCache(connection), []

    def look(tx: Rows, key: str) -> str:
        made.append(key)
        return str(tx.rows("SELECT 'x'")[0][0])

    assert [kept.known(look, "a") for _ in range(3)] == ["x", "x", "x"]
    assert len(made) == (1 if connection.version() is not None else 3)
    kept.close()
