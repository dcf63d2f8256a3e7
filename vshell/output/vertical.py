"""The vertical grid: one record, a field on each line, rules only at top and bottom (vcli's ``show``).

On a narrow terminal a long value goes on in the lines below, within its column: here nothing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output import table
from vshell.output.fields import PLAIN, Layout, cell, heading
from vshell.terminal.widths import flow, widest, width

if TYPE_CHECKING:
    from vshell.registry.view import Column

_FRAME = 7
"""Cells that the lines of the grid take."""

_NARROWEST = 8


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write one grid for each record, an empty line between them."""
    if not columns:
        table.write(result, columns, stream, look)
        return
    records = result if isinstance(result, list) else [result]
    titles = [heading(column) for column in columns]
    left = widest(titles)
    if look.columns is not None:
        left = min(left, max(_NARROWEST, look.columns - _FRAME - _NARROWEST))
    for number, record in enumerate(records):
        names, values = _fields(titles, [cell(record, column, look.times) for column in columns], left, look)
        sizes = (left, widest(values))
        stream.write("\n" if number else "")
        stream.writelines(table.drawn(None, (names, values), sizes, look.dots))


def _fields(titles: Sequence[str], values: Sequence[str], left: int, look: Layout) -> tuple[list[str], list[str]]:
    """Return the two columns of a grid, with a line more for each part of a value that does not fit."""
    room = None if look.columns is None else max(_NARROWEST, look.columns - _FRAME - left)
    names: list[str] = []
    shown: list[str] = []
    for title, value in zip(titles, values, strict=True):
        parts = [value] if room is None or width(value) <= room else flow(value, room)
        names += [title, *[""] * (len(parts) - 1)]
        shown += parts
    return names, shown
