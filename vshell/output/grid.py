"""Tables for people: vcli's grid, its vertical form for one record, and a table in Markdown.

The grid has a header row and is left aligned. Columns are spelled, measured and filled one at a time, and lines are
written in the order of the rows as soon as the widths are known: tabulate, which takes each cell several times, needs
ten times as long for 10,000 rows.

Rules:

- On a terminal that is too narrow, headings are broken at their hyphens, then within words, and cells are shortened in
  the middle; an id, or a token, never is. Where not even that makes sense, the records are shown one by one,
  vertically: a field on each line, rules only at top and bottom. A long value goes on in the lines below, within its
  column: there nothing is left out.
- A list that is still being fetched is drawn a page at a time, in the widths of its first page. A page that needs wider
  columns, where there is room for them, begins a grid of its own with its headings; nothing is cut for coming late.
- In Markdown, as GitHub takes it, what could be markup in a value is escaped.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output import PLAIN, Layout, cell_text, column_texts, heading, spell_for_people
from vshell.registry.view import PagedList
from vshell.terminal.widths import (
    LEAST,
    LEAST_PIECE,
    ColumnNeed,
    break_heading,
    fit_columns,
    flow,
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

_FRAME = 7
"""Cells that the lines of the vertical grid take."""

_NARROWEST = 8

# CommonMark 0.31, section 2.4, and the tables of GitHub's; an underscore inside a word marks nothing.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])")


def write_table(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write one grid; a single record is a grid of one row. Pages that are still fetched are written as they come."""
    if isinstance(result, PagedList):
        _write_pages(result, columns, stream, layout)
        return
    records = result if isinstance(result, list) else [result]
    if not columns:
        # Values without fields, such as a list of names, have no header: one on a line.
        stream.writelines(spell_for_people("", record, layout.times) + "\n" for record in records)
        return
    headings = [heading(column) for column in columns]
    cells = [column_texts(records, column, layout.times) for column in columns]
    sizes = _sizes(columns, headings, cells, layout)
    if sizes is None:
        write_vertical(records, columns, stream, layout)
        return
    _write_lines(stream, draw_grid(headings, cells, sizes, layout.dots))


def _write_lines(stream: TextIO, lines: Iterator[str]) -> None:
    while chunk := "".join(line for _, line in zip(range(_LINES_AT_ONCE), lines, strict=False)):
        stream.write(chunk)


