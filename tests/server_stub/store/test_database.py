"""Reading: connections shared by all threads, kept, and replaced when the database cut them."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server_stub.domain.base.errors import Unavailable
from server_stub.store import Rows, StoreError
from server_stub.store import database as databases
from server_stub.store.database import READERS, ReadCache
from server_stub.store.engine.connection import Connection, Engine
from server_stub.store.engine.sqlite import SqliteEngine
from tests.processes import Postgres
from tests.server_stub.store.conftest import Database

ONE = "SELECT 1"


class Counting:
    """An engine that remembers the connections it opened."""

    def __init__(self, inner: Engine):
        self.name, self.flavour, self.inner = inner.name, inner.flavour, inner
        self.opened: list[Connection] = []

    def connect(self) -> Connection:
        """Open one more."""
        self.opened.append(self.inner.connect())
        return self.opened[-1]

    def keep_backup(self, label: str) -> str:
        """Not wanted here."""
        raise AssertionError(label)

    def tidy(self, connection: Connection) -> None:
        """Have nothing to tidy."""


def test_threads_that_come_and_go_share_a_few_connections(founded: Database) -> None:
    engine = Counting(founded.engine)
    database = Database(engine)
    for _ in range(30):
        thread = threading.Thread(target=database.rows, args=(ONE,))
        thread.start()
        thread.join()
    assert len(engine.opened) == 1
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: database.rows(ONE), range(200)))
    assert len(engine.opened) <= 4
    database.close()


def test_no_more_than_some_connections_read_at_the_same_time(founded: Database) -> None:
    engine = Counting(founded.engine)
    database = Database(engine)
    everybody = threading.Barrier(3 * READERS)

    def read(number: int) -> None:
        everybody.wait(10)
        for _ in range(20):
            assert database.rows("SELECT :number", {"number": number}) == [(number,)]

    with ThreadPoolExecutor(3 * READERS) as pool:
        list(pool.map(read, range(3 * READERS)))
    assert len(engine.opened) <= READERS
    database.close()


def test_connections_that_were_cut_are_replaced_for_readers_and_the_writer(postgres_server: Postgres) -> None:
    import psycopg

    from server_stub import store
    from server_stub.store import foundation

    engine = store.engine_of(postgres_server.fresh_database())
    store.migrate(engine)
    foundation.lay(engine)
    database = Database(engine)
    database.write(lambda tx: tx.rows(ONE))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: database.rows(ONE), range(50)))
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    assert database.write(lambda tx: tx.rows(ONE)) == [(1,)]
    for _ in range(8):
        assert database.rows(ONE) == [(1,)]
    database.close()


def test_a_statement_that_is_wrong_is_told_and_spoils_nothing(founded: Database) -> None:
    with pytest.raises(StoreError):
        founded.rows("SELECT nothing FROM nowhere")
    assert founded.rows(ONE) == [(1,)]


def test_what_is_handed_over_after_the_end_is_refused_at_once(founded: Database) -> None:
    database = Database(founded.engine)
    database.close()
    with pytest.raises(Unavailable):
        database.write(lambda tx: None)


class Failing:
    """A connection whose COMMIT is never answered."""

    def __init__(self, inner: Connection):
        self.rows_, self.inner = inner.rows, inner
        self.many, self.script, self.changes = inner.many, inner.script, inner.changes
        self.begin, self.close = inner.begin, inner.close

    def rows(self, sql: str, values: object = None) -> list[tuple[object, ...]]:
        """Run a statement; lose the answer of COMMIT."""
        found = self.rows_(sql, values or {})  # type: ignore[arg-type]  # passed on as it came
        if sql == "COMMIT":
            raise StoreError("the line is cut")
        return found


def test_a_commit_without_an_answer_is_not_called_undone(tmp_path: Path) -> None:
    from server_stub import store
    from server_stub.domain.audit.chain import Draft
    from server_stub.store import foundation

    engine = SqliteEngine(tmp_path / "vshell.db")
    store.migrate(engine)
    foundation.lay(engine)

    class Cut(Counting):
        def connect(self) -> Connection:
            return Failing(self.inner.connect())  # type: ignore[return-value]  # a stand-in for one

    database = Database(Cut(engine))
    with pytest.raises(Unavailable) as caught:
        database.write(lambda tx: tx.record(Draft(tx.now, "tester", "local", "", "test", "")))
    assert caught.value.code == "outcome_unknown"
    assert "nothing was changed" not in caught.value.sentence
    database.close()


def test_what_does_not_wait_comes_to_its_end() -> None:
    done: list[int] = []
    assert databases.try_inline(lambda: done.append(1))
    assert done == [1]


def test_what_begins_to_wait_is_left_there_and_nothing_in_it_takes_that_for_a_failure() -> None:
    done: list[str] = []

    def wait() -> None:
        try:
            databases.about_to_block()
        except Exception:
            done.append("taken for a failure")
        done.append("waited")

    assert not databases.try_inline(wait)
    assert done == []


def test_waiting_is_forbidden_nowhere_else_and_not_afterwards() -> None:
    waited: list[str] = []

    def elsewhere() -> None:
        databases.about_to_block()
        waited.append("elsewhere")

    def run() -> None:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()

    assert databases.try_inline(run)
    databases.about_to_block()
    assert waited == ["elsewhere"]


def test_what_fails_raises_what_it_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        databases.try_inline(lambda: print(1 // 0))
    databases.about_to_block()


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
    assert [reading.run_cached(look, "a") for _ in range(3)] == [1, 1, 1]
    assert look.made == 1


def test_any_commit_is_seen_at_once(reading: ReadCache, writing: Connection) -> None:
    look = Looks()
    for number in range(300):
        writing.rows("UPDATE kept SET number = :number", {"number": number})
        assert reading.run_cached(look, "a") == number
    assert look.made == 300


def test_a_commit_of_another_process_is_seen_at_once(reading: ReadCache, tmp_path: Path) -> None:
    look = Looks()
    for number in range(2, 5):
        program = f"import apsw, sys; apsw.Connection(sys.argv[1]).execute('UPDATE kept SET number = {number}')"
        subprocess.run([sys.executable, "-c", program, str(tmp_path / "db")], check=True, timeout=30)
        assert [reading.run_cached(look, "a") for _ in range(2)] == [number, number]


def test_what_is_not_committed_is_not_seen(reading: ReadCache, writing: Connection) -> None:
    look = Looks()
    assert reading.run_cached(look, "a") == 1
    writing.begin()
    writing.rows("UPDATE kept SET number = 7")
    assert reading.run_cached(look, "a") == 1
    writing.rows("ROLLBACK")
    assert reading.run_cached(look, "a") == 1
    assert look.made == 1


def test_what_is_not_there_is_looked_for_again(reading: ReadCache) -> None:
    look = Looks()
    assert [reading.run_cached(look, "b") for _ in range(3)] == [None, None, None]
    assert look.made == 3
    assert not reading._found


def test_two_looks_by_one_key_are_two(reading: ReadCache) -> None:
    one, other = Looks(), Looks()
    for look in (one, other, one, other):
        assert reading.run_cached(look, "a") == 1
    assert (one.made, other.made) == (1, 1)


def test_no_more_is_remembered_than_has_room(reading: ReadCache, writing: Connection) -> None:
    names = [f"n{number}" for number in range(2 * databases.MOST_CACHED)]
    writing.many("INSERT INTO kept VALUES (:name, 5)", [{"name": name} for name in names])
    look = Looks()
    assert {reading.run_cached(look, name) for name in names} == {5}
    assert len(reading._found) <= databases.MOST_CACHED


def test_where_asking_costs_a_look_every_look_is_made(founded: Database) -> None:
    connection = founded.engine.connect()
    kept, made = ReadCache(connection), []

    def look(tx: Rows, key: str) -> str:
        made.append(key)
        return str(tx.rows("SELECT 'x'")[0][0])

    assert [kept.run_cached(look, "a") for _ in range(3)] == ["x", "x", "x"]
    assert len(made) == (1 if connection.version() is not None else 3)
    kept.close()
