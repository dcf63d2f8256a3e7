"""This process: its streams, its arguments, and Ctrl-C while another program has the terminal.

Rules:

- A program may be started with some streams closed (``<&-``, ``>&-``, ``2>&-``). What is opened next would get the
  number of a closed stream, and then take what is meant for a person; and Python has None in its place. So an empty
  device stands in: nothing can be read, and messages go nowhere. Only results must not: a token that is shown once
  would be lost.
- A secret among the arguments is taken out of what other users see of this process (``ps``). It was to be seen until
  then, and may stand in an outer shell's history: this shortens the time and is no reason to give one so. On Linux
  alone: the kernel shows the arguments from this process' own memory, where they can be written over.
  Source: proc(5), ``/proc/PID/cmdline`` and the fields 48 and 49 of ``/proc/PID/stat``.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vshell.errors import Failed

_ARG_START = 48 - 3
"""Where the field stands behind the name of the program, which may hold blanks; the first there is field 3."""


def replace_closed_streams() -> None:
    """Put the empty device in the place of each closed stream; raises Failed where results have nowhere to go."""
    closed = sys.stdout is None
    # In the order of their numbers: what is opened takes the lowest one that is free.
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            stream = open(os.devnull, "r" if name == "stdin" else "w")  # noqa: SIM115 (it stays open to the end)
            setattr(sys, name, stream)
    if closed:
        raise Failed(
            "Standard output is closed, so results have nowhere to go; nothing was done.",
            "Let it lead to a file, or to /dev/null.",
        )


def hide_argument(secret: str, process: Path = Path("/proc/self")) -> bool:
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
    import ctypes  # only where there is something to hide

    while found >= 0:
        if ctypes.string_at(start + found, len(wanted)) != wanted:
            return False  # Not what the kernel shows: nothing is written where it is not known what lies there.
        ctypes.memset(start + found, ord("*"), len(wanted))
        found = shown.find(wanted, found + len(wanted))
    return True


@contextmanager
def leave_ctrl_c() -> Iterator[None]:
    """Leave Ctrl-C to the program that has the terminal now."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: None)  # not ignored: the program would inherit that
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
