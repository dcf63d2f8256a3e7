"""One database as one process sees it: connections that read, what they cache, and one writer.

Rules of what is cached:

* At each use the count of commits is read, and all is dropped when another has committed since. There is no window
  in which a revoked token lives on: this is a shorter way to the same answer.
* A query that is cached is given rows and no clock, so what it finds cannot age.
* Only connections that never write have a cache: SQLite's count leaves out a connection's own commits.

A thread that serves many requests must not block. A quick read is answered on the event loop itself (see
``web.http.gateway``), and most only read a few rows. The rare one that has something to write first, or a password to
check, raises WouldBlock before anything is done, and is begun again in another thread.
"""

import collections
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from server_stub.store import Rows
from server_stub.store.engine.connection import NO_VALUES, Connection, Engine, Row, StoreError, Unreachable, Values
from server_stub.store.tokens import Uses
from server_stub.store.writer import Transaction, Writer, clock

READERS = 16
"""How many connections may read at the same time: a PostgreSQL has room for few, and each SQLite one has a cache."""
MOST_CACHED = 256
"""How many answers a connection caches at most; a full cache is emptied."""

_Key = TypeVar("_Key", str, int)
_Answer = TypeVar("_Answer")
_thread = threading.local()


class WouldBlock(BaseException):
    """What is being done has to wait, and may not here. No handler takes it for a failure: it is no Exception."""


def try_inline(run: Callable[[], None]) -> bool:
    """Run something that must not wait; tell whether it came to its end."""
    _thread.forbidden = True
    try:
        run()
    except WouldBlock:
        return False
    finally:
        _thread.forbidden = False
    return True


def about_to_block() -> None:
    """Say that this thread is about to wait; raise WouldBlock where that is forbidden."""
    if getattr(_thread, "forbidden", False):
        raise WouldBlock


class ReadCache:
    """A connection that only reads, and what was found on it."""

    def __init__(self, connection: Connection):
        self._version: int | None = None
        self._found: dict[tuple[Callable[..., Any], str | int], Any] = {}
        self._connection = connection
        self.rows = connection.rows
        self.close = connection.close

    def run_cached(self, query: Callable[["ReadCache", _Key], _Answer], key: _Key) -> _Answer:
        """Return what a query finds by a key, without running it where it was found before; raise StoreError."""
        version = self._connection.version()
        if version is None:
            return query(self, key)
        if version != self._version or len(self._found) >= MOST_CACHED:
            self._found.clear()
            self._version = version
        asked = (query, key)
        found: _Answer | None = self._found.get(asked)
        if found is None:
            found = query(self, key)
            if found is not None:  # look-ups of what is not there fill nothing
                self._found[asked] = found
        return found


class Reader:
    """What one request reads by: each statement sees what is committed when it runs."""

    def __init__(self, database: "Database", now: int):
        self.now = now
        self.rows = database.rows
        self.run_cached = database.run_cached


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
        """Return what a request of now reads by; its reads raise Unreachable when the database is away."""
        return Reader(self, self.clock())

    def read(self, query: Callable[[Reader], _Answer]) -> _Answer:
        """Run a query of now."""
        return query(self.reader())

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Read rows; raise StoreError."""
        return self._run(lambda connection: connection.rows(sql, values))

    def run_cached(self, query: Callable[[Rows, _Key], _Answer], key: _Key) -> _Answer:
        """Return what a query finds by a key, without running it where nobody has committed since; raise StoreError."""
        return self._run(lambda connection: connection.run_cached(query, key))

    def _run(self, query: Callable[[ReadCache], _Answer]) -> _Answer:
        """Run a query by a connection that no other thread uses meanwhile.

        An idle one may have been cut since, so what fails on one is tried once more on a fresh one.
        """
        self._room.get()
        try:
            connection = self._take_idle()
            if connection is not None:
                try:
                    return self._run_on(connection, query)
                except Unreachable:
                    self._close_idle()
            return self._run_on(ReadCache(self.engine.connect()), query)
        finally:
            self._room.put(None)

    def _run_on(self, connection: ReadCache, query: Callable[[ReadCache], _Answer]) -> _Answer:
        """Run a query, and keep the connection unless it failed."""
        try:
            found = query(connection)
        except BaseException:
            _close(connection)
            raise
        self._idle.append(connection)
        return found

    def _take_idle(self) -> ReadCache | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _close_idle(self) -> None:
        while (connection := self._take_idle()) is not None:
            _close(connection)

    def write(self, piece: Callable[[Transaction], _Answer], unaudited: bool = False) -> _Answer:
        """Run a piece in the writer and return its result once it is on disk (see ``writer``)."""
        about_to_block()
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
