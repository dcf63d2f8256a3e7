"""Columns: a heading and a line for each record, parted by spaces, as Vigo and other programs in Go print lists.

    ID            NAME           PREFIX    CREATED     EXPIRES
    tok_428BFekp  ci-automation  428BFekp  2026-11-21  never

A column's kind shows its value even where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import cell, heading
from vshell.terminal.screen import safe
from vshell.terminal.widths import width

if TYPE_CHECKING:
    from vshell.registry.view import Column

GAP = "  "


def write(result: object, columns: Sequence[Column], stream: TextIO, look: object = None) -> None:
    """Write the records of a list; of an empty one the headings."""
    records = result if isinstance(result, list) else [result]
    rows = [[heading(column) for column in columns]]
    rows += [[_shown(record, column) for column in columns] for record in records]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text + " " * (size - width(text)) for text, size in zip(row, widths, strict=True))
        stream.write(GAP.join(cells).rstrip() + "\n")


def _shown(record: object, column: Column) -> str:
    if column.kind is None or not isinstance(record, dict):
        return cell(record, column)
    return safe(column.kind.show(record.get(column.name)))
