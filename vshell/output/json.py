"""One JSON document: the server's own field names and values, indented."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout
from vshell.terminal.screen import safe_json

if TYPE_CHECKING:
    from vshell.registry.view import Column


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write the result as one document; with columns, only those fields of each record."""
    picked = [only(record, columns) for record in result] if isinstance(result, list) else only(result, columns)
    stream.write(safe_json(json.dumps(picked, ensure_ascii=False, indent=2)) + "\n")


def only(record: object, columns: Sequence[Column]) -> object:
    """Return the record with only the named fields, in that order; whole when none are named."""
    if not columns or not isinstance(record, Mapping):
        return record
    return {column.name: record.get(column.name) for column in columns}
