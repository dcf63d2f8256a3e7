"""Between a frozen dataclass and its table: the columns, a row to a record, a record to an INSERT.

A field stands in the column of the same name. Truth values are kept as 0 and 1, tuples and mappings
as JSON text: both engines then hold the same values. Fields named in ``derived`` are not columns.
"""

import collections.abc
import dataclasses
import operator
import typing
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec

from server_stub.store.engine.connection import Row, Values

Record = TypeVar("Record")
JSON_SHAPES = (tuple, frozenset, dict, collections.abc.Mapping)


def beyond(prefix: str) -> str:
    """Return the first text behind all that begin with a prefix, in the order of code points."""
    return prefix + "\U0010ffff"


class Mapping(Generic[Record]):
    """How the records of one class are kept in one table."""

    def __init__(self, record: type[Record], table: str, derived: Iterable[str] = ()):
        hints = typing.get_type_hints(record)
        left_out = set(derived)
        self.record = record
        self.table = table
        fields = [field.name for field in dataclasses.fields(typing.cast(Any, record))]
        self.names = [name for name in fields if name not in left_out]
        self._derived = [(place, name) for place, name in enumerate(fields) if name in left_out]
        self.columns = ", ".join(f"{table}.{name}" for name in self.names)
        self.insert = (
            f"INSERT INTO {table} ({', '.join(self.names)}) VALUES ({', '.join(':' + name for name in self.names)})"
        )
        loaders = [(place, _loader(hints[name])) for place, name in enumerate(self.names)]
        self._loaders = [(place, load) for place, load in loaders if load is not None]
        self._values = operator.attrgetter(*self.names)

    def load(self, row: Row, **derived: Any) -> Record:
        """Make the record of a row that begins with ``columns``."""
        values = list(row[: len(self.names)])
        for place, load in self._loaders:
            if values[place] is not None:
                values[place] = load(values[place])
        for place, name in self._derived:
            values.insert(place, derived[name])
        return self.record(*values)  # by place: by name takes twice as long, and every request does this

    def values(self, record: Record) -> Values:
        """Make the values of ``insert`` for a record."""
        values = list(self._values(record))
        for place, _ in self._loaders:
            values[place] = _encode(values[place])
        return dict(zip(self.names, values, strict=True))


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
