"""Pick what is shown of a result: by the conditions of ``--filter``, in the order of ``--sort``, by the filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from vshell.kinds.times import Times
from vshell.output.fields import cell, field_named, for_people, for_programs, known_fields, sorted_rows
from vshell.registry.conditions import Condition, holds
from vshell.registry.filters import FilterStep, applied

if TYPE_CHECKING:
    from vshell.registry.view import Column, View


def picked(
    result: object, view: View | None, conditions: Sequence[Condition], sort: str | None, now: datetime
) -> object:
    """Return the records that meet the conditions, in the order that is wished for; what is no list as it is.

    Raises WrongPart for a column that is not there.
    """
    if not isinstance(result, Iterable) or isinstance(result, str | Mapping):
        return result
    rows = list(result)
    for condition in conditions:
        name = field_named(condition.column, known_fields(view, rows))
        rows = [row for row in rows if isinstance(row, Mapping) and holds(condition, row.get(name), now)]
    return sorted_rows(rows, sort, view)


def filtered(result: object, steps: Sequence[FilterStep], columns: Sequence[Column], times: Times) -> object:
    """Return what the filters leave; a row shows a word when one of its columns does, however it is spelled."""

    def shows(row: object, word: str) -> bool:
        return any(word.casefold() in text.casefold() for text in _texts(row, columns, times))

    return applied(steps, result, shows)


def _texts(row: object, columns: Sequence[Column], times: Times) -> Iterable[str]:
    """Yield what is shown in a row: of a record, of a field of one, or of a line."""
    if isinstance(row, tuple):
        name, value = row
        yield from (str(name), for_programs(value), for_people(str(name), value, times))
    elif not isinstance(row, Mapping):
        yield for_programs(row)
    elif columns:
        for column in columns:
            yield cell(row, column, times)
            yield for_programs(row.get(column.name))
    else:
        for name, value in row.items():
            yield for_people(str(name), value, times)
            yield for_programs(value)
