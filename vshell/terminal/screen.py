"""What a terminal is sent: text that cannot steer it, lines that fit it.

A token's name can hold an escape sequence that rewrites the clipboard, a newline that forges a row, or a
bidirectional control that swaps what is read. ``safe`` writes all of them out; every output passes through
here. What is harmful is said once, in ``vshell.errors.visible``: whatever Unicode does not call printable.
"""

from __future__ import annotations

import json
import os
from typing import TextIO

from vshell.formats.text import visible as safe
from vshell.terminal.widths import wrap_lines

__all__ = ["ELLIPSIS", "ellipsis_for", "fit_lines", "safe", "safe_json", "safe_lines", "screen_size"]

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


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
    return "\n".join(map(safe, text.split("\n")))


def safe_json(text: str) -> str:
    """Return a JSON text with the controls inside its strings as JSON escapes: the same document."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)
