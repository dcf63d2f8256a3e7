"""Tab-separated values: the view's columns under the server's field names, one record on each line.

As in PostgreSQL's COPY and mysql's batch mode, a tab, a line end and a backslash in a value are written ``\\t``,
``\\n``, ``\\r`` and ``\\\\``, so that a line is always a record and a tab always parts two values. null is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout, for_programs
from vshell.terminal.screen import safe

if TYPE_CHECKING:
    from vshell.registry.view import Column

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write a header line and one line for each record."""
    # A file gets all other characters to the letter; a terminal never gets a control character.
    shown = safe if stream.isatty() else str

    def line(values: Sequence[object]) -> str:
        return "\t".join(shown(for_programs(value).translate(_ESCAPES)) for value in values) + "\n"

    if columns:
        stream.write(line([column.name for column in columns]))
    for record in result if isinstance(result, list) else [result]:
        stream.write(line([record.get(c.name) for c in columns] if isinstance(record, Mapping) else [record]))
