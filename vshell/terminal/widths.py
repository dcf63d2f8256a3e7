"""Widths of texts in terminal cells, and texts made to fit: shortened in the middle, or wrapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

_CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_CLOCK_LENGTH = 19
_CLOCK_SIZES = (16, 10)
"""Where a time may be cut: before the seconds, before the hour."""

LEAST = 6
"""Cells of a shortened column: less tells nothing."""

SHORT_HEADING = 8
LEAST_PIECE = 5
"""Cells of the pieces of a heading: what is shorter cannot be read in its column."""

LONG = 16
"""Cells of a text that is shortened before anything else is."""


class ColumnNeed(NamedTuple):
    """What a column would take: the width of its ``heading``, of its widest ``cell``, and the ``least`` it may have.

    ``is_time`` tells that it holds times, which fit in certain widths only, ``is_name`` that it says which row it is.
    """

    heading: int
    cell: int
    least: int
    is_time: bool = False
    is_name: bool = False

    @property
    def whole(self) -> int:
        """The width at which nothing is left out."""
        return max(self.heading, self.cell)

    def below(self, size: int) -> int:
        """Return the next smaller size that is of use."""
        smaller = [cut for cut in _CLOCK_SIZES if cut < size <= self.cell] if self.is_time else []
        return smaller[0] if smaller else size - 1


def width(text: str) -> int:
    """Return how many terminal cells a text takes; Chinese, Japanese, Korean and emoji take two each."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(0, wcswidth(text))


def widest(texts: Sequence[str]) -> int:
    """Return the width of the widest text, 0 without any."""
    if "".join(texts).isascii():
        return max(map(len, texts), default=0)
    return max(map(width, texts), default=0)


def pad_all(texts: Sequence[str], size: int) -> list[str]:
    """Return the texts with spaces behind them up to ``size`` cells."""
    if "".join(texts).isascii():
        return [text.ljust(size) for text in texts]
    return [text + " " * (size - width(text)) for text in texts]


def shorten(text: str, size: int, dots: str) -> str:
    """Return a text of at most ``size`` cells: a time without its end, another with ``dots`` in the middle."""
    if width(text) <= size:
        return text
    if len(text) == _CLOCK_LENGTH and _CLOCK.fullmatch(text):
        for cut in _CLOCK_SIZES:
            if cut <= size:
                return text[:cut]
    room = size - width(dots)
    if room < 2:
        return beginning(text, size)
    right = room // 2
    return beginning(text, room - right) + dots + beginning(text[::-1], right)[::-1]


def shorten_all(texts: Sequence[str], size: int, dots: str) -> list[str]:
    """Return what ``shorten`` does of each text, sooner where all are ASCII and the size is of use."""
    room = size - width(dots)
    if room < 2 or not "".join(texts).isascii():
        return [shorten(text, size, dots) for text in texts]
    right = room // 2
    left = room - right
    return [
        text
        if len(text) <= size
        else shorten(text, size, dots)
        if len(text) == _CLOCK_LENGTH and text[4] == "-" and text[13] == ":"
        else text[:left] + dots + text[-right:]
        for text in texts
    ]


def flow(text: str, columns: int | None, margin: str = "", *, whole_words: bool = False) -> list[str]:
    """Return a text in lines of at most ``columns`` cells, a line end in place of a space; all but the first begin
    with ``margin``.

    None lets everything fit. A longer word is parted, or with ``whole_words`` left as long as it is. What is indented
    stays so.
    """
    lines = []
    while columns is not None and width(text) > columns:
        indent = len(text) - len(text.lstrip(" "))
        end = max(len(beginning(text, columns)), indent + 1)
        cut = text.rfind(" ", indent, end + 1)
        if cut < 0 and whole_words:
            cut = text.find(" ", end)
            if cut < 0:
                break
        lines.append(text[:cut] if cut >= 0 else text[:end])
        text = margin + (text[cut + 1 :] if cut >= 0 else text[end:])
    return [*lines, text]


