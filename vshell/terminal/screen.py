"""A terminal's screen: text that cannot steer it, lines that fit it, the status line, QR codes.

A token's name can hold an escape sequence that rewrites the clipboard, a newline that forges a row, or a
bidirectional control that swaps what is read. ``vshell.formats.text.visible`` writes all of them out: what Unicode does
not call printable. Every output passes through it.

The status line is one line of standard error, drawn over itself, and gone in the end:

    apitokens: 3,200 of 10,000, 410/s, 17 s left
    Waiting for the server, 12 s so far; Ctrl-C stops waiting, not what was sent.
    4:59 left for the code; Ctrl-C cancels.

Rules:

- Only a terminal gets it. It never takes a second line: what goes on there cannot be erased.
- The progress of work and the wait for an answer are shown only after a second. Progress is never shown where the
  results themselves scroll by on the same terminal, and is gone while something else is written.
- Of an answer nothing is said of how much is left: of one request it is unknown.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self, TextIO

from vshell.formats.text import visible
from vshell.terminal.widths import beginning, width, wrap_lines

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

QR_MARGIN = 2
"""Modules around a QR code; the standard has four, two are enough to be read, and terminals are small."""


def screen_size(stream: TextIO) -> os.terminal_size | None:
    """Return the columns and lines of the terminal that a stream leads to, None for anything else."""
    led_to: os.terminal_size | None = getattr(stream, "screen", None)  # by what stands between it and the terminal
    if led_to is not None:
        return led_to
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return None
    return size if size.columns > 0 and size.lines > 0 else None


def fit_lines(text: str, stream: TextIO) -> str:
    """Return a text for people as the stream shows it: on a terminal its lines end at words, elsewhere it is as is."""
    screen = screen_size(stream) if stream.isatty() else None
    return wrap_lines(text, screen.columns) if screen else text


def can_show(text: str, stream: TextIO) -> bool:
    """Tell whether a text has a form in the stream's encoding."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def ellipsis_for(stream: TextIO) -> str:
    """Return what stands for left-out text in the stream's encoding."""
    return ELLIPSIS if can_show(ELLIPSIS, stream) else ".."


def safe_lines(text: str) -> str:
    """Return the text with its line ends as they are and every other control character written out."""
    return "\n".join(map(visible, text.split("\n")))


def safe_json(text: str) -> str:
    """Return a JSON text with the controls inside its strings as JSON escapes: the same document."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)


def draw_qr_code(text: str, columns: int, lines: int) -> str | None:
    """Return an address as a QR code, for a phone, in lines of text; None where it does not fit.

    Half a block is drawn for each light module and dark ones are left out, for letters are light on most terminals;
    readers take either. It holds the address alone, never what is to be typed there: a link with the code in it is what
    phishing sends.
    """
    import segno  # only where a code is drawn

    code = segno.make(text, error="l", micro=False)
    rows = [[not dark for dark in row] for row in code.matrix_iter(border=QR_MARGIN)]
    if len(rows[0]) >= columns or (len(rows) + 1) // 2 >= lines:
        return None
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    blocks = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(blocks[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)


AFTER_SECONDS = 1.0


PROGRESS_EVERY_SECONDS = 0.2


WAIT_EVERY_SECONDS = 1.0


ERASE = "\r\x1b[K"  # ECMA-48: to the beginning of the line, and nothing behind it


ECHO = 3
"""Columns that a terminal needs for ^C, and to stand behind it."""


FOR_AN_ANSWER = "the server"
"""What is waited for where a command does not say it."""


class StatusLine:
    """The line on a stream; None, and what is no terminal, show nothing."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream if stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb" else None
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.erase()

    @property
    def is_visible(self) -> bool:
        """Tell whether what is drawn is seen."""
        return self._stream is not None

    def draw(self, *texts: str, spare: int = 1) -> None:
        """Draw the first text that leaves ``spare`` columns of the line free, or as much as fits of the last."""
        if self._stream is None:
            return
        screen = screen_size(self._stream)
        room = screen.columns - spare if screen else width(texts[0])
        self._stream.write(ERASE + next((text for text in texts if width(text) <= room), beginning(texts[-1], room)))
        self._stream.flush()
        self._drawn = True

    def erase(self) -> None:
        """Take the line away, if it is there."""
        if self._stream is not None and self._drawn:
            self._drawn = False
            self._stream.write(ERASE)
            self._stream.flush()


