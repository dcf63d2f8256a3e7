"""The pager, ``$PAGER`` or ``less -R``, for what is longer than the screen; only at the prompt.

What fits the screen is written as it is. The pager starts as soon as the screen would be full, so that the first rows
of a long list are there at once; that a person leaves it before the end is no failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import TextIO, cast

from vshell.terminal.process import leave_ctrl_c
from vshell.terminal.screen import screen_size
from vshell.terminal.widths import width

ROOM = 2
"""Lines of the screen that the next prompt takes."""


def program(environment: Mapping[str, str]) -> str | None:
    """Return the command line of the person's pager, None where there is none or the terminal cannot have one."""
    if environment.get("TERM", "") in ("", "dumb"):
        return None
    named = environment.get("PAGER")
    if named is not None:
        return named.strip() or None
    return "less -R" if shutil.which("less") else "more" if shutil.which("more") else None


class Paged:
    """A stream that holds back a screenful, and hands all to a pager once there is more.

    ``is_left`` tells whether the person has left the pager: nothing more need be written.
    """

    def __init__(self, terminal: TextIO, command: str) -> None:
        self.screen = screen_size(terminal) or os.terminal_size((80, 24))
        self.encoding = getattr(terminal, "encoding", "utf-8")
        self.is_left = False
        self._terminal = terminal
        self._command = command
        self._held: list[str] = []
        self._lines = 0
        self._process: subprocess.Popen[str] | None = None

    def isatty(self) -> bool:
        """Tell that it is for a terminal."""
        return True

    def write(self, text: str) -> int:
        """Keep the text, or hand it on."""
        self._held.append(text)
        if self._process is None:
            self._lines += sum(1 + max(0, width(line) - 1) // self.screen.columns for line in text.split("\n")[:-1])
            if self._lines <= self.screen.lines - ROOM:
                return len(text)
            self._terminal.flush()
            self._process = subprocess.Popen(  # noqa: S602 (PAGER is a command line by custom, and the person's own)
                self._command,
                shell=True,
                stdin=subprocess.PIPE,
                stdout=self._terminal.fileno(),
                encoding="utf-8",
                errors="backslashreplace",
            )
        held, self._held = "".join(self._held), []
        pipe = self._process.stdin
        if pipe is not None and not self.is_left:
            try:
                with leave_ctrl_c():
                    pipe.write(held)
                    pipe.flush()
            except OSError:
                self.is_left = True  # The person has seen enough.
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write all of them."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Do nothing: it is written when it is known how long it is."""

    def close(self) -> None:
        """Write what was held back, or wait until the person leaves the pager."""
        if self._process is None:
            self._terminal.write("".join(self._held))
            return
        with leave_ctrl_c():
            if self._process.stdin is not None:
                with suppress(OSError):
                    self._process.stdin.close()
            self._process.wait()


@contextmanager
def show_pages(environment: Mapping[str, str], terminal: TextIO) -> Iterator[TextIO]:
    """Open a stream that shows a page at a time; see ``Output.paging``."""
    command = program(environment)
    if command is None or screen_size(terminal) is None:
        yield terminal
        return
    with closing(Paged(terminal, command)) as stream:
        yield cast("TextIO", stream)
