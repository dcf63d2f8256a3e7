"""The interface of a database engine, and the one place where its errors get their meaning.

Rules:

* SQL is written once, with ``:name`` parameters; an engine translates, it never decides.
* A connection belongs to one thread. Outside ``BEGIN`` each statement stands alone.
* The engines raise only the three errors below; whatever else comes out of a driver is a defect.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

Row = tuple[Any, ...]
Values = Mapping[str, Any]
NO_VALUES: Values = MappingProxyType({})


class StoreError(Exception):
    """A database said no; the message is the driver's and goes to the log, never to a user."""


class Duplicate(StoreError):
    """A unique key stands already."""


class Unreachable(StoreError):
    """The database cannot be used now: lost, full, locked for too long, or read-only."""


_Key = TypeVar("_Key", str, int)
_Found = TypeVar("_Found")


class Rows(Protocol):
    """What a query needs that does not depend on the time."""

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Read rows."""


class Reads(Rows, Protocol):
    """What a query needs: a Reader and a Transaction both are one. ``now`` is UTC microseconds."""

    now: int

    def run_cached(self, query: Callable[[Rows, _Key], _Found], key: _Key) -> _Found:
        """Return what a query finds by a key, perhaps as it was found before when nobody has committed since."""


class Connection(Protocol):
    """One open connection to one database."""

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Run one statement and return its rows; raise Duplicate or Unreachable."""

    def many(self, sql: str, values: Sequence[Values]) -> None:
        """Run one statement for each set of values."""

    def script(self, sql: str) -> None:
        """Run several statements that take no values."""

    def begin(self) -> None:
        """Begin a transaction that may write, waiting a few seconds for other writers."""

    def changes(self) -> int:
        """Return how many rows the last statement changed."""

    def version(self) -> int | None:
        """Return what is another number after any commit of any other connection, or None where that costs a read."""

    def close(self) -> None:
        """Close the connection; closing twice is allowed."""


class Engine(Protocol):
    """A kind of database: how to open it, and its words where SQL differs."""

    name: str
    flavour: Mapping[str, str]
    """Words of the schema files and what this engine calls them."""
    near: bool
    """Whether a read is answered within this process, without waiting for another."""

    def connect(self) -> Connection:
        """Open a connection; raise Unreachable with the driver's message."""

    def keep_backup(self, label: str) -> str:
        """Back the database up before a change of schema; return a sentence that says where it lies."""

    def tidy(self, connection: Connection) -> None:
        """Do the housekeeping that is best done while nobody writes."""


@contextlib.contextmanager
def open_transaction(connection: Connection) -> Iterator[None]:
    """Let the block write in one transaction: committed at its end, undone when it raises."""
    connection.begin()
    try:
        yield
        connection.rows("COMMIT")
    except BaseException:
        connection.rows("ROLLBACK")
        raise
