"""The room there is, and what it is filled with."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios

from vshell.output.look import DOTS, dots_for, parted, screen_of


def test_a_terminal_has_a_size_and_nothing_else_has() -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 40, 0, 0))
    with os.fdopen(theirs, "w") as terminal, os.fdopen(ours, "rb"):
        assert screen_of(terminal) == (40, 20)
        assert parted("a" * 30 + " " + "b" * 30, terminal) == "a" * 30 + "\n" + "b" * 30
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
        assert screen_of(terminal) is None
    assert screen_of(io.StringIO()) is None
    assert parted("a " * 99, io.StringIO()) == "a " * 99
    with open(os.devnull, "w") as nothing:
        assert screen_of(nothing) is None


def test_dots_are_such_as_the_stream_can_show() -> None:
    assert dots_for(io.TextIOWrapper(io.BytesIO(), encoding="ascii")) == ".."
    assert dots_for(io.StringIO()) == DOTS
