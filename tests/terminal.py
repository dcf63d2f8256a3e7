"""A terminal for tests: a program runs on a pty, and pyte holds the screen that a person would see.

Nothing waits for a length of time: ``until`` reads what the program writes until the screen is as it should
be, and fails with the screen when that takes too long. Requests for the cursor's position are answered.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

PATIENCE_SECONDS = 20.0

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "ctrl-a": "\x01",
    "ctrl-c": "\x03",
    "ctrl-d": "\x04",
    "ctrl-r": "\x12",
}


class Terminal:
    """A program on a screen of ``columns`` by ``lines``."""

    def __init__(
        self,
        program: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 80,
        lines: int = 24,
        directory: str | None = None,
    ) -> None:
        self.screen = pyte.HistoryScreen(columns, lines, history=10_000)
        self.screen.write_process_input = self._write
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.exit_code: int | None = None
        self.pid, self._pty = pty.fork()
        if self.pid == 0:
            _become(program, {"TERM": "xterm-256color", **environment}, directory)
        fcntl.ioctl(self._pty, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, text: str) -> None:
        """Type ``text`` as it is; what only a line editor reads waits until one has the terminal.

        A shell that still runs a line would have its terminal echo a Tab or an arrow instead of taking it.
        """
        if "\t" in text or "\x1b" in text:
            self.until(Terminal.is_edited)
        self._write(text)

    def is_edited(self) -> bool:
        """Tell whether the program reads each key by itself, as a line editor does, and not whole lines."""
        return self.exit_code is not None or not termios.tcgetattr(self._pty)[3] & termios.ICANON

    def press(self, *keys: str) -> None:
        """Press keys by their names."""
        for key in keys:
            self.send(KEYS[key])

    def enter(self, line: str) -> None:
        """Type a line and press Enter."""
        self.send(line + KEYS["enter"])

    def paste(self, text: str) -> None:
        """Paste ``text`` as a terminal with bracketed paste does."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    @property
    def text(self) -> str:
        """The screen, without the spaces at the ends of its lines."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def line(self) -> str:
        """The line that the cursor is in."""
        return self.screen.display[self.screen.cursor.y].rstrip()

    def line_with(self, text: str) -> str:
        """Return the lowest line of the screen that holds ``text``, "" without one."""
        return next((line for line in reversed(self.text.split("\n")) if text in line), "")

    def style_of(self, text: str) -> pyte.screens.Char:
        """Return the first character of the lowest place that shows ``text``, with its colours."""
        for number in range(len(self.screen.display) - 1, -1, -1):
            column = self.screen.display[number].rfind(text)
            if column >= 0:
                return self.screen.buffer[number][column]
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text}")

    def until(self, wanted: str | Callable[[Terminal], object], seconds: float = PATIENCE_SECONDS) -> str:
        """Read until the screen shows the text, or until what is asked holds; return the screen."""
        shows = (lambda terminal: wanted in "\n".join(self.screen.display)) if isinstance(wanted, str) else wanted
        end = time.monotonic() + seconds
        while not shows(self):
            left = end - time.monotonic()
            if left <= 0 or not self._read(left):
                if shows(self):
                    break
                raise AssertionError(f"never came: {wanted!r}; the screen (exit {self.exit_code}):\n{self.text}")
        return self.text

    def wait(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Read until the program ends and return its exit code."""
        end = time.monotonic() + seconds
        while self.exit_code is None:
            if time.monotonic() > end:
                raise AssertionError(f"the program did not end; the screen:\n{self.text}")
            if not self._read(0.2):
                self._reap(block=True)
        return self.exit_code

    def close(self) -> None:
        """End the program if it runs, and let go of the pty."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._reap(block=True)
        with contextlib.suppress(OSError):
            os.close(self._pty)

    def _write(self, text: str) -> None:
        os.write(self._pty, text.encode())

    def _read(self, seconds: float) -> bool:
        """Read what comes within ``seconds``; False once the program has closed the terminal."""
        if not select.select([self._pty], [], [], min(seconds, 0.2))[0]:
            return True
        try:
            got = os.read(self._pty, 65_536)
        except OSError:  # how Linux tells that nobody holds the other end
            return False
        self.written += got
        self._stream.feed(got)
        return bool(got)

    def _reap(self, *, block: bool) -> None:
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, 0 if block else os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)


def _become(program: Sequence[str], environment: Mapping[str, str], directory: str | None) -> None:
    """Become the program; never returns."""
    try:
        if directory:
            os.chdir(directory)
        os.execvpe(program[0], list(program), dict(environment))
    finally:
        os._exit(127)
