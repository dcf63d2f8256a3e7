"""Send a new token to the terminal's clipboard: OSC 52, which has no receipt, so it is "sent" and never "copied".

The token is held from the line that made it until the next one, in memory alone.
"""

import base64
from collections.abc import Mapping

from vshell.formats.token_format import is_token

KEY = "c-o"
KEY_NAME = "Ctrl-O"

_WITHOUT = ("dumb", "linux", "vt")
"""Beginnings of the TERM of terminals that have no clipboard."""


def token_of(result: object) -> str:
    """Return the new token in a command's result, "" where there is none."""
    text = result.get("token") if isinstance(result, Mapping) else None
    return text if isinstance(text, str) and is_token(text) else ""


def has_clipboard(environment: Mapping[str, str]) -> bool:
    """Tell whether the terminal may have a clipboard that a program can write to."""
    kind = environment.get("TERM", "")
    return bool(kind) and not kind.startswith(_WITHOUT)


def sequence(text: str, environment: Mapping[str, str]) -> str:
    """Return what has the terminal put ``text`` into its clipboard (xterm, "Operating System Commands", 52).

    Within tmux and screen it is also passed through to the terminal around them.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode()).decode('ascii')}\x07"
    if environment.get("TMUX"):
        return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        return f"\x1bP{plain}\x1b\\"
    return plain
