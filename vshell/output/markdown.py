"""A table in Markdown, as GitHub reads it, for tickets and pages; what could be markup in a value is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout, for_people, heading, texts

if TYPE_CHECKING:
    from vshell.registry.view import Column

# CommonMark 0.31, section 2.4, and the tables of GitHub's; an underscore inside a word marks nothing.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])")


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write one table; values without fields are a list with bullets."""
    records = result if isinstance(result, list) else [result]
    if not columns:
        stream.writelines(f"- {escaped(for_people('', record, look.times))}\n" for record in records)
        return
    import tabulate

    cells = [list(map(escaped, texts(records, column, look.times))) for column in columns]
    shown = tabulate.tabulate(
        list(zip(*cells, strict=True)),
        headers=[escaped(heading(column)) for column in columns],
        tablefmt="github",
        disable_numparse=True,  # An id such as 12345e67 is not a number.
        preserve_whitespace=True,
    )
    stream.write(shown + "\n")


def escaped(text: str) -> str:
    """Return a text that reads as itself in Markdown."""
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)
