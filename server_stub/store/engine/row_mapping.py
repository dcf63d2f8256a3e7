"""Between a frozen dataclass and its table: rows as records, records as values, finding and counting.

A field stands in the column of the same name. Truth values are kept as 0 and 1, tuples and mappings
as JSON text: both engines then hold the same values. Fields named in ``joined`` are read from another table.
"""

import collections.abc
import dataclasses
import typing
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from server_stub.store.engine.connection import NO_VALUES, Row, Rows, Values

Record = TypeVar("Record")
JSON_SHAPES = (tuple, frozenset, dict, collections.abc.Mapping)


def beyond(prefix: str) -> str:
    """Return the first text behind all that begin with a prefix, in the order of code points."""
    return prefix + "\U0010ffff"


class Mapping(Generic[Record]):
    """How the records of one class are kept in one table."""

    def __init__(self, record: type[Record], table: str, joined: Values = NO_VALUES, join: str = ""):
        hints = typing.get_type_hints(record)
        self._record = record
        self._table = table
        fields = [field.name for field in dataclasses.fields(typing.cast(Any, record))]
        names = [name for name in fields if name not in joined]
        self._names = names
        self._width = len(fields)
        self.columns = ", ".join(joined.get(name, f"{table}.{name}") for name in fields)
        self.select = f"SELECT {self.columns} FROM {table}{join}"
        self.insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES (:{', :'.join(names)})"
        changes = ", ".join(f"{name} = :{name}" for name in names if name != "id")
        self.update = f"UPDATE {table} SET {changes} WHERE id = :id"
        loaders = [(place, _loader(hints[name])) for place, name in enumerate(fields)]
        self._loaders = [(place, load) for place, load in loaders if load is not None]

    def load(self, row: Row) -> Record:
        """Make the record of a row that begins with ``columns``."""
        values = list(row[: self._width])
        for place, load in self._loaders:
            if values[place] is not None:
                values[place] = load(values[place])
        return self._record(*values)  # by place: by name takes twice as long, and every request does this

    def values(self, record: Record) -> Values:
        """Make the values of ``insert`` and ``update`` for a record."""
        return {name: _encode(getattr(record, name)) for name in self._names}

    def find(self, tx: Rows, where: str, values: Values) -> Record | None:
        """Return the first record for which a condition holds."""
        rows = tx.rows(f"{self.select} WHERE {where}", values)
        return self.load(rows[0]) if rows else None

    def find_all(self, tx: Rows, where: str, values: Values = NO_VALUES) -> list[Record]:
        """Return all records for which a condition holds; what orders and bounds them may stand behind it."""
        return [self.load(row) for row in tx.rows(f"{self.select} WHERE {where}", values)]

    def count(self, tx: Rows, where: str, values: Values) -> int:
        """Count the rows for which a condition holds."""
        return int(tx.rows(f"SELECT count(*) FROM {self._table} WHERE {where}", values)[0][0])


def _loader(hint: Any) -> Callable[[Any], Any] | None:
    inner = [part for part in typing.get_args(hint) if part is not type(None)]
    if typing.get_origin(hint) not in JSON_SHAPES and len(inner) == 1:
        hint = inner[0]
    if hint is bool:
        return bool
    if hint is bytes:
        return bytes
    if typing.get_origin(hint) in JSON_SHAPES:
        return msgspec.json.Decoder(hint).decode
    return None


def _encode(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, (tuple, list, dict)):
        return msgspec.json.encode(value).decode()
    return value
