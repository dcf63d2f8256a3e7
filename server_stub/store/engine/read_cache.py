"""What was read and stands unchanged: remembered for as long as nobody commits anything, and not a moment longer.

Rules:

* The database is asked at each use whether anybody has committed since, and then all is forgotten. There is no window
  in which a revoked token lives on: this is a shorter way to the same answer.
* A look that is remembered is given rows and no clock, so what it finds cannot age.
* Only connections that never write remember: SQLite does not tell a connection of its own commits.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from server_stub.store.engine.connection import NO_VALUES, Connection, Row, Values

KEPT = 256
"""How much a connection remembers at most; it begins anew when it is full."""

_Key = TypeVar("_Key", str, int)
_Found = TypeVar("_Found")


class ReadCache:
    """A connection that only reads, and what was found on it."""

    def __init__(self, connection: Connection):
        self._connection = connection
        self._version: int | None = None
        self._found: dict[tuple[Callable[..., Any], str | int], Any] = {}

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Run one statement and return its rows; raise StoreError."""
        return self._connection.rows(sql, values)

    def known(self, look: Callable[["ReadCache", _Key], _Found], key: _Key) -> _Found:
        """Return what a look finds by a key, without looking where it was found before; raise StoreError."""
        version = self._connection.version()
        if version is None:
            return look(self, key)
        if version != self._version or len(self._found) >= KEPT:
            self._found.clear()
            self._version = version
        asked = (look, key)
        found: _Found | None = self._found.get(asked)
        if found is None:
            found = look(self, key)
            if found is not None:  # whoever asks for what is not there fills nothing
                self._found[asked] = found
        return found

    def close(self) -> None:
        """Close the connection; closing twice is allowed."""
        self._connection.close()
