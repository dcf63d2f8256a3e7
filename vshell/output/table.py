"""The table: vcli's grid with a header row, everything left aligned.

Columns are spelled, measured and filled one at a time, and lines are written in the order of the rows as soon as the
widths are known: tabulate, which looks at each cell several times, takes ten times as long for 10,000 rows.

On a terminal that is too narrow, headings are broken at their hyphens, then within words, and cells are shortened in
the middle; an id, or a token, never is. Where not even that makes sense, the records are shown one by one, vertically.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import for_people, heading, texts
from vshell.output.look import PLAIN, Look
from vshell.output.widths import (
    LEAST,
    LEAST_PIECE,
    Wanted,
    all_shortened,
    broken_heading,
    fitted,
    padded,
    widest,
    width,
)

if TYPE_CHECKING:
    from vshell.views import Column

_LINES_AT_ONCE = 200

_SHORTEST_TIME = 10

_WHOLE = ("id", "uuid", "token", "hash", "secret")
"""Endings of the names of columns whose values are of no use in part."""


_NAMES = ("name", "username", "owner", "actor", "action", "target")
"""Columns that tell one row from another."""


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Look = PLAIN) -> None:
    """Write one grid; a single record is a grid of one row."""
    records = result if isinstance(result, list) else [result]
    if not columns:
        # Values without fields, such as a list of names, have no header: one on a line.
        stream.writelines(for_people("", record, look.times) + "\n" for record in records)
        return
    headings = [heading(column) for column in columns]
    cells = [texts(records, column, look.times) for column in columns]
    sizes = _sizes(columns, headings, cells, look)
    if sizes is None:
        from vshell.output import vertical

        vertical.write(records, columns, stream, look)
        return
    lines = drawn(headings, cells, sizes, look.dots)
    while chunk := "".join(line for _, line in zip(range(_LINES_AT_ONCE), lines, strict=False)):
        stream.write(chunk)


def drawn(
    headings: Sequence[str] | None, cells: Sequence[Sequence[str]], sizes: Sequence[int], dots: str
) -> Iterator[str]:
    """Yield the lines of the grid; without headings there are rules only at top and bottom."""
    rule = "+" + "+".join("-" * (size + 2) for size in sizes) + "+\n"
    yield rule
    if headings is not None:
        broken = [broken_heading(text, size) for text, size in zip(headings, sizes, strict=True)]
        tall = max(map(len, broken), default=1)
        cells_of = [
            _filled([*parts, *[""] * (tall - len(parts))], size, dots)
            for parts, size in zip(broken, sizes, strict=True)
        ]
        yield from map(_line, zip(*cells_of, strict=True))
        yield rule
    filled = [_filled(column, size, dots) for column, size in zip(cells, sizes, strict=True)]
    yield from map(_line, zip(*filled, strict=True))
    yield rule


def _filled(column: Sequence[str], size: int, dots: str) -> list[str]:
    """Return the cells of a column in its size."""
    if widest(column) > size:
        column = all_shortened(column, size, dots)
    return padded(column, size)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _sizes(
    columns: Sequence[Column], headings: Sequence[str], cells: Sequence[Sequence[str]], look: Look
) -> Sequence[int] | None:
    """Return the size of each column, None where they cannot fit the terminal."""
    wanted = []
    for column, title, texts_ in zip(columns, headings, cells, strict=True):
        cell = widest(texts_)
        is_time = any(len(text) == 19 and text[4:5] == text[7:8] == "-" for text in texts_[:20])
        least = cell if column.name.endswith(_WHOLE) else min(cell, _SHORTEST_TIME if is_time else LEAST)
        least = max(least, min(width(title), LEAST_PIECE))
        wanted.append(Wanted(width(title), cell, least, is_time, column.name in _NAMES))
    if look.columns is None:
        return [each.whole for each in wanted]
    return fitted(wanted, look.columns - 3 * len(wanted) - 1)
