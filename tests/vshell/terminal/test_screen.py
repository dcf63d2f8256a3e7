"""What a terminal's screen shows: nothing that steers it, lines that fit it, the status line, QR codes."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import struct
import termios
import threading

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from vshell.formats import OUTPUT_FORMATS
from vshell.formats.text import visible
from vshell.output import Output
from vshell.registry.view import Column, DisplayOptions, View
from vshell.terminal import screen
from vshell.terminal.screen import (
    ELLIPSIS,
    FOR_AN_ANSWER,
    QR_MARGIN,
    Countdown,
    Progress,
    clock_text,
    draw_qr_code,
    ellipsis_for,
    fit_lines,
    progress_text,
    safe_json,
    safe_lines,
    screen_size,
    show_wait,
)

VIEW = View((Column("id"), Column("name")))
SENTENCE = View((Column("id"),), sentence="Made {id} {name}")
HARMFUL = "".join(
    map(chr, [*range(32), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), 0x2066, 0x2069])
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and of which size."""

    screen: os.terminal_size | None = None

    def isatty(self) -> bool:
        return True


class WatchedTerminal(Terminal):
    """A terminal that says when something was written."""

    screen = os.terminal_size((80, 24))

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def flush(self) -> None:
        if self.getvalue():
            self.written.set()


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def harmless(text: str) -> bool:
    """Tell whether only printable characters and line ends are there."""
    return text.replace("\n", "").isprintable()


@pytest.mark.parametrize("output", OUTPUT_FORMATS)
@pytest.mark.parametrize("view", [VIEW, SENTENCE, None])
def test_no_control_character_reaches_a_terminal(output: str, view: View | None) -> None:
    for character in HARMFUL:
        record = {"id": f"a{character}b", "name": [f"x{character}"], f"k{character}": 1}
        out = Terminal()
        shown = Output(out, io.StringIO())
        shown.show([record], view, DisplayOptions(output))
        shown.show(record, view, DisplayOptions(output))
        shown.show(f"t{character}t", view, DisplayOptions(output))
        text = out.getvalue()
        if output == "tsv":
            text = text.replace("\t", "")  # between two values; in one it is written out
        assert harmless(text), (output, hex(ord(character)))
        if output == "table" and character == "\n" and view is VIEW:
            assert text.splitlines()[3].startswith("| a\\nb")


@given(st.text())
def test_safe_is_one_printable_line_and_leaves_the_harmless(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)
    if text.isprintable():
        assert visible(text) == text


@given(st.text())
def test_safe_lines_keeps_the_lines(text: str) -> None:
    assert harmless(safe_lines(text))
    assert safe_lines(text).count("\n") == text.count("\n")


@given(
    st.recursive(
        st.text() | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_safe_json_is_the_same_document(value: object) -> None:
    text = safe_json(json.dumps(value, ensure_ascii=False, indent=2))
    assert json.loads(text) == value
    assert harmless(text)


def test_a_terminal_has_a_size_and_nothing_else_has() -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 40, 0, 0))
    with os.fdopen(theirs, "w") as terminal, os.fdopen(ours, "rb"):
        assert screen_size(terminal) == (40, 20)
        assert fit_lines("a" * 30 + " " + "b" * 30, terminal) == "a" * 30 + "\n" + "b" * 30
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
        assert screen_size(terminal) is None
    assert screen_size(io.StringIO()) is None
    assert fit_lines("a " * 99, io.StringIO()) == "a " * 99
    with open(os.devnull, "w") as nothing:
        assert screen_size(nothing) is None


def test_dots_are_such_as_the_stream_can_show() -> None:
    assert ellipsis_for(io.TextIOWrapper(io.BytesIO(), encoding="ascii")) == ".."
    assert ellipsis_for(io.StringIO()) == ELLIPSIS


URL = "https://vms.example.com:8443/device"


def test_the_drawing_is_the_code_with_its_margin() -> None:
    text = draw_qr_code(URL, 80, 24)
    assert text is not None
    halves = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    rows = [row for line in text.split("\n") for row in zip(*(halves[block] for block in line), strict=True)]
    wanted = [tuple(row) for row in segno.make(URL, error="l", micro=False).matrix_iter(border=QR_MARGIN)]
    assert rows[: len(wanted)] == wanted


def test_where_it_does_not_fit_it_is_not_drawn() -> None:
    text = draw_qr_code(URL, 80, 24)
    assert text is not None
    lines = text.split("\n")
    assert draw_qr_code(URL, len(lines[0]), 24) is None
    assert draw_qr_code(URL, len(lines[0]) + 1, 24) == text
    assert draw_qr_code(URL, 80, len(lines)) is None
    assert draw_qr_code(URL, 80, len(lines) + 1) == text


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
    assert progress_text("lines", done, total, seconds) == told


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
        progress.erase()
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
    monkeypatch.setattr(screen, "AFTER_SECONDS", 0.0)
    times = iter((100.0, *[112.2] * 100))
    terminal = WatchedTerminal()
    terminal.screen = os.terminal_size((columns, 24))
    with show_wait(terminal, FOR_AN_ANSWER, changes=changes, clock=lambda: next(times)):
        assert terminal.written.wait(20)
    assert terminal.getvalue() == f"\r\x1b[K{said}\r\x1b[K", "and the line goes in the end"


def test_what_comes_within_a_second_and_what_is_no_terminal_shows_nothing() -> None:
    for stream in (WatchedTerminal(), io.StringIO(), None):
        with show_wait(stream, "it", changes=False):
            pass
        assert stream is None or stream.getvalue() == ""


def test_ctrl_c_takes_the_line_away_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "AFTER_SECONDS", 0.0)
    terminal = WatchedTerminal()

    def stopped() -> None:
        with show_wait(terminal, "it", changes=False):
            terminal.written.wait(20)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert terminal.getvalue().endswith("waiting.\r\x1b[K")
    assert not [thread for thread in threading.enumerate() if thread.name == "vshell-wait"]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(300, "5:00"), (299.4, "4:59"), (60, "1:00"), (9.6, "0:10"), (0, "0:00"), (-3, "0:00")]
)
def test_a_length_is_a_clock(seconds: float, shown: str) -> None:
    assert clock_text(seconds) == shown


def test_a_terminal_gets_one_line_that_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with Countdown("for the code", terminal) as countdown:
        countdown.tick(299)
        countdown.tick(298)
    assert terminal.getvalue().split("\r\x1b[K") == [
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
    terminal = Terminal()
    terminal.screen = os.terminal_size((columns, 20))
    Countdown("for the code", terminal).tick(299)
    assert terminal.getvalue() == f"\r\x1b[K{shown}"


def test_what_is_no_terminal_gets_no_countdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    for stream in (io.StringIO(), Terminal()):
        with Countdown("for the code", stream) as countdown:
            countdown.tick(299)
        assert stream.getvalue() == ""
    with Countdown("for the code", None) as countdown:
        countdown.tick(1)
