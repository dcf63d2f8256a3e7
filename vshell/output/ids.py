"""Only the ids, one on a line: what a loop in another shell reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout, for_programs
from vshell.terminal.screen import safe

if TYPE_CHECKING:
    from vshell.registry.view import Column


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write each record's ``id``, or the first column of a record that has none."""
    for record in result if isinstance(result, list) else [result]:
        # A line is one id, so a newline inside a value is written out wherever the output goes.
        stream.write(safe(for_programs(_id(record, columns))) + "\n")


def _id(record: object, columns: Sequence[Column]) -> object:
    if not isinstance(record, Mapping):
        return record
    if "id" in record:
        return record["id"]
    return record.get(columns[0].name) if columns else None
