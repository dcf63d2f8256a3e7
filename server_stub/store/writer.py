"""The one writer of a process: it gathers what waits, and commits it together with its audit records.

Theory of operation. Request threads hand over *pieces*, functions of a Transaction. The writer's
thread takes all that wait (at most ``GROUP``), begins one transaction, takes the row of the audit head,
runs each piece in a savepoint, chains the audit records of those that went well, commits once, and only
then answers each. A piece that raises is undone alone and its caller gets what it raised.

Rules:

* An answer leaves only after the commit: an acknowledged change survives a crash.
* A piece that changed something without an audit record is a defect and is undone. Bookkeeping
  (uses, sign-in attempts) says so with ``unaudited=True``.
* When the audit records cannot be written, nothing of the group happened. When the commit itself
  fails, the answer says that the outcome is unknown: a database that is cut off may have it on disk.
* The audit head's row puts the groups of all processes in one order, so a check of a limit inside a
  piece is exact on both engines, whatever other process does.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from server_stub.domain.audit import chain
from server_stub.domain.base.errors import Refusal, Unavailable
from server_stub.store import audit as audit_store
from server_stub.store.engine.connection import NO_VALUES, Connection, Engine, Row, StoreError, Values

GROUP = 256
IDLE_SECONDS = 1.0
READING = ("SELECT", "WITH")

_Key = TypeVar("_Key", str, int)
_Answer = TypeVar("_Answer")
_log = logging.getLogger(__name__)


class Transaction:
    """What a piece may do: read, change, and say what it did. ``now`` is UTC microseconds.

    ``connection`` is the one that it runs on; of it another transaction is made inside this one (see ``rehearsals``).
    """

    def __init__(self, connection: Connection, now: int, unaudited: bool = False):
        self.now = now
        self.drafts: list[chain.Draft] = []
        self.changed = False
        self.connection = connection
        self._unaudited = unaudited
        self._read: dict[object, list[Row]] = {}

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Read rows. The audit head is held: what was read once stays so until this transaction changes something."""
        if not sql.startswith(READING):
            self._read.clear()
            return self.connection.rows(sql, values)
        asked = (sql, *values.items())
        found = self._read.get(asked)
        if found is None:
            found = self._read[asked] = self.connection.rows(sql, values)
        return found

    def run_cached(self, query: Callable[["Transaction", _Key], _Answer], key: _Key) -> _Answer:
        """Return what a query finds by a key."""
        return query(self, key)

    def change(self, sql: str, values: Values = NO_VALUES) -> int:
        """Change rows and return how many; raise Duplicate when a unique key stands already."""
        self.changed = True
        self._read.clear()
        self.connection.rows(sql, values)
        return self.connection.changes()

    def change_many(self, sql: str, values: Sequence[Values]) -> None:
        """Change rows by one statement for each set of values."""
        self.changed = True
        self._read.clear()
        self.connection.many(sql, values)

    def record(self, draft: chain.Draft) -> None:
        """Say what was done, or refused, for the audit chain."""
        self.drafts.append(draft)

    def mark_unaudited(self) -> None:
        """Say that what is changed here is counted elsewhere, so that it may be without a record."""
        self._unaudited = True

    def close(self) -> None:
        """Refuse a change that left no audit record."""
        if not self._unaudited and self.changed and not self.drafts:
            raise AssertionError("a change without an audit record")


@dataclass(slots=True)
class _Piece:
    run: Callable[[Transaction], Any]
    unaudited: bool
    answer: Future[Any] = field(default_factory=Future)
    result: Any = None
    drafts: list[chain.Draft] = field(default_factory=list)


class PendingUses(Protocol):
    """What is noted in memory and written down in turn (see ``tokens``)."""

    def due(self) -> bool:
        """Tell whether it is time to write."""

    def take(self) -> dict[str, Any]:
        """Hand over what is noted."""

    def write(self, tx: Transaction, noted: dict[str, Any]) -> None:
        """Write it down."""


