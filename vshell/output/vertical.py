"""The vertical grid: one record, a field on each line, rules only at top and bottom (vcli's ``show``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output import table
from vshell.output.fields import cell, heading

if TYPE_CHECKING:
    from vshell.views import Column


def write(result: object, columns: Sequence[Column], stream: TextIO) -> None:
    """Write one grid for each record, an empty line between them."""
    if not columns:
        table.write(result, columns, stream)
        return
    records = result if isinstance(result, list) else [result]
    for number, record in enumerate(records):
        rows = [[heading(column), cell(record, column)] for column in columns]
        stream.write(("\n" if number else "") + table.laid_out((), rows, header=False) + "\n")
