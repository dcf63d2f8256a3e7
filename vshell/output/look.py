"""How results are drawn for people: the spelling of times, and the room that there is."""

from __future__ import annotations

import os
from typing import NamedTuple, TextIO

from vshell.kinds.times import IN_UTC, Times
from vshell.terminal.widths import at_words

DOTS = "\N{HORIZONTAL ELLIPSIS}"


class Layout(NamedTuple):
    """What the formats for people go by.

    ``columns`` is the width of the terminal, None where nothing has to fit; ``dots`` stands for what is left out in
    the middle of a text.
    """

    times: Times = IN_UTC
    columns: int | None = None
    dots: str = DOTS


PLAIN = Layout()


def screen_of(stream: TextIO) -> os.terminal_size | None:
    """Return the columns and lines of the terminal that a stream leads to, None for anything else."""
    led_to: os.terminal_size | None = getattr(stream, "screen", None)  # by what stands between it and the terminal
    if led_to is not None:
        return led_to
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return None
    return size if size.columns > 0 and size.lines > 0 else None


def parted(text: str, stream: TextIO) -> str:
    """Return a text for people as the stream shows it: on a terminal its lines end at words, elsewhere it is as is."""
    screen = screen_of(stream) if stream.isatty() else None
    return at_words(text, screen.columns) if screen else text


def dots_for(stream: TextIO) -> str:
    """Return what stands for left-out text in the stream's encoding."""
    try:
        DOTS.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return ".."
    return DOTS
