"""The line that tells that an answer is still waited for."""

from __future__ import annotations

import io
import os
import threading

import pytest

from vshell.terminal import wait_notice


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and tells when something was written."""

    screen = os.terminal_size((80, 24))

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        if self.getvalue():
            self.written.set()


@pytest.mark.parametrize(
    ("changes", "columns", "said"),
    [
        (False, 80, "Waiting for the server, 12 s so far; Ctrl-C stops waiting."),
        (True, 80, "Waiting for the server, 12 s so far; Ctrl-C stops waiting, not what was sent."),
        (True, 40, "Waiting, 12 s; Ctrl-C stops waiting."),
        (True, 20, "Waiting, 12 s; Ctrl"),
    ],
)
def test_it_says_what_is_waited_for_how_long_and_what_ctrl_c_does(
    monkeypatch: pytest.MonkeyPatch, changes: bool, columns: int, said: str
) -> None:
    monkeypatch.setattr(wait_notice, "AFTER_SECONDS", 0.0)
    moments = iter((100.0, *[112.2] * 100))
    terminal = Terminal()
    terminal.screen = os.terminal_size((columns, 24))
    with wait_notice.told(terminal, wait_notice.FOR_AN_ANSWER, changes=changes, clock=lambda: next(moments)):
        assert terminal.written.wait(20)
    assert terminal.getvalue() == f"\r\x1b[K{said}\r\x1b[K", "and the line goes in the end"


def test_what_comes_within_a_second_and_what_is_no_terminal_is_told_nothing() -> None:
    for stream in (Terminal(), io.StringIO(), None):
        with wait_notice.told(stream, "it", changes=False):
            pass
        assert stream is None or stream.getvalue() == ""


def test_ctrl_c_takes_the_line_away_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait_notice, "AFTER_SECONDS", 0.0)
    terminal = Terminal()

    def stopped() -> None:
        with wait_notice.told(terminal, "it", changes=False):
            terminal.written.wait(20)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert terminal.getvalue().endswith("waiting.\r\x1b[K")
    assert not [thread for thread in threading.enumerate() if thread.name == "vshell-wait"]
