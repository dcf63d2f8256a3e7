"""Comma-separated values (RFC 4180, with plain newlines): the view's columns under the server's field names.

The columns do not depend on the rows, so an empty list has the same header line as a full one. null is an
empty field, booleans are ``true`` and ``false``, and what is nested is JSON.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout, for_programs
from vshell.terminal.screen import safe

if TYPE_CHECKING:
    from vshell.registry.view import Column


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write a header line and one line for each record."""
    # A file gets the value to the letter; a terminal never gets a control character.
    shown = safe if stream.isatty() else str
    lines = csv.writer(stream, lineterminator="\n")
    if columns:
        lines.writerow([shown(column.name) for column in columns])
    for record in result if isinstance(result, list) else [result]:
        values = [record.get(column.name) for column in columns] if isinstance(record, Mapping) else [record]
        lines.writerow([shown(for_programs(value)) for value in values])
