"""How far a long piece of work is, on one line of standard error that is drawn over itself.

    apitokens: 3,200 of 10,000, 410/s, 17 s left

Rules: only a terminal gets it, only after a second, a few times a second, and never where the results themselves
scroll by on the same terminal. The line is gone when the work is done, and while something else is written.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

AFTER_SECONDS = 1.0
EVERY_SECONDS = 0.2

ERASE = "\r\x1b[K"  # ECMA-48: to the beginning of the line, and nothing behind it


class Progress:
    """The progress of one piece of work; ``what`` is counted, ``total`` is how many there are, None where unknown."""

    def __init__(
        self,
        what: str,
        total: int | None = None,
        *,
        stream: TextIO | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin now; ``stream`` is where it is shown, nowhere with None or when it is no terminal."""
        self._what = what
        self._total = total
        self._stream = stream if stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb" else None
        self._clock = clock
        self._began = self._drawn_at = clock()
        self._done = 0
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.erase()

    @property
    def is_due(self) -> bool:
        """Tell whether it is time to show something: then ``expect`` may be worth a question to the server."""
        return self._stream is not None and self._clock() - self._began >= AFTER_SECONDS

    def expect(self, total: int | None) -> None:
        """Say how many there are, when that becomes known; None for unknown."""
        self._total = total

    def advance(self, number: int = 1) -> None:
        """Count some more, and show it when it is time to."""
        self._done += number
        if self._stream is None:
            return
        now = self._clock()
        if now - self._began >= AFTER_SECONDS and now - self._drawn_at >= EVERY_SECONDS:
            self._drawn_at = now
            self._draw(self._stream, now - self._began)

    def erase(self) -> None:
        """Take the line away, if it is there."""
        if self._stream is not None and self._shown:
            self._shown = False
            self._stream.write(ERASE)
            self._stream.flush()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Take the line away for the length of a block, in which something else is written."""
        self.erase()
        yield

    def _draw(self, stream: TextIO, seconds: float) -> None:
        self._shown = True
        told = line(self._what, self._done, self._total, seconds)
        stream.write(ERASE + fitting(stream, told, told.removeprefix(f"{self._what}: ").replace(" of ", "/", 1)))
        stream.flush()


def fitting(stream: TextIO, text: str, short: str) -> str:
    """Return a text, or its short form, or as much of it as a line holds: what goes on in the next cannot be erased."""
    from vshell.terminal.screen import screen_size
    from vshell.terminal.widths import beginning, width

    screen = screen_size(stream)
    return text if screen is None or width(text) < screen.columns else beginning(short, screen.columns - 1)


def line(what: str, done: int, total: int | None, seconds: float) -> str:
    """Return how far the work is after some seconds: how many are done, how many a second, and what is left."""
    rate = done / seconds if seconds > 0 else 0.0
    counted = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    told = f"{what}: {counted}, {rate:,.0f}/s" if rate >= 10 else f"{what}: {counted}, {rate:.1f}/s"
    if total is None or rate == 0 or done >= total:
        return told
    return f"{told}, {_span((total - done) / rate)} left"


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, left = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {left:02} s"
