"""The table: vcli's grid with a header row, everything left aligned.

Columns are spelled, measured and filled one at a time, and lines are written in the order of the rows as soon as the
widths are known: tabulate, which looks at each cell several times, takes ten times as long for 10,000 rows.

On a terminal that is too narrow, headings are broken at their hyphens, then within words, and cells are shortened in
the middle; an id, or a token, never is. Where not even that makes sense, the records are shown one by one, vertically.

A list that is still being fetched is drawn a page at a time, in the widths of its first page. A page that needs wider
columns, where there is room for them, begins a grid of its own with its headings; nothing is cut for coming late.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout, for_people, heading, texts
from vshell.registry.results import PagedList
from vshell.terminal.widths import (
    LEAST,
    LEAST_PIECE,
    ColumnNeed,
    break_heading,
    fit_columns,
    pad_all,
    shorten_all,
    widest,
    width,
)

if TYPE_CHECKING:
    from vshell.registry.view import Column

_LINES_AT_ONCE = 200

_SHORTEST_TIME = 10

_WHOLE = ("id", "uuid", "token", "hash", "secret")
"""Endings of the names of columns whose values are of no use in part."""


_NAMES = ("name", "username", "owner", "actor", "action", "target")
"""Columns that tell one row from another."""


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write one grid; a single record is a grid of one row. Of a list that grows, the pages as they come."""
    if isinstance(result, PagedList):
        _grow(result, columns, stream, look)
        return
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
    _put(stream, drawn(headings, cells, sizes, look.dots))


def _put(stream: TextIO, lines: Iterator[str]) -> None:
    while chunk := "".join(line for _, line in zip(range(_LINES_AT_ONCE), lines, strict=False)):
        stream.write(chunk)


def drawn(
    headings: Sequence[str] | None, cells: Sequence[Sequence[str]], sizes: Sequence[int], dots: str
) -> Iterator[str]:
    """Yield the lines of the grid; without headings there are rules only at top and bottom."""
    rule = _rule(sizes)
    yield rule
    if headings is not None:
        yield from _heading_lines(headings, sizes, dots)
        yield rule
    yield from _rows(cells, sizes, dots)
    yield rule


def _grow(result: PagedList, columns: Sequence[Column], stream: TextIO, look: Layout) -> None:
    """Write pages as they come, in the widths of the first; where a later one needs more, a grid with its widths."""
    headings = [heading(column) for column in columns]
    sizes: Sequence[int] | None = None
    for number, page in enumerate(result.pages()):
        cells = [texts(page, column, look.times) for column in columns]
        needed = _sizes(columns, headings, cells, look)
        if needed is None:
            from vshell.output import vertical

            stream.write((_rule(sizes) if sizes else "") + ("\n" if number else ""))
            vertical.write(page, columns, stream, look)
            sizes = None
        else:
            if sizes is None or not _suffice(sizes, needed, look):
                stream.write(_rule(sizes) if sizes else "")
                sizes = needed if sizes is None else _joined(sizes, needed, look)
                rule = _rule(sizes)
                _put(stream, itertools.chain([rule], _heading_lines(headings, sizes, look.dots), [rule]))
            _put(stream, _rows(cells, sizes, look.dots))
        if getattr(stream, "is_left", False):
            return  # Whoever looked has seen enough.
    stream.write(_rule(sizes) if sizes else "")


def _suffice(sizes: Sequence[int], needed: Sequence[int], look: Layout) -> bool:
    """Tell whether a page that would need other sizes is shown as well in these: where there is no room for more."""
    wider = any(more > size for size, more in zip(sizes, needed, strict=True))
    return not wider or (look.columns is not None and sum(sizes) >= look.columns - 3 * len(sizes) - 1)


def _joined(sizes: Sequence[int], needed: Sequence[int], look: Layout) -> Sequence[int]:
    """Return sizes for both, or those needed now where there is no room for both."""
    both = [max(pair) for pair in zip(sizes, needed, strict=True)]
    return both if look.columns is None or sum(both) <= look.columns - 3 * len(both) - 1 else needed


def _rule(sizes: Sequence[int]) -> str:
    return "+" + "+".join("-" * (size + 2) for size in sizes) + "+\n"


def _heading_lines(headings: Sequence[str], sizes: Sequence[int], dots: str) -> Iterator[str]:
    """Yield the lines of the heading."""
    broken = [break_heading(text, size) for text, size in zip(headings, sizes, strict=True)]
    tall = max(map(len, broken), default=1)
    cells_of = [
        _filled([*parts, *[""] * (tall - len(parts))], size, dots) for parts, size in zip(broken, sizes, strict=True)
    ]
    yield from map(_line, zip(*cells_of, strict=True))


def _rows(cells: Sequence[Sequence[str]], sizes: Sequence[int], dots: str) -> Iterator[str]:
    """Yield the lines of the rows."""
    filled = [_filled(column, size, dots) for column, size in zip(cells, sizes, strict=True)]
    yield from map(_line, zip(*filled, strict=True))


def _filled(column: Sequence[str], size: int, dots: str) -> list[str]:
    """Return the cells of a column in its size."""
    if widest(column) > size:
        column = shorten_all(column, size, dots)
    return pad_all(column, size)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _sizes(
    columns: Sequence[Column], headings: Sequence[str], cells: Sequence[Sequence[str]], look: Layout
) -> Sequence[int] | None:
    """Return the size of each column, None where they cannot fit the terminal."""
    wanted = []
    for column, title, texts_ in zip(columns, headings, cells, strict=True):
        cell = widest(texts_)
        is_time = any(len(text) == 19 and text[4:5] == text[7:8] == "-" for text in texts_[:20])
        least = cell if column.name.endswith(_WHOLE) else min(cell, _SHORTEST_TIME if is_time else LEAST)
        least = max(least, min(width(title), LEAST_PIECE))
        wanted.append(ColumnNeed(width(title), cell, least, is_time, column.name in _NAMES))
    if look.columns is None:
        return [each.whole for each in wanted]
    return fit_columns(wanted, look.columns - 3 * len(wanted) - 1)
