"""How much time is left for something that a person does elsewhere: one line of standard error, drawn over itself."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TextIO

from vshell.terminal.progress import ERASE

ECHO = 3
"""Columns that a terminal needs for ^C, and to stand behind it."""


class Countdown:
    """The time that is left; only a terminal gets it, and the line is gone at the end."""

    def __init__(self, what: str, stream: TextIO | None) -> None:
        """``what`` is said of the time, as in "for the code"."""
        self._what = what
        self._stream = stream if stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb" else None

    def __enter__(self) -> Countdown:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.write(ERASE)
            self._stream.flush()

    def tick(self, seconds: float) -> None:
        """Draw what is left, in seconds."""
        if self._stream is not None:
            self._stream.write(f"{ERASE}{self._fitting(left(seconds))}")
            self._stream.flush()

    def _fitting(self, clock: str) -> str:
        """Say as much as one line of the terminal holds, with room for the ^C that it echoes.

        A longer one would break, and what is drawn over it would leave a line behind each second.
        """
        from vshell.terminal.screen import screen_size

        assert self._stream is not None
        screen = screen_size(self._stream)
        texts = (
            f"{clock} left {self._what}; Ctrl-C cancels.",
            f"{clock} left; Ctrl-C cancels.",
            f"{clock} left",
            clock,
        )
        room = screen.columns - ECHO if screen else len(texts[0])
        return next((text for text in texts if len(text) <= room), "")


def left(seconds: float) -> str:
    """Return a length as a clock shows it: "4:59"."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02}"
