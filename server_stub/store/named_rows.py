"""Things that have a number and a unique name: found by either, listed in the order of their names."""

from typing import Generic, Protocol, TypeVar

from server_stub.store import Reads, Transaction
from server_stub.store.engine.row_mapping import Mapping, beyond


class HasName(Protocol):
    """What is stored so."""

    @property
    def id(self) -> int:
        """Its number, never given twice."""

    @property
    def name(self) -> str:
        """Its name, in lower case."""


Record = TypeVar("Record", bound=HasName)


class NamedTable(Generic[Record]):
    """The records of one class in one table; `table` also names the counter of their numbers."""

    def __init__(self, record: type[Record], table: str):
        self._table = table
        self.mapping = Mapping(record, table)

    def find(self, tx: Reads, number: int) -> Record | None:
        """Return one by its number."""
        return self.mapping.find(tx, "id = :id", {"id": number})

    def find_by_name(self, tx: Reads, name: str) -> Record | None:
        """Return one by its name, in any case."""
        found = self.page(tx, name, 1)
        return found[0] if found else None

    def count(self, tx: Reads, name: str | None = None) -> int:
        """Count all of them, or those of one name."""
        return self.mapping.count(tx, *_where(name, ""))

    def page(
        self, tx: Reads, name: str | None, size: int, after: str = "", skip: int = 0, prefix: str = ""
    ) -> list[Record]:
        """Return up to ``size`` of them (of one name, unless that is None), beginning behind the name ``after``.

        Only those count whose names begin with ``prefix``, in any case.
        """
        where, values = _where(name, after, prefix)
        order = "ORDER BY name LIMIT :size OFFSET :skip"
        return self.mapping.find_all(tx, f"{where} {order}", {**values, "size": size, "skip": skip})

    def insert(self, tx: Transaction, record: Record) -> None:
        """Keep a new one; raise Duplicate when the name is taken."""
        tx.change(self.mapping.insert, self.mapping.values(record))

    def update(self, tx: Transaction, record: Record) -> None:
        """Keep a changed one; raise Duplicate when the name is taken."""
        tx.change(self.mapping.update, self.mapping.values(record))

    def delete(self, tx: Transaction, number: int) -> None:
        """Remove one, and with it that it was given to anybody."""
        tx.change(f"DELETE FROM {self._table} WHERE id = :id", {"id": number})

    def new_id(self, tx: Transaction) -> int:
        """Return the number of the next one; numbers are never used again."""
        return next_id(tx, self._table)


def _where(name: str | None, after: str, prefix: str = "") -> tuple[str, dict[str, object]]:
    """Return the condition; a text that cannot be a name is not put to the database, which might refuse it."""
    if not f"{name or ''}{after}{prefix}".isprintable():
        return "1 = 0", {}
    parts: list[str] = ["name > :after"]
    values: dict[str, object] = {"after": after}
    if prefix:
        parts.append("name >= :prefix AND name < :beyond")
        values |= {"prefix": prefix.lower(), "beyond": beyond(prefix.lower())}
    if name is not None:
        parts.append("name = :name")
        values["name"] = name.lower()
    return " AND ".join(parts), values


def next_id(tx: Transaction, name: str) -> int:
    """Return the next number of a counter: each is given once, so that no new thing inherits what named an old one."""
    rows = tx.rows("UPDATE counters SET value = value + 1 WHERE name = :name RETURNING value", {"name": name})
    return int(rows[0][0])
