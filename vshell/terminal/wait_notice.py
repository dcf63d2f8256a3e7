"""That an answer is still waited for, on one line of standard error that is drawn over itself.

    Waiting for the server, 12 s so far; Ctrl-C stops waiting, not what was sent.

Rules: only a terminal gets it, only after a second, once a second, and it is gone when the answer is there. It says
nothing of how much is left: of one request nobody knows.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from vshell.terminal.progress import AFTER_SECONDS, ERASE, fitting

EVERY_SECONDS = 1.0
FOR_AN_ANSWER = "the server"
"""What is waited for where a command does not say it."""


@contextmanager
def told(
    stream: TextIO | None, what: str, *, changes: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[None]:
    """Tell on a stream, if it is a terminal, for how long a block has been waiting for something.

    ``changes`` says that what was sent may be done although nobody waits for the answer.
    """
    if stream is None or not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(stream, what, changes, clock, done), name="vshell-wait", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def line(what: str, seconds: float, *, changes: bool) -> str:
    """Return what is told after some seconds."""
    stops = "Ctrl-C stops waiting, not what was sent." if changes else "Ctrl-C stops waiting."
    return f"Waiting for {what}, {seconds:.0f} s so far; {stops}"


def _tell(stream: TextIO, what: str, changes: bool, clock: Callable[[], float], done: threading.Event) -> None:
    began = clock()
    if done.wait(AFTER_SECONDS):
        return
    while True:
        seconds = clock() - began
        short = f"Waiting, {seconds:.0f} s; Ctrl-C stops waiting."
        stream.write(ERASE + fitting(stream, line(what, seconds, changes=changes), short))
        stream.flush()
        if done.wait(EVERY_SECONDS):
            break
    stream.write(ERASE)
    stream.flush()
