"""The line that tells how far a long piece of work is."""

from __future__ import annotations

import io
import os

import pytest

from vshell.terminal.progress import Progress, line


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and of which size."""

    screen: os.terminal_size | None = None

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("done", "total", "seconds", "told"),
    [
        (3_200, 10_000, 8.0, "lines: 3,200 of 10,000, 400/s, 17 s left"),
        (10, 1_000, 10.0, "lines: 10 of 1,000, 1.0/s, 16 min 30 s left"),
        (1, 36_000, 1.0, "lines: 1 of 36,000, 1.0/s, 9 h 59 min left"),
        (500, None, 2.0, "lines: 500, 250/s"),
        (10, 10, 2.0, "lines: 10 of 10, 5.0/s"),
        (0, 10, 2.0, "lines: 0 of 10, 0.0/s"),
    ],
)
def test_it_tells_the_rate_and_what_is_left(done: int, total: int | None, seconds: float, told: str) -> None:
    assert line("lines", done, total, seconds) == told


def test_nothing_is_shown_within_the_first_second_and_the_line_goes_in_the_end() -> None:
    stream, clock = Terminal(), Clock()
    with Progress("lines", 100, stream=stream, clock=clock) as progress:
        progress.advance()
        assert stream.getvalue() == ""
        clock.now += 2
        progress.advance(9)
        assert stream.getvalue() == "\r\x1b[Klines: 10 of 100, 5.0/s, 18 s left"
        clock.now += 0.1
        progress.advance()
        assert stream.getvalue().count("lines") == 1, "a few times a second"
        with progress.hidden():
            stream.write("something else\n")
        clock.now += 1
        progress.advance()
    assert "\r\x1b[Ksomething else\n" in stream.getvalue()
    assert stream.getvalue().endswith("left\r\x1b[K")


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_what_is_no_terminal_gets_nothing(stream: io.StringIO | None) -> None:
    clock = Clock()
    with Progress("lines", stream=stream, clock=clock) as progress:
        clock.now += 10
        progress.advance()
    assert stream is None or stream.getvalue() == ""


def test_a_dumb_terminal_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    stream, clock = Terminal(), Clock()
    with Progress("lines", stream=stream, clock=clock) as progress:
        clock.now += 10
        progress.advance()
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (80, "lines: 3,000 of 10,000, 1,000/s, 7 s left"),
        (40, "3,000/10,000, 1,000/s, 7 s left"),
        (20, "3,000/10,000, 1,000"),
    ],
)
def test_it_takes_one_line_of_the_terminal_however_narrow(columns: int, shown: str) -> None:
    stream, clock = Terminal(), Clock()
    stream.screen = os.terminal_size((columns, 20))
    progress = Progress("lines", stream=stream, clock=clock)
    assert not progress.is_due
    clock.now += 3
    assert progress.is_due
    progress.expect(10_000)
    progress.advance(3_000)
    assert stream.getvalue() == f"\r\x1b[K{shown}"
