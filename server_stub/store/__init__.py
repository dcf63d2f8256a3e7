"""The store: SQL, one text for both engines.

``database.Database`` is the whole of it for the rest of the server; the other modules are nouns, functions of
a transaction. Nothing is cached beyond a commit, so a revocation holds everywhere at once.
"""

from pathlib import Path

from server_stub.domain.base.errors import Unavailable
from server_stub.store.engine.connection import Engine, Reads, Row, Rows, StoreError, Values
from server_stub.store.engine.migrate import migrate
from server_stub.store.writer import Transaction, clock

__all__ = ["Reads", "Row", "Rows", "StoreError", "Transaction", "Values", "clock", "engine_of", "migrate"]


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
