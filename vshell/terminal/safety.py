"""Make text from elsewhere harmless to a terminal.

A token's name can hold an escape sequence that rewrites the clipboard, a newline that forges a row, or a
bidirectional control that swaps what is read. ``safe`` writes all of them out; every output passes through
here. What is harmful is said once, in ``vshell.errors.visible``: whatever Unicode does not call printable.
"""

from __future__ import annotations

import json

from vshell.errors import visible as safe

__all__ = ["safe", "safe_json", "safe_lines"]


def safe_lines(text: str) -> str:
    """Return the text with its line ends kept and every other control character written out."""
    return "\n".join(map(safe, text.split("\n")))


def safe_json(text: str) -> str:
    """Return a JSON text with the controls inside its strings as JSON escapes: the same document."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)
