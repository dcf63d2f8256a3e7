"""The store: SQL, one text for both engines.

``Database`` is the whole of it for the rest of the server: ``read`` for a handler that looks,
``write`` for one that changes. Nothing is cached, so a revocation holds everywhere at once.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from server_stub.store import migrate
from server_stub.store.connection import NO_VALUES, Connection, Engine, Row, StoreError, Values
from server_stub.store.uses import Uses
from server_stub.store.writer import Transaction, Writer, clock

__all__ = ["Database", "Reader", "Reads", "StoreError", "Transaction", "Values", "clock", "engine_of", "prepare"]

_Answer = TypeVar("_Answer")


class Reads(Protocol):
    """What a look needs: a Reader and a Transaction both are one. ``now`` is UTC microseconds."""

    now: int

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Read rows."""


class Reader:
    """One look at the database by one request: each statement sees what is committed when it runs."""

    def __init__(self, connection: Connection, now: int):
        self.now = now
        self.rows = connection.rows


class Database:
    """One database as one process sees it: a connection a thread for reading, one writer."""

    def __init__(self, engine: Engine, clock: Callable[[], int] = clock):
        self.engine = engine
        self.clock = clock
        self.uses = Uses()
        self._writer = Writer(engine, clock, self.uses)
        self._threads = threading.local()
        self._opened: list[Connection] = []

    def read(self, look: Callable[[Reader], _Answer]) -> _Answer:
        """Run a look on this thread's connection; raise Unreachable when the database is away."""
        connection = self._connection()
        try:
            return look(Reader(connection, self.clock()))
        except StoreError:
            self._threads.connection = None
            self._opened.remove(connection)
            connection.close()
            raise

    def _connection(self) -> Connection:
        """Return this thread's connection, opened at its first look."""
        connection: Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._threads.connection = self.engine.connect()
            self._opened.append(connection)
        return connection

    def write(self, piece: Callable[[Transaction], _Answer], audited: bool = True) -> _Answer:
        """Run a piece in the writer and return its result once it is on disk (see ``writer``)."""
        return self._writer.write(piece, audited)

    def submit(self, piece: Callable[[Transaction], object]) -> None:
        """Hand a piece to the writer without waiting for it."""
        self._writer.submit(piece)

    def close(self) -> None:
        """Finish what waits, stop the writer and close the connections; no request may run any more."""
        self._writer.close()
        for connection in self._opened:
            connection.close()


def engine_of(url: str) -> Engine:
    """Choose the engine of ``postgresql://...`` or of a SQLite file's path; nothing is opened yet."""
    if url.startswith(("postgresql://", "postgres://")):
        from server_stub.store.postgres import PostgresEngine

        return PostgresEngine(url)
    from server_stub.store.sqlite import SqliteEngine

    return SqliteEngine(Path(url))


def prepare(engine: Engine) -> list[str]:
    """Bring the database to this program's schema; see ``migrate``."""
    return migrate.migrate(engine)
