"""Watching: a command that is run again and again, ``watch 5s apitoken list``.

On a terminal each round takes the place of the one before, on a screen of its own, and what is new in it is shown
reversed; Ctrl-C ends it, and the last round stays to be read above the next prompt. Elsewhere, and on a terminal
that cannot move its cursor, each round is a block under a line with the time. A server that is away is named in
the place of its answer, and tried again in the next round. Where nobody can press Ctrl-C it must be said how
often: a script or a pipe would never end.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, groupby
from typing import NamedTuple, TextIO

from vshell.errors import SlowDown, Unreachable, render
from vshell.formats.text import visible
from vshell.language.parsed_line import ParsedLine, Watch
from vshell.run.redirection import Sheet
from vshell.session import Session
from vshell.terminal.screen import screen_size
from vshell.terminal.widths import beginning, shorten, width

# ECMA-48, and xterm's second screen.
_ENTER, _LEAVE, _HOME, _CLEAR_LINE, _CLEAR_BELOW = "\x1b[?1049h", "\x1b[?1049l", "\x1b[H", "\x1b[K", "\x1b[J"
_REVERSE, _PLAIN = "\x1b[7m", "\x1b[27m"

Part = tuple[str, bool]
"""A part of a line, and whether it is new."""


def watch_line(line: ParsedLine, session: Session, run_once: Callable[[bool], object]) -> None:
    """Run the line's command again and again; raises KeyboardInterrupt at its end only in a script.

    ``run_once`` runs it, and is called with whether it may ask before a file is overwritten.
    """
    assert line.watch is not None
    assert line.command is not None
    require_end(line, attended=session.is_attended)
    name, stdout = line.command.words[0], session.out.stdout
    screen = screen_size(stdout) if stdout.isatty() else None
    may_ask = True

    def run_round() -> str:
        nonlocal may_ask
        sheet = Sheet(screen)
        with session.out.redirect(sheet):
            run_once(may_ask)
        may_ask = False  # The file that is there from now on is the one that this round wrote.
        return sheet.getvalue()

    first = next(word for word in line.words if name in (word.text, word.full))
    watcher = Watcher(visible(line.masked[first.start :]), line.watch, run_round)
    if screen is None or os.environ.get("TERM") in (None, "dumb"):
        watcher.write_blocks(stdout)
        return
    try:
        watcher.draw_screens(stdout)
    except KeyboardInterrupt:
        if not session.interactive or session.sources:
            raise  # It ends the script too.


class Watcher(NamedTuple):
    """One ``watch``: what is run, and how often. ``clock`` and ``wait`` are those of the machine."""

    line: str
    watch: Watch
    run: Callable[[], str]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    wait: Callable[[float], None] = time.sleep

    def write_blocks(self, stream: TextIO) -> None:
        """Write each round as a block."""
        for number in self._rounds():
            stream.write(("\n" if number else "") + f"# {self._heading()}\n" + self.run())
            stream.flush()

    def draw_screens(self, stream: TextIO) -> None:
        """Draw each round in the place of the one before."""
        before: list[str] | None = None
        text = ""
        stream.write(_ENTER)
        try:
            for _ in self._rounds():
                text = self._answer()
                lines = text.splitlines()
                self._draw(stream, lines, before)
                before = lines
        finally:
            stream.write(_LEAVE + text)
            stream.flush()

    def _rounds(self) -> Iterator[int]:
        """Yield the number of each round, and wait between two."""
        for number in count():
            if number == self.watch.rounds:
                return
            if number:
                self.wait(self.watch.seconds)
            yield number

    def _answer(self) -> str:
        try:
            return self.run()
        except (Unreachable, SlowDown) as error:
            return render(error) + "\n"

    def _heading(self) -> str:
        return f"every {self.watch.seconds} s: {self.line}, at {self.clock().astimezone():%Y-%m-%d %H:%M:%S}"

    def _draw(self, stream: TextIO, lines: Sequence[str], before: Sequence[str] | None) -> None:
        size = screen_size(stream)
        columns, rows = (size.columns, size.lines) if size else (80, 24)
        shown = lines[: rows - 2]
        # A line is cleared before it is written: behind its last column a terminal would clear that.
        stream.write(_HOME + _CLEAR_LINE + shorten(self._heading(), columns, ".."))
        marked = mark_differences(before, shown) if before is not None else [[(line, False)] for line in shown]
        for parts in marked:
            stream.write("\r\n" + _CLEAR_LINE + _format_parts(parts, columns))
        stream.write("\r\n" + _CLEAR_BELOW)
        if len(lines) > len(shown):
            stream.write(shorten(f"... {len(lines) - len(shown)} more lines; | first shows fewer", columns, ".."))
        stream.flush()


def require_end(line: ParsedLine, *, attended: bool) -> None:
    """Raise Mistake for a watch without an end where it is not ``attended`` by a person who can end it."""
    if line.watch is not None and line.watch.rounds is None and not attended:
        raise line.error_at(
            "Nobody is here to end this watch with Ctrl-C, so it must be said how often to run.",
            f"Write it as: watch {line.watch.seconds}s --count 10 ...",
            line.words[0].start,
        )


def mark_differences(before: Sequence[str], now: Sequence[str]) -> list[list[Part]]:
    """Return the lines of now in parts, those marked that differ from before."""
    from difflib import SequenceMatcher

    marked: list[list[Part]] = []
    for what, first, last, start, end in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if what == "replace" and last - first == end - start:
            marked += [_mark_changes(old, new) for old, new in zip(before[first:last], now[start:end], strict=True)]
        else:
            marked += [[(line, what != "equal")] for line in now[start:end]]
    return marked


def _mark_changes(old: str, new: str) -> list[Part]:
    """Return a line in parts, by the places in which it differs from what stood there; all of it when it moved."""
    if len(old) != len(new):
        return [(new, True)]
    runs = groupby(zip(old, new, strict=True), key=lambda pair: pair[0] != pair[1])
    return [("".join(character for _, character in pairs), is_new) for is_new, pairs in runs]


def _format_parts(parts: Sequence[Part], columns: int) -> str:
    """Return the parts with what is new reversed, cut where the screen ends."""
    drawn = ""
    left = columns
    for text, is_new in parts:
        piece = beginning(text, left)
        left -= width(piece)
        drawn += f"{_REVERSE}{piece}{_PLAIN}" if is_new and piece else piece
    return drawn
