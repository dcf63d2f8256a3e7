"""The time that is left: a line that is drawn over itself on a terminal, and nothing elsewhere."""

from __future__ import annotations

import io
import os

import pytest

from vshell.terminal.countdown import Countdown, left


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    screen: os.terminal_size | None = None

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("seconds", "shown"), [(300, "5:00"), (299.4, "4:59"), (60, "1:00"), (9.6, "0:10"), (0, "0:00"), (-3, "0:00")]
)
def test_a_length_is_a_clock(seconds: float, shown: str) -> None:
    assert left(seconds) == shown


def test_a_terminal_gets_one_line_that_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    with Countdown("for the code", screen) as countdown:
        countdown.tick(299)
        countdown.tick(298)
    assert screen.getvalue().split("\r\x1b[K") == [
        "",
        "4:59 left for the code; Ctrl-C cancels.",
        "4:58 left for the code; Ctrl-C cancels.",
        "",
    ]


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (80, "4:59 left for the code; Ctrl-C cancels."),
        (42, "4:59 left for the code; Ctrl-C cancels."),
        (41, "4:59 left; Ctrl-C cancels."),
        (29, "4:59 left; Ctrl-C cancels."),
        (28, "4:59 left"),
        (10, "4:59"),
        (3, ""),
    ],
)
def test_it_never_takes_a_second_line(columns: int, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    screen.screen = os.terminal_size((columns, 20))
    Countdown("for the code", screen).tick(299)
    assert screen.getvalue() == f"\r\x1b[K{shown}"


def test_nothing_else_gets_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    for stream in (io.StringIO(), Screen()):
        with Countdown("for the code", stream) as countdown:
            countdown.tick(299)
        assert stream.getvalue() == ""
    with Countdown("for the code", None) as countdown:
        countdown.tick(1)
