"""Pages: what fits is written, what does not goes to the person's pager."""

from __future__ import annotations

import os
import pty
import select
from collections.abc import Iterator
from typing import TextIO

import pytest

from vshell.output import pager
from vshell.output.pager import Paged, program, show_pages


class Screen:
    """A terminal of 80 by 24 whose other end can be read."""

    def __init__(self, stream: TextIO, ours: int) -> None:
        self.stream = stream
        self._ours = ours

    def read(self) -> str:
        """Return what has come."""
        self.stream.flush()
        got = b""
        while select.select([self._ours], [], [], 0)[0]:
            got += os.read(self._ours, 65_536)
        return got.decode().replace("\r\n", "\n")


@pytest.fixture
def screen() -> Iterator[Screen]:
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with os.fdopen(theirs, "w") as stream:
        yield Screen(stream, ours)
    os.close(ours)


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"TERM": "xterm", "PAGER": "most -s"}, "most -s"),
        ({"TERM": "xterm", "PAGER": ""}, None),
        ({"TERM": "dumb", "PAGER": "less"}, None),
        ({"PAGER": "less"}, None),
    ],
)
def test_the_persons_own_pager_is_used(environment: dict[str, str], wanted: str | None) -> None:
    assert program(environment) == wanted


def test_without_one_the_usual_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for there, wanted in (("less", "less -R"), ("more", "more"), ("", None)):
        monkeypatch.setattr(pager.shutil, "which", lambda name, there=there: there if name == there else None)
        assert program({"TERM": "xterm"}) == wanted


def test_what_fits_the_screen_is_written_as_it_is(screen: Screen) -> None:
    with show_pages({"TERM": "xterm", "PAGER": "sed s/^/paged:/"}, screen.stream) as page:
        page.write("line\n" * 22)
        page.writelines([])
        page.flush()
    assert screen.read() == "line\n" * 22


@pytest.mark.parametrize("text", ["line\n" * 23, "x" * 2000 + "\n"], ids=["lines", "one long line"])
def test_what_does_not_fit_goes_to_the_pager(screen: Screen, text: str) -> None:
    with show_pages({"TERM": "xterm", "PAGER": "head -c 4 | sed s/^/paged:/"}, screen.stream) as page:
        assert page.isatty()
        page.write(text)
    assert screen.read() == f"paged:{text[:4]}"


def test_a_pager_that_is_left_early_is_no_failure(screen: Screen) -> None:
    page = Paged(screen.stream, "exec true")
    for _ in range(50):
        page.writelines(["line\n"] * 1_000)
    page.close()
    assert screen.read() == ""
