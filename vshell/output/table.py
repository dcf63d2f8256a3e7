"""The table: vcli's grid with a header row, everything left aligned.

Up to ``FEW_ROWS`` rows are laid out by tabulate. Above that a writer of our own draws the same grid line by
line, eight times as fast, so that the first rows of a long list are there at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import cell, for_people, heading

if TYPE_CHECKING:
    from tabulate import TableFormat

    from vshell.views import Column

FEW_ROWS = 500


def write(result: object, columns: Sequence[Column], stream: TextIO) -> None:
    """Write one grid; a single record is a grid of one row."""
    records = result if isinstance(result, list) else [result]
    if not columns:
        # Values without fields, such as a list of names, have no header: one on a line.
        stream.writelines(for_people("", record) + "\n" for record in records)
        return
    headings = [heading(column) for column in columns]
    rows = [[cell(record, column) for column in columns] for record in records]
    if len(rows) > FEW_ROWS:
        stream.writelines(drawn(headings, rows))
    else:
        stream.write(laid_out(headings, rows) + "\n")


def laid_out(headings: Sequence[str], rows: Sequence[Sequence[str]], *, header: bool = True) -> str:
    """Return the grid as tabulate draws it; without a header there are rules only at top and bottom."""
    import tabulate

    tabulate.MIN_PADDING = 0  # vcli's columns are as wide as their widest cell; tabulate would add two.
    return tabulate.tabulate(
        rows,
        headers=headings if header else (),
        tablefmt=_grid(header),
        disable_numparse=True,  # An id such as 12345e67 is not a number.
        stralign="left",
        preserve_whitespace=True,
    )


def drawn(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of the same grid without tabulate."""
    widths = [max(map(width, column)) for column in zip(headings, *rows, strict=True)]
    rule = "+" + "+".join("-" * (size + 2) for size in widths) + "+\n"
    yield rule
    yield _line(headings, widths)
    yield rule
    for row in rows:
        yield _line(row, widths)
    yield rule


def width(text: str) -> int:
    """Return how many terminal cells a text takes; Chinese, Japanese, Korean and emoji take two each."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(0, wcswidth(text))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    filled = (text + " " * (size - width(text)) for text, size in zip(cells, widths, strict=True))
    return "| " + " | ".join(filled) + " |\n"


def _grid(header: bool) -> TableFormat:
    from tabulate import DataRow, Line, TableFormat

    rule, row = Line("+", "-", "+", "+"), DataRow("|", "|", "|")
    return TableFormat(
        lineabove=rule,
        linebelowheader=rule if header else None,
        linebetweenrows=None,
        linebelow=rule,
        headerrow=row,
        datarow=row,
        padding=1,
        with_header_hide=None,
    )