def wrap_lines(text: str, columns: int) -> str:
    """Return a text whose lines are parted at spaces to take at most ``columns`` cells.

    A word is never parted, so that an address can be picked up whole; an indented line, as of a caret or a picture,
    stays as it is.
    """
    lines = text.split("\n")
    flowing = ([line] if line.startswith(" ") else flow(line, columns, whole_words=True) for line in lines)
    return "\n".join(line for lines in flowing for line in lines)


def break_heading(text: str, size: int) -> list[str]:
    """Return a heading in lines of at most ``size`` cells, broken behind hyphens and, only where it must be, in words.

    Pieces of a word are of about one length. Below ``LEAST_PIECE`` cells no word is broken; it may be longer then.
    """
    lines: list[str] = []
    for part in (piece for word in re.split(r"(?<=-)(?=.)", text) for piece in _pieces(word, size)):
        if lines and width(lines[-1]) + width(part) <= size:
            lines[-1] += part
        else:
            lines.append(part)
    return lines


def _pieces(word: str, size: int) -> list[str]:
    """Return a word in pieces of at most ``size`` cells, where that is enough for any to be read."""
    if width(word) <= size or size < LEAST_PIECE:
        return [word]
    many = -(-width(word) // size)
    return flow(word, -(-width(word) // many))


def fit_columns(columns: Iterable[ColumnNeed], room: int) -> list[int] | None:
    """Return a size for each column so that all together take ``room`` cells, None where that makes no sense.

    What gives way first is in ``_FLOORS``; each time the widest column does.
    """
    wanted = list(columns)
    if sum(each.least for each in wanted) > room:
        return None
    # A text may be a megabyte long; no column gets more than all the room.
    sizes = [max(min(each.whole, room), each.least) for each in wanted]
    for floor in _FLOORS:
        _shrink(sizes, [floor(each, size) for each, size in zip(wanted, sizes, strict=True)], wanted, room)
    _fill(sizes, wanted, room)
    return sizes


def _keep_heading(column: ColumnNeed, size: int, heading: int) -> int:
    needed = max(min(column.heading, heading), min(column.cell, LONG), column.least)
    return size if column.is_time else min(size, needed)


_FLOORS: tuple[Callable[[ColumnNeed, int], int], ...] = (
    lambda column, size: size if column.is_time else min(size, max(column.heading, LONG, column.least)),
    lambda column, size: _keep_heading(column, size, SHORT_HEADING),
    lambda column, size: _keep_heading(column, size, LEAST),
    lambda column, size: min(size, max(LONG, column.least)) if column.is_name else column.least,
    lambda column, size: column.least,
)
"""How small a column may become: long texts first, then headings, twice, then cells, those of names last."""


def _shrink(sizes: list[int], floor: Sequence[int], wanted: Sequence[ColumnNeed], room: int) -> None:
    """Make columns smaller, the widest first, until they fit or stand at their floor."""
    while sum(sizes) > room:
        shrinkable = [number for number, size in enumerate(sizes) if size > floor[number]]
        if not shrinkable:
            return
        widest_one = max(shrinkable, key=lambda number: sizes[number])
        sizes[widest_one] = max(wanted[widest_one].below(sizes[widest_one]), floor[widest_one])


def _fill(sizes: list[int], wanted: Sequence[ColumnNeed], room: int) -> None:
    """Give what is left to the shortened columns that hold no times, the smallest part of the whole first."""
    while sum(sizes) < room:
        cut = [n for n, each in enumerate(wanted) if sizes[n] < each.whole and not each.is_time]
        if not cut:
            return
        sizes[min(cut, key=lambda n: sizes[n] / wanted[n].whole)] += 1


def beginning(text: str, size: int) -> str:
    """Return as much of the beginning of a text as ``size`` cells hold."""
    piece = text[:size]
    while width(piece) > size:
        piece = piece[:-1]
    return piece
