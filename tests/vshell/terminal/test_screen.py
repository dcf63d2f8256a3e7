"""What a terminal is sent: nothing that steers it, in lines that fit it; QR codes."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import struct
import termios

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from vshell.formats import OUTPUT_FORMATS
from vshell.formats.text import visible
from vshell.output import Output
from vshell.registry.view import Column, DisplayOptions, View
from vshell.terminal.screen import (
    ELLIPSIS,
    QR_MARGIN,
    draw_qr_code,
    ellipsis_for,
    fit_lines,
    safe_json,
    safe_lines,
    screen_size,
)

VIEW = View((Column("id"), Column("name")))
SENTENCE = View((Column("id"),), sentence="Made {id} {name}")
HARMFUL = "".join(
    map(chr, [*range(32), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), 0x2066, 0x2069])
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


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