def draw_grid(
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


def _write_pages(result: PagedList, columns: Sequence[Column], stream: TextIO, layout: Layout) -> None:
    """Write pages as they come, in the widths of the first; where a later one needs more, a grid with its widths."""
    headings = [heading(column) for column in columns]
    sizes: Sequence[int] | None = None
    for number, page in enumerate(result.pages()):
        cells = [column_texts(page, column, layout.times) for column in columns]
        needed = _sizes(columns, headings, cells, layout)
        if needed is None:
            stream.write((_rule(sizes) if sizes else "") + ("\n" if number else ""))
            write_vertical(page, columns, stream, layout)
            sizes = None
        else:
            if sizes is None or not _suffice(sizes, needed, layout):
                stream.write(_rule(sizes) if sizes else "")
                sizes = needed if sizes is None else _join_sizes(sizes, needed, layout)
                rule = _rule(sizes)
                _write_lines(stream, itertools.chain([rule], _heading_lines(headings, sizes, layout.dots), [rule]))
            _write_lines(stream, _rows(cells, sizes, layout.dots))
        if getattr(stream, "is_left", False):
            return  # The person has seen enough.
    stream.write(_rule(sizes) if sizes else "")


def _suffice(sizes: Sequence[int], needed: Sequence[int], layout: Layout) -> bool:
    """Tell whether a page that would need other sizes is shown as well in these: where there is no room for more."""
    room = _room(len(sizes), layout)
    wider = any(more > size for size, more in zip(sizes, needed, strict=True))
    return not wider or (room is not None and sum(sizes) >= room)


def _join_sizes(sizes: Sequence[int], needed: Sequence[int], layout: Layout) -> Sequence[int]:
    """Return sizes for both, or those needed now where there is no room for both."""
    both = [max(pair) for pair in zip(sizes, needed, strict=True)]
    room = _room(len(both), layout)
    return both if room is None or sum(both) <= room else needed


def _room(columns: int, layout: Layout) -> int | None:
    """Return the cells that so many columns have within the lines of the grid, None where nothing has to fit."""
    return None if layout.columns is None else layout.columns - 3 * columns - 1


def _rule(sizes: Sequence[int]) -> str:
    return "+" + "+".join("-" * (size + 2) for size in sizes) + "+\n"


def _heading_lines(headings: Sequence[str], sizes: Sequence[int], dots: str) -> Iterator[str]:
    """Yield the lines of the heading."""
    broken = [break_heading(text, size) for text, size in zip(headings, sizes, strict=True)]
    tall = max(map(len, broken), default=1)
    yield from _rows([[*parts, *[""] * (tall - len(parts))] for parts in broken], sizes, dots)


def _rows(cells: Sequence[Sequence[str]], sizes: Sequence[int], dots: str) -> Iterator[str]:
    """Yield the lines of the rows."""
    filled = [_fill_column(column, size, dots) for column, size in zip(cells, sizes, strict=True)]
    yield from map(_line, zip(*filled, strict=True))


def _fill_column(column: Sequence[str], size: int, dots: str) -> list[str]:
    """Return the cells of a column in its size."""
    if widest(column) > size:
        column = shorten_all(column, size, dots)
    return pad_all(column, size)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _sizes(
    columns: Sequence[Column], headings: Sequence[str], cells: Sequence[Sequence[str]], layout: Layout
) -> Sequence[int] | None:
    """Return the size of each column, None where they cannot fit the terminal."""
    wanted = []
    for column, title, texts_ in zip(columns, headings, cells, strict=True):
        cell = widest(texts_)
        is_time = any(len(text) == 19 and text[4:5] == text[7:8] == "-" for text in texts_[:20])
        least = cell if column.name.endswith(_WHOLE) else min(cell, _SHORTEST_TIME if is_time else LEAST)
        least = max(least, min(width(title), LEAST_PIECE))
        wanted.append(ColumnNeed(width(title), cell, least, is_time, column.name in _NAMES))
    room = _room(len(wanted), layout)
    return [each.whole for each in wanted] if room is None else fit_columns(wanted, room)


def write_vertical(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write one grid for each record, an empty line between them."""
    if not columns:
        write_table(result, columns, stream, layout)
        return
    records = result if isinstance(result, list) else [result]
    titles = [heading(column) for column in columns]
    left = widest(titles)
    if layout.columns is not None:
        left = min(left, max(_NARROWEST, layout.columns - _FRAME - _NARROWEST))
    room = None if layout.columns is None else max(_NARROWEST, layout.columns - _FRAME - left)
    for number, record in enumerate(records):
        names: list[str] = []
        values: list[str] = []
        for title, column in zip(titles, columns, strict=True):
            parts = flow(cell_text(record, column, layout.times), room)
            names += [title, *[""] * (len(parts) - 1)]
            values += parts
        stream.write("\n" if number else "")
        stream.writelines(draw_grid(None, (names, values), (left, widest(values)), layout.dots))


def write_markdown(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write one table; values without fields are a list with bullets."""
    records = result if isinstance(result, list) else [result]
    if not columns:
        stream.writelines(f"- {escape(spell_for_people('', record, layout.times))}\n" for record in records)
        return
    import tabulate

    cells = [list(map(escape, column_texts(records, column, layout.times))) for column in columns]
    shown = tabulate.tabulate(
        list(zip(*cells, strict=True)),
        headers=[escape(heading(column)) for column in columns],
        tablefmt="github",
        disable_numparse=True,  # An id such as 12345e67 is not a number.
        preserve_whitespace=True,
    )
    stream.write(shown + "\n")


def escape(text: str) -> str:
    """Return a text that reads as itself in Markdown."""
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)