class Writer:
    """The writing side of one process over one database."""

    def __init__(self, engine: Engine, clock: Callable[[], int], uses: PendingUses):
        self._engine = engine
        self._clock = clock
        self._uses = uses
        self._waiting: queue.SimpleQueue[_Piece | None] = queue.SimpleQueue()
        self._open_for_more = threading.Lock()
        self._closed = False
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def write(self, run: Callable[[Transaction], _Answer], unaudited: bool = False) -> _Answer:
        """Run a piece and return its result once it is on disk.

        Raises what the piece raised, or Unavailable when the database could not take the group.
        """
        return self.submit(run, unaudited).result()

    def submit(self, run: Callable[[Transaction], _Answer], unaudited: bool = False) -> Future[_Answer]:
        """Hand over a piece without waiting for it."""
        piece = _Piece(run, unaudited)
        with self._open_for_more:
            if self._closed:
                piece.answer.set_exception(Unavailable("the server is stopping", hint="Try again in a moment."))
            else:
                self._waiting.put(piece)
        return piece.answer

    def close(self) -> None:
        """Finish what waits, write the uses down, and stop; what comes later is refused."""
        with self._open_for_more:
            self._closed = True
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        going = idle = True
        while going:
            group, going = self._gather()
            try:
                if group:
                    self._commit(group)
                if not group or not going or self._uses.due():
                    self._write_uses()
                if not group and not idle:
                    self._tidy()
            except Exception:  # a defect may cost one turn, never the thread that all others wait for
                _log.exception("a turn of the writer failed")
                self._drop()
            idle = not group
        self._drop()

    def _gather(self) -> tuple[list[_Piece], bool]:
        """Wait for a piece and take what else waits; the second value is False when it is time to stop."""
        group: list[_Piece] = []
        try:
            piece = self._waiting.get(timeout=IDLE_SECONDS)
            while piece is not None:
                group.append(piece)
                if len(group) == GROUP:
                    return group, True
                piece = self._waiting.get_nowait()
        except queue.Empty:
            return group, True
        return group, False

    def _commit(self, group: list[_Piece]) -> None:
        """Run a group in one transaction and answer each piece."""
        committing = False
        try:
            connection = self._begin()
            head = audit_store.hold_head(connection)
            for piece in group:
                self._run(connection, piece)
            drafts = [draft for piece in group for draft in piece.drafts]
            audit_store.append(connection, head, drafts)
            committing = True
            connection.rows("COMMIT")
        except BaseException as error:
            self._give_up(group, error, _unknown() if committing else _unwritten())
        else:
            for piece in group:
                if not piece.answer.done():
                    piece.answer.set_result(piece.result)

    def _begin(self) -> Connection:
        """Begin a transaction; on a new connection when the one that was kept has been cut meanwhile."""
        if self._connection is not None:
            try:
                self._connection.begin()
            except StoreError as error:
                _log.warning("the database is connected to anew: %s", error)
                self._drop()
            else:
                return self._connection
        connection = self._open()
        connection.begin()
        return connection

    def _run(self, connection: Connection, piece: _Piece) -> None:
        """Run one piece in a savepoint; a piece that raises is answered at once, for nothing of it stays."""
        connection.rows("SAVEPOINT piece")
        transaction = Transaction(connection, self._clock(), piece.unaudited)
        try:
            piece.result = piece.run(transaction)
            transaction.close()
        except Exception as error:
            connection.rows("ROLLBACK TO SAVEPOINT piece")
            connection.rows("RELEASE SAVEPOINT piece")
            if isinstance(error, StoreError) and not isinstance(error, Refusal):
                _log.exception("a piece failed in the database")
            piece.answer.set_exception(error)
        else:
            piece.drafts = transaction.drafts
            connection.rows("RELEASE SAVEPOINT piece")

    def _give_up(self, group: list[_Piece], error: BaseException, refusal: Unavailable) -> None:
        """Answer a group whose commit failed, and start afresh: after a failed sync nothing may be tried again."""
        _log.error("a group of %d writes was not committed: %s", len(group), error)
        for piece in group:
            if not piece.answer.done():
                piece.answer.set_exception(refusal)
        self._drop()

    def _write_uses(self) -> None:
        """Write down when tokens were last used; losing this is no loss, so a failure waits for the next turn."""
        noted = self._uses.take()
        if not noted:
            return
        try:
            connection = self._begin()
            audit_store.hold_head(connection)
            self._uses.write(Transaction(connection, self._clock(), unaudited=True), noted)
            connection.rows("COMMIT")
        except StoreError as error:
            _log.warning("the last uses of %d tokens were not written: %s", len(noted), error)
            self._drop()

    def _tidy(self) -> None:
        try:
            self._engine.tidy(self._open())
        except StoreError as error:
            _log.warning("the database could not be tidied: %s", error)
            self._drop()

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _drop(self) -> None:
        """Close the connection, whatever state it is in; the next group opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except StoreError as error:
                _log.warning("a broken connection could not be closed: %s", error)


def _unwritten() -> Unavailable:
    return Unavailable(
        "the change could not be written, and nothing was changed",
        hint="the server's log says why; try again when its disk or database is back",
    )


def _unknown() -> Unavailable:
    return Unavailable(
        "the database did not say whether the change is written",
        hint="Look before trying again: the change may be there.",
        code="outcome_unknown",
    )


def clock() -> int:
    """Return the time in UTC microseconds."""
    return time.time_ns() // 1_000


@contextmanager
def discard_changes(tx: Transaction) -> Iterator[None]:
    """Let the block change what it likes and see its own changes, and leave nothing of it, audit records included."""
    drafts, changed = len(tx.drafts), tx.changed
    tx.rows("SAVEPOINT undone")
    try:
        yield
    finally:
        tx.rows("ROLLBACK TO SAVEPOINT undone")
        tx.rows("RELEASE SAVEPOINT undone")
        del tx.drafts[drafts:]
        tx.changed = changed


@contextmanager
def attempt(tx: Transaction) -> Iterator[None]:
    """Let the block stand whole, or not at all when it raises; what it raised goes on."""
    drafts = len(tx.drafts)
    tx.rows("SAVEPOINT attempt")
    try:
        yield
    except BaseException:
        tx.rows("ROLLBACK TO SAVEPOINT attempt")
        del tx.drafts[drafts:]
        raise
    finally:
        tx.rows("RELEASE SAVEPOINT attempt")
