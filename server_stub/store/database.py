"""One database as one process sees it: ``read`` for a handler that looks, ``write`` for one that changes."""

import collections
import contextlib
import queue
from collections.abc import Callable
from typing import TypeVar

from server_stub.store import Rows
from server_stub.store.engine import blocking
from server_stub.store.engine.connection import NO_VALUES, Engine, Row, StoreError, Unreachable, Values
from server_stub.store.engine.read_cache import ReadCache
from server_stub.store.uses import Uses
from server_stub.store.writer import Transaction, Writer, clock

READERS = 16
"""How many connections may read at the same time: a PostgreSQL has room for few, and each SQLite one has a cache."""

_Key = TypeVar("_Key", str, int)
_Answer = TypeVar("_Answer")


class Reader:
    """One look at the database by one request: each statement sees what is committed when it runs."""

    def __init__(self, database: "Database", now: int):
        self.now = now
        self.rows = database.rows
        self.known = database.known


class Database:
    """One database as one process sees it: connections for reading, shared by all threads, and one writer."""

    def __init__(self, engine: Engine, clock: Callable[[], int] = clock):
        self.engine = engine
        self.clock = clock
        self.uses = Uses()
        self._writer = Writer(engine, clock, self.uses)
        self._idle: collections.deque[ReadCache] = collections.deque()
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
        """Read rows; raise StoreError."""
        return self._look(lambda connection: connection.rows(sql, values))

    def known(self, look: Callable[[Rows, _Key], _Answer], key: _Key) -> _Answer:
        """Return what a look finds by a key, without looking where nobody has committed since; raise StoreError."""
        return self._look(lambda connection: connection.known(look, key))

    def _look(self, look: Callable[[ReadCache], _Answer]) -> _Answer:
        """Look by a connection that nobody else uses meanwhile.

        One that was kept may have been cut since, so what fails on one is tried once more on a fresh one.
        """
        self._room.get()
        try:
            return self._tried(look)
        finally:
            self._room.put(None)

    def _tried(self, look: Callable[[ReadCache], _Answer]) -> _Answer:
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._once(self._connect(), look)
        try:
            return self._once(connection, look)
        except Unreachable:
            self._close_idle()
            return self._once(self._connect(), look)

    def _connect(self) -> ReadCache:
        return ReadCache(self.engine.connect())

    def _once(self, connection: ReadCache, look: Callable[[ReadCache], _Answer]) -> _Answer:
        """Look, and keep the connection unless it failed."""
        try:
            found = look(connection)
        except BaseException:
            _close(connection)
            raise
        self._idle.append(connection)
        return found

    def _close_idle(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                _close(self._idle.pop())

    def write(self, piece: Callable[[Transaction], _Answer], unaudited: bool = False) -> _Answer:
        """Run a piece in the writer and return its result once it is on disk (see ``writer``)."""
        blocking.about_to_block()
        return self._writer.write(piece, unaudited)

    def submit(self, piece: Callable[[Transaction], object]) -> None:
        """Hand a piece to the writer without waiting for it."""
        self._writer.submit(piece)

    def close(self) -> None:
        """Finish what waits, stop the writer and close the connections; no request may run any more."""
        self._writer.close()
        self._close_idle()


def _close(connection: ReadCache) -> None:
    """Close a connection that may be broken."""
    with contextlib.suppress(StoreError):
        connection.close()
