"""How much time is left for something that a person does elsewhere: one line of standard error, drawn over itself."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TextIO

from vshell.progress import ERASE


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
            self._stream.write(f"{ERASE}{left(seconds)} left {self._what}; Ctrl-C cancels.")
            self._stream.flush()


def left(seconds: float) -> str:
    """Return a length as a clock shows it: "4:59"."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02}"
