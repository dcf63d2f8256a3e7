"""Choose, order, name and spell the fields of a result: what all formats share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vshell.errors import Mistake
from vshell.output.safety import safe

if TYPE_CHECKING:
    from vshell.views import Column, View

# RFC 3339, section 5.6, as the server writes it.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")

# Names are people's own words: one that looks like a time stays as it is.
_OWN_WORDS = frozenset({"name", "username", "owner", "login_banner"})


def title(name: str) -> str:
    """Return a column's heading by vcli's rule: ``expiry_date`` becomes ``Expiry-date``, ``id`` ``ID``."""
    return "ID" if name == "id" else (name[:1].upper() + name[1:]).replace("_", "-")


def heading(column: Column) -> str:
    """Return the heading of a column: its own, or the one that vcli's rule gives."""
    return safe(column.title or title(column.name))


def for_people(name: str, value: object) -> str:
    """Return a value as vcli shows it: None, True, Python lists, times as YYYY-MM-DD HH:MM:SS in UTC."""
    if isinstance(value, str):
        return safe(value) if name in _OWN_WORDS else safe(_clock(value))
    return safe(str(value))


def cell(record: object, column: Column) -> str:
    """Return what a record has in a column, for people."""
    if not isinstance(record, Mapping):
        return for_people("", record)
    value = record.get(column.name)
    if value is not None and column.kind is not None:
        return safe(column.kind.show(value))
    return for_people(column.name, value)


def for_programs(value: object) -> str:
    """Return a value as plain text for programs: nothing for null, JSON for what is no text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def chosen_columns(
    result: object, names: Sequence[str], view: View | None, *, every_field: bool = False
) -> tuple[Column, ...]:
    """Return the columns to show: those named, else the view's, else every field there is.

    With ``every_field`` the view is passed over, and no columns means "the records as they are".
    Raises Mistake when a name is no field of the result.
    """
    from vshell.views import Column

    shown = () if view is None else tuple(view.columns)
    if not names:
        if every_field:
            return ()
        return shown or tuple(Column(name) for name in _fields(result))
    known = {column.name: column for column in shown}
    fields = list(dict.fromkeys([*known, *(view.more if view else ()), *_fields(result)]))
    return tuple(known.get(name) or Column(name) for name in (_field(typed, fields) for typed in names))


def sorted_rows(rows: list[object], wish: str | None, view: View | None) -> list[object]:
    """Return the rows ordered by the field ``wish``, backwards with a leading minus; empty values last.

    Raises Mistake when no row and no column has that field.
    """
    if not wish:
        return rows
    backwards = wish.startswith("-")
    shown = [] if view is None else [*(column.name for column in view.columns), *view.more]
    name = _field(wish.removeprefix("-"), list(dict.fromkeys([*shown, *_fields(rows)])))
    full = [row for row in rows if isinstance(row, Mapping) and row.get(name) is not None]
    empty = [row for row in rows if not (isinstance(row, Mapping) and row.get(name) is not None)]
    return [*sorted(full, key=lambda row: _order(row[name]), reverse=backwards), *empty]


def _order(value: object) -> tuple[int, float, str]:
    """Return a key that compares numbers as numbers and all else as text, without regard to case."""
    if isinstance(value, (int, float)):
        return (0, float(value), "")
    return (1, 0.0, str(value).casefold())


def _fields(result: object) -> list[str]:
    records: Iterable[object] = result if isinstance(result, list) else [result]
    return list(dict.fromkeys(name for record in records if isinstance(record, Mapping) for name in record))


def _field(typed: str, fields: Sequence[str]) -> str:
    """Return the field that a person means: ``Expiry-date`` and ``expiry_date`` are the same."""
    name = typed.strip().lower().replace("-", "_")
    if name in fields or not fields:
        return name
    raise Mistake(f"There is no column '{safe(typed)}'.", hint=f"The columns are: {', '.join(fields)}.")


def _clock(value: str) -> str:
    """Return an RFC 3339 time as YYYY-MM-DD HH:MM:SS in UTC, and any other text as it is."""
    if not _TIME.fullmatch(value):
        return value
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError):
        return value  # It has the form of a time, but there is no such day.
