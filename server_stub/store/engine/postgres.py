"""PostgreSQL through psycopg 3: for more than one machine.

Default isolation (READ COMMITTED) is enough: every group of writes first takes the row of the audit
head, so that groups of all processes stand in one order (see ``writer``).
"""

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import errors

from server_stub.store.engine.connection import NO_VALUES, Connection, Duplicate, Row, StoreError, Unreachable, Values

CONNECT_SECONDS = 5
LOCK_MILLISECONDS = 5_000

_Returned = TypeVar("_Returned")
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


class PostgresEngine:
    """One database by its URL, ``postgresql://user@host:port/name``."""

    name = "postgres"
    near = False
    flavour: Mapping[str, str] = {"BYTES": "BYTEA", " CLUSTERED": ""}

    def __init__(self, url: str):
        self.url = url

    def connect(self) -> "PostgresConnection":
        """Open a connection; raise Unreachable when the server does not answer within 5 s."""
        return PostgresConnection(self.url)

    def keep_backup(self, label: str) -> str:
        """Say that the backup is the administrator's: a client cannot copy a PostgreSQL database."""
        return f"no backup was made before {label}: keep one with pg_dump, since the schema only moves forward"

    def tidy(self, connection: Connection) -> None:
        """Do nothing: PostgreSQL does its own housekeeping."""


def _translate_errors(call: Callable[..., _Returned]) -> Callable[..., _Returned]:
    """Turn psycopg's errors into the store's."""

    @functools.wraps(call)
    def run(*arguments: Any) -> _Returned:
        try:
            return call(*arguments)
        except errors.UniqueViolation as error:
            raise Duplicate(_line(error)) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise Unreachable(f"{type(error).__name__}: {_line(error)}") from error
        except psycopg.Error as error:
            raise StoreError(_line(error)) from error

    return run


def _line(error: psycopg.Error) -> str:
    """Write what the driver says in one line."""
    return " ".join(str(error).split())


@functools.cache
def _translate(sql: LiteralString) -> LiteralString:
    """Write ``:name`` as psycopg's ``%(name)s``."""
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))


class PostgresConnection:
    """One connection; outside ``begin`` each statement is a transaction of its own."""

    @_translate_errors
    def __init__(self, url: str):
        try:
            self._inner = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)
        except psycopg.ProgrammingError:
            # What libpq says of a URL that it cannot read quotes it, password and all.
            raise StoreError("the URL is not one that PostgreSQL's driver can read") from None
        self._inner.execute(f"SET lock_timeout = {LOCK_MILLISECONDS}")
        self._changes = 0

    @_translate_errors
    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Run one statement and return its rows."""
        cursor = self._inner.execute(_translate(sql), values)
        self._changes = cursor.rowcount
        return cursor.fetchall() if cursor.description else []

    @_translate_errors
    def many(self, sql: str, values: Sequence[Values]) -> None:
        """Run one statement for each set of values, sent in one go."""
        with self._inner.cursor() as cursor:
            cursor.executemany(_translate(sql), values)

    @_translate_errors
    def script(self, sql: str) -> None:
        """Run several statements that take no values."""
        self._inner.execute(sql.encode())

    def begin(self) -> None:
        """Begin a transaction; the lock that orders writers is taken by the writer."""
        self.rows("BEGIN")

    def changes(self) -> int:
        """Return how many rows the last statement changed."""
        return self._changes

    def version(self) -> None:
        """Return nothing: finding out costs as much as reading."""

    @_translate_errors
    def close(self) -> None:
        """Close the connection; closing twice is allowed."""
        self._inner.close()
