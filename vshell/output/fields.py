"""Fields of a result: chosen, ordered, filtered, named and spelled, as all formats share it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from vshell.errors import WrongPart
from vshell.formats.text import visible
from vshell.kinds.times import IN_UTC, Times
from vshell.registry.conditions import Condition, is_met
from vshell.registry.filters import FilterStep, apply_filters
from vshell.registry.view import Column
from vshell.terminal.screen import ELLIPSIS

if TYPE_CHECKING:
    from vshell.registry.view import View

# Names are people's own words: one in the form of a time stays as it is.
_OWN_WORDS = frozenset({"name", "username", "owner", "login_banner"})


class Layout(NamedTuple):
    """What the formats for people go by.

    ``columns`` is the width of the terminal, None where nothing has to fit; ``dots`` stands for what is left out in
    the middle of a text.
    """

    times: Times = IN_UTC
    columns: int | None = None
    dots: str = ELLIPSIS


PLAIN = Layout()


def title(name: str) -> str:
    """Return a column's heading by vcli's rule: ``expiry_date`` becomes ``Expiry-date``, ``id`` ``ID``."""
    return "ID" if name == "id" else (name[:1].upper() + name[1:]).replace("_", "-")


def heading(column: Column) -> str:
    """Return the heading of a column: its own, or the one that vcli's rule gives."""
    return visible(column.title or title(column.name))


def spell_for_people(name: str, value: object, times: Times = IN_UTC) -> str:
    """Return a value as vcli shows it: None, True, Python lists, times as YYYY-MM-DD HH:MM:SS."""
    return visible(_spell(name, value, times))


def cell_text(record: object, column: Column, times: Times = IN_UTC) -> str:
    """Return what a record has in a column, for people."""
    return visible(_spell_cell(record, column, times))


def column_texts(records: Sequence[object], column: Column, times: Times = IN_UTC) -> list[str]:
    """Return what each record has in a column, for people; long lists are why it is done a column at a time."""
    name, text = column.name, times.text
    if column.kind is None and all(type(record) is dict for record in records):
        values = [record.get(name) for record in cast("Sequence[dict[str, object]]", records)]
        if name in _OWN_WORDS:
            spelled = list(map(str, values))
        else:
            spelled = [text(value) if type(value) is str else str(value) for value in values]
    else:
        spelled = [_spell_cell(record, column, times) for record in records]
    if "".join(spelled).isprintable():
        return spelled
    return list(map(visible, spelled))


def _spell_cell(record: object, column: Column, times: Times) -> str:
    if not isinstance(record, Mapping):
        return _spell("", record, times)
    value = record.get(column.name)
    if value is not None and column.kind is not None:
        return column.kind.show(value)
    return _spell(column.name, value, times)


def _spell(name: str, value: object, times: Times) -> str:
    if isinstance(value, str):
        return value if name in _OWN_WORDS else times.text(value)
    return str(value)


def spell_for_programs(value: object) -> str:
    """Return a value as plain text for programs: nothing for null, JSON for what is no text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def choose_columns(
    result: object, names: Sequence[str], view: View | None, *, every_field: bool = False
) -> tuple[Column, ...]:
    """Return the columns to show: those named, else the view's, else every field there is.

    With ``every_field`` the view is passed over, and no columns means "the records as they are".
    Raises Mistake when a name is no field of the result.
    """
    shown = () if view is None else tuple(view.columns)
    if not names:
        if every_field:
            return ()
        return shown or tuple(Column(name) for name in record_fields(result))
    known = {column.name: column for column in shown}
    fields = list_fields(view, result)
    return tuple(known.get(name) or Column(name) for name in (resolve_field(typed, fields) for typed in names))


def select_rows(
    result: object, view: View | None, conditions: Sequence[Condition], sort: str | None, now: datetime
) -> object:
    """Return the records that meet the conditions, in the order that is asked for; what is no list as it is.

    Raises WrongPart for a column that is not there.
    """
    if not isinstance(result, Iterable) or isinstance(result, str | Mapping):
        return result
    rows = list(result)
    for condition in conditions:
        name = resolve_field(condition.column, list_fields(view, rows))
        rows = [row for row in rows if isinstance(row, Mapping) and is_met(condition, row.get(name), now)]
    return sort_rows(rows, sort, view)


def filter_rows(result: object, steps: Sequence[FilterStep], columns: Sequence[Column], times: Times) -> object:
    """Return what the filters leave; a row shows a word when one of its columns does, however it is spelled."""

    def shows(row: object, word: str) -> bool:
        return any(word.casefold() in text.casefold() for text in _row_texts(row, columns, times))

    return apply_filters(steps, result, shows)


def _row_texts(row: object, columns: Sequence[Column], times: Times) -> Iterable[str]:
    """Yield what is shown in a row: of a record, of a field of one, or of a line."""
    if isinstance(row, tuple):
        name, value = row
        yield from (str(name), spell_for_programs(value), spell_for_people(str(name), value, times))
    elif not isinstance(row, Mapping):
        yield spell_for_programs(row)
    elif columns:
        for column in columns:
            yield cell_text(row, column, times)
            yield spell_for_programs(row.get(column.name))
    else:
        for name, value in row.items():
            yield spell_for_people(str(name), value, times)
            yield spell_for_programs(value)


def sort_rows(rows: list[object], sort: str | None, view: View | None) -> list[object]:
    """Return the rows ordered by the field ``sort``, backwards with a leading minus; empty values last.

    Raises Mistake when no row and no column has that field.
    """
    if not sort:
        return rows
    backwards = sort.startswith("-")
    name = resolve_field(sort.removeprefix("-"), list_fields(view, rows))
    full = [row for row in rows if isinstance(row, Mapping) and row.get(name) is not None]
    empty = [row for row in rows if not (isinstance(row, Mapping) and row.get(name) is not None)]
    return [*sorted(full, key=lambda row: _order(row[name]), reverse=backwards), *empty]


def _order(value: object) -> tuple[int, float, str]:
    """Return a key that compares numbers as numbers and all else as text, without regard to case."""
    if isinstance(value, (int, float)):
        return (0, float(value), "")
    return (1, 0.0, str(value).casefold())


def list_fields(view: View | None, result: object = ()) -> list[str]:
    """Return the names of the fields of a view, and of those that a result has."""
    shown = [] if view is None else [*(column.name for column in view.columns), *view.more]
    return list(dict.fromkeys([*shown, *record_fields(result)]))


def record_fields(result: object) -> list[str]:
    """Return the names of the fields of a record, or of all those in a list."""
    records: Iterable[object] = result if isinstance(result, list | tuple) else [result]
    return list(dict.fromkeys(name for record in records if isinstance(record, Mapping) for name in record))


def resolve_field(typed: str, fields: Sequence[str]) -> str:
    """Return the field that a person means: ``Expiry-date`` and ``expiry_date`` are the same.

    Raises WrongPart when it is none of ``fields``, unless none are known.
    """
    name = typed.strip().lower().replace("-", "_")
    if name in fields or not fields:
        return name
    raise WrongPart(
        f"There is no column '{visible(typed)}'.",
        hint=f"The columns are: {', '.join(map(visible, fields))}.",
        part=typed,
    )
