"""The store: SQL, one text for both engines.

``database.Database`` is the whole of it for the rest of the server; the other modules are nouns, functions of
a transaction. Nothing is cached beyond a commit (see ``memory``), so a revocation holds everywhere at once.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from server_stub.domain.base.errors import Unavailable
from server_stub.store.engine import migrate
from server_stub.store.engine.connection import NO_VALUES, Engine, Row, StoreError, Values
from server_stub.store.writer import Transaction, clock

__all__ = ["Reads", "Row", "Rows", "StoreError", "Transaction", "Values", "clock", "engine_of", "prepare"]

_Key = TypeVar("_Key", str, int)
_Found = TypeVar("_Found")


class Rows(Protocol):
    """What a look needs that does not depend on the time."""

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Read rows."""


class Reads(Rows, Protocol):
    """What a look needs: a Reader and a Transaction both are one. ``now`` is UTC microseconds."""

    now: int

    def known(self, look: Callable[[Rows, _Key], _Found], key: _Key) -> _Found:
        """Return what a look finds by a key, perhaps as it was found before when nobody has committed since."""


def engine_of(url: str) -> Engine:
    """Choose the engine of ``postgresql://...`` or of a SQLite file's path; nothing is opened yet.

    Raises Unavailable when PostgreSQL is wanted and its driver is not installed.
    """
    if url.startswith(("postgresql://", "postgres://")):
        try:
            from server_stub.store.engine.postgres import PostgresEngine
        except ImportError as error:
            raise Unavailable(
                "the driver for PostgreSQL, psycopg, is not installed here",
                hint="Install it with: pip install 'vshell[postgres]'",
            ) from error
        return PostgresEngine(url)
    from server_stub.store.engine.sqlite import SqliteEngine

    return SqliteEngine(Path(url))


def prepare(engine: Engine) -> list[str]:
    """Bring the database to this program's schema; see ``migrate``."""
    return migrate.migrate(engine)
