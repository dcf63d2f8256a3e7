"""Paragraphs: a name with its value, and below them what is to be said of it, in lines that fit the terminal.

    times = local
      How times are shown to people. (local, utc, relative)

The first two columns of the view are the name and the value; the others stand below. Nothing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout, cell
from vshell.terminal.widths import flow

if TYPE_CHECKING:
    from vshell.registry.view import Column

_MARGIN = "  "
_NARROWEST = 8


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write a list of records."""
    for record in result if isinstance(result, list) else [result]:
        texts = [cell(record, column, look.times) for column in columns]
        _write_lines(" = ".join(texts[:2]), "", stream, look)
        for text in texts[2:]:
            _write_lines(text, _MARGIN, stream, look)


def _write_lines(text: str, margin: str, stream: TextIO, look: Layout) -> None:
    room = None if look.columns is None else max(_NARROWEST, look.columns - len(margin))
    lines = [text] if room is None else flow(text, room)
    stream.writelines(f"{margin}{line}\n" for line in lines)