class Progress(StatusLine):
    """The progress of one piece of work; ``what`` is counted, ``total`` is how many there are, None where unknown."""

    def __init__(
        self, what: str, total: int | None = None, *, stream: TextIO | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin now; ``stream`` is where it is shown, nowhere with None or when it is no terminal."""
        super().__init__(stream)
        self._what = what
        self._total = total
        self._clock = clock
        self._began = self._drawn_at = clock()
        self._done = 0

    @property
    def is_due(self) -> bool:
        """Tell whether it is time to show something: then ``expect`` may be worth a question to the server."""
        return self.is_visible and self._clock() - self._began >= AFTER_SECONDS

    def expect(self, total: int | None) -> None:
        """Say how many there are, when that becomes known; None for unknown."""
        self._total = total

    def advance(self, number: int = 1) -> None:
        """Count some more, and show it when it is time to."""
        self._done += number
        if not self.is_due:
            return
        now = self._clock()
        if now - self._drawn_at >= PROGRESS_EVERY_SECONDS:
            self._drawn_at = now
            text = progress_text(self._what, self._done, self._total, now - self._began)
            self.draw(text, text.removeprefix(f"{self._what}: ").replace(" of ", "/", 1))


class Countdown(StatusLine):
    """The time that is left for something that a person does elsewhere."""

    def __init__(self, what: str, stream: TextIO | None) -> None:
        """``what`` is said of the time, as in "for the code"."""
        super().__init__(stream)
        self._what = what

    def tick(self, seconds: float) -> None:
        """Draw what is left, in seconds."""
        clock = clock_text(seconds)
        cancels = "; Ctrl-C cancels."
        self.draw(
            f"{clock} left {self._what}{cancels}", f"{clock} left{cancels}", f"{clock} left", clock, "", spare=ECHO
        )


@contextmanager
def show_wait(
    stream: TextIO | None, what: str, *, changes: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[None]:
    """Show on a stream, if it is a terminal, for how long a block has been waiting for something.

    ``changes`` says that what was sent may be done although the answer is not waited for.
    """
    line = StatusLine(stream)
    if not line.is_visible:
        yield
        return
    done = threading.Event()

    def tick() -> None:
        began = clock()
        seconds = AFTER_SECONDS
        while not done.wait(seconds):
            waited = clock() - began
            line.draw(wait_text(what, waited, changes=changes), f"Waiting, {waited:.0f} s; Ctrl-C stops waiting.")
            seconds = WAIT_EVERY_SECONDS
        line.erase()

    thread = threading.Thread(target=tick, name="vshell-wait", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def progress_text(what: str, done: int, total: int | None, seconds: float) -> str:
    """Return how far the work is after some seconds: how many are done, how many a second, and what is left."""
    rate = done / seconds if seconds > 0 else 0.0
    counted = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    text = f"{what}: {counted}, {rate:,.0f}/s" if rate >= 10 else f"{what}: {counted}, {rate:.1f}/s"
    if total is None or rate == 0 or done >= total:
        return text
    minutes, left = divmod(round((total - done) / rate), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{text}, {hours} h {minutes:02} min left"
    return f"{text}, {minutes} min {left:02} s left" if minutes else f"{text}, {left} s left"


def wait_text(what: str, seconds: float, *, changes: bool) -> str:
    """Return what is shown after some seconds of waiting."""
    stops = "Ctrl-C stops waiting, not what was sent." if changes else "Ctrl-C stops waiting."
    return f"Waiting for {what}, {seconds:.0f} s so far; {stops}"


def clock_text(seconds: float) -> str:
    """Return a length as a clock shows it: "4:59"."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02}"
