"""Reading: connections shared by all threads, kept, and replaced when the database cut them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server_stub.domain.base.errors import Unavailable
from server_stub.store import StoreError
from server_stub.store.database import READERS
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
    store.prepare(engine)
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
    store.prepare(engine)
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
