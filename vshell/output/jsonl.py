"""JSON lines: one record on each line, for programs that read a line at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout
from vshell.output.json import only
from vshell.terminal.screen import safe_json

if TYPE_CHECKING:
    from vshell.registry.view import Column


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write one compact JSON value on a line for each record."""
    for record in result if isinstance(result, list) else [result]:
        text = json.dumps(only(record, columns), ensure_ascii=False, separators=(",", ":"))
        stream.write(safe_json(text) + "\n")
