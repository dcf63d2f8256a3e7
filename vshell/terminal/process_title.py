"""A secret among the program's arguments, taken out of what other users see of this process (``ps``).

It was to be seen until then, and may stand in an outer shell's history: this shortens the time and is no reason to give
one so. On Linux alone: the kernel shows the arguments from this process' own memory, where they can be written over.
Source: proc(5), ``/proc/PID/cmdline`` and the fields 48 and 49 of ``/proc/PID/stat``.

``ctypes`` is imported when there is something to hide.
"""

from __future__ import annotations

import sys
from pathlib import Path

_ARG_START = 48 - 3
"""Where the field stands behind the name of the program, which may hold blanks; the first there is field 3."""


def hide(secret: str, process: Path = Path("/proc/self")) -> bool:
    """Write over a secret in the arguments that the kernel shows; return whether it stood there and could be."""
    if sys.platform != "linux" or not secret:
        return False
    try:
        shown, wanted = (process / "cmdline").read_bytes(), secret.encode()
        start = int((process / "stat").read_text("latin-1").rpartition(")")[2].split()[_ARG_START])
    except (OSError, ValueError, IndexError):
        return False
    found = shown.find(wanted)
    if found < 0 or start == 0:
        return False
    import ctypes

    while found >= 0:
        if ctypes.string_at(start + found, len(wanted)) != wanted:
            return False  # Not what the kernel shows: nothing is written where it is not known what lies there.
        ctypes.memset(start + found, ord("*"), len(wanted))
        found = shown.find(wanted, found + len(wanted))
    return True
