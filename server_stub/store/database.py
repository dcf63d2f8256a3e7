"""One database as one process sees it: ``read`` for a handler that looks, ``write`` for one that changes."""

import collections
import contextlib
import queue
from collections.abc import Callable
from typing import TypeVar

from server_stub.store import waiting
from server_stub.store.connection import NO_VALUES, Connection, Engine, Row, StoreError, Unreachable, Values
from server_stub.store.uses import Uses
from server_stub.store.writer import Transaction, Writer, clock

READERS = 16
"""How many connections may read at the same time: a PostgreSQL has room for few, and each SQLite one has a cache."""

_Answer = TypeVar("_Answer")


class Reader:
    """One look at the database by one request: each statement sees what is committed when it runs."""

    def __init__(self, database: "Database", now: int):
        self.now = now
        self.rows = database.rows


class Database:
    """One database as one process sees it: connections for reading, shared by all threads, and one writer."""

    def __init__(self, engine: Engine, clock: Callable[[], int] = clock):
        self.engine = engine
        self.clock = clock
        self.uses = Uses()
        self._writer = Writer(engine, clock, self.uses)
        self._idle: collections.deque[Connection] = collections.deque()
        self._room: queue.SimpleQueue[None] = queue.SimpleQueue()  # a semaphore, at a tenth of the cost of Python's own
        for _ in range(READERS):
            self._room.put(None)

    def reader(self) -> Reader:
        """Begin a look at this moment; its reads raise Unreachable when the database is away."""
        return Reader(self, self.clock())

    def read(self, look: Callable[[Reader], _Answer]) -> _Answer:
        """Run a look at this moment."""
        return look(self.reader())

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Read rows on a connection that nobody else uses meanwhile; raise StoreError.

        A connection that was kept may have been cut since, so a statement that fails on one is tried once
        more on a fresh one.
        """
        self._room.get()
        try:
            return self._tried(sql, values)
        finally:
            self._room.put(None)

    def _tried(self, sql: str, values: Values) -> list[Row]:
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._rows(self.engine.connect(), sql, values)
        try:
            return self._rows(connection, sql, values)
        except Unreachable:
            self._close_idle()
            return self._rows(self.engine.connect(), sql, values)

    def _rows(self, connection: Connection, sql: str, values: Values) -> list[Row]:
        """Read rows and keep the connection, unless it failed."""
        try:
            found = connection.rows(sql, values)
        except BaseException:
            _close(connection)
            raise
        self._idle.append(connection)
        return found

    def _close_idle(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                _close(self._idle.pop())

    def write(self, piece: Callable[[Transaction], _Answer], audited: bool = True) -> _Answer:
        """Run a piece in the writer and return its result once it is on disk (see ``writer``)."""
        waiting.begin()
        return self._writer.write(piece, audited)

    def submit(self, piece: Callable[[Transaction], object]) -> None:
        """Hand a piece to the writer without waiting for it."""
        self._writer.submit(piece)

    def close(self) -> None:
        """Finish what waits, stop the writer and close the connections; no request may run any more."""
        self._writer.close()
        self._close_idle()


def _close(connection: Connection) -> None:
    """Close a connection that may be broken."""
    with contextlib.suppress(StoreError):
        connection.close()
