"""What a terminal is sent: text that cannot steer it, lines that fit it, QR codes.

A token's name can hold an escape sequence that rewrites the clipboard, a newline that forges a row, or a
bidirectional control that swaps what is read. ``vshell.formats.text.visible`` writes all of them out: what Unicode does
not call printable. Every output passes through it.
"""

from __future__ import annotations

import json
import os
from typing import TextIO

from vshell.formats.text import visible
from vshell.terminal.widths import wrap_lines

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

QR_MARGIN = 2
"""Modules around a QR code; the standard wants four, readers are content with two, and terminals are small."""


def screen_size(stream: TextIO) -> os.terminal_size | None:
    """Return the columns and lines of the terminal that a stream leads to, None for anything else."""
    led_to: os.terminal_size | None = getattr(stream, "screen", None)  # by what stands between it and the terminal
    if led_to is not None:
        return led_to
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return None
    return size if size.columns > 0 and size.lines > 0 else None


def fit_lines(text: str, stream: TextIO) -> str:
    """Return a text for people as the stream shows it: on a terminal its lines end at words, elsewhere it is as is."""
    screen = screen_size(stream) if stream.isatty() else None
    return wrap_lines(text, screen.columns) if screen else text


def ellipsis_for(stream: TextIO) -> str:
    """Return what stands for left-out text in the stream's encoding."""
    try:
        ELLIPSIS.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return ".."
    return ELLIPSIS


def safe_lines(text: str) -> str:
    """Return the text with its line ends as they are and every other control character written out."""
    return "\n".join(map(visible, text.split("\n")))


def safe_json(text: str) -> str:
    """Return a JSON text with the controls inside its strings as JSON escapes: the same document."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)


def draw_qr_code(text: str, columns: int, lines: int) -> str | None:
    """Return an address as a QR code, for a phone, in lines of text; None where it does not fit.

    Half a block is drawn for each light module and dark ones are left out, for letters are light on most terminals;
    readers take either. It holds the address alone, never what is to be typed there: a link with the code in it is what
    phishing sends.
    """
    import segno  # only where a code is drawn

    code = segno.make(text, error="l", micro=False)
    rows = [[not dark for dark in row] for row in code.matrix_iter(border=QR_MARGIN)]
    if len(rows[0]) >= columns or (len(rows) + 1) // 2 >= lines:
        return None
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    blocks = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(blocks[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)
