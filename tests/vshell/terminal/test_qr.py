"""An address as a QR code: drawn where it fits, and what is drawn is that code."""

from __future__ import annotations

import segno

from vshell.terminal import qr

URL = "https://vms.example.com:8443/device"


def test_the_drawing_is_the_code_with_its_margin() -> None:
    text = qr.draw_code(URL, 80, 24)
    assert text is not None
    halves = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    rows = [row for line in text.split("\n") for row in zip(*(halves[block] for block in line), strict=True)]
    wanted = [tuple(row) for row in segno.make(URL, error="l", micro=False).matrix_iter(border=qr.QUIET)]
    assert rows[: len(wanted)] == wanted


def test_where_it_does_not_fit_it_is_not_drawn() -> None:
    text = qr.draw_code(URL, 80, 24)
    assert text is not None
    lines = text.split("\n")
    assert qr.draw_code(URL, len(lines[0]), 24) is None
    assert qr.draw_code(URL, len(lines[0]) + 1, 24) == text
    assert qr.draw_code(URL, 80, len(lines)) is None
    assert qr.draw_code(URL, 80, len(lines) + 1) == text
