"""Whether it pays to wait a moment for an answer: only where the last one came within that moment.

A menu that is drawn twice for one key costs more than the few milliseconds in which a near server answers. A server
that is slow, or hangs, is waited for once, and then not again before an answer came quickly.
"""

import threading
import time
from collections.abc import Callable

MOMENT_SECONDS = 0.008
"""How long the screen may stay as it is behind a key: half of what a person could notice."""


class WaitBudget:
    """Asked and waited in by one thread, answered by another."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, moment: float = MOMENT_SECONDS) -> None:
        """``clock`` gives seconds, ``moment`` is in seconds."""
        self._clock = clock
        self._moment = moment
        self._settled = threading.Event()
        self._question: object = None
        self._asked_at = 0.0
        self._quick = False

    def asked(self, question: object) -> None:
        """Note what is asked now; an earlier question is waited for no longer."""
        self._settled.clear()
        self._question, self._asked_at = question, self._clock()

    def answered(self, question: object) -> None:
        """Note that a question is answered."""
        if question == self._question:
            self._quick = self._clock() - self._asked_at <= self._moment
            self._settled.set()

    def dropped(self) -> None:
        """Note that nobody wants to know any more."""
        self._question = None

    def wait(self) -> bool:
        """Wait a moment for the answer where that pays, and tell whether there is one since it was asked."""
        if self._question is None:
            return False
        if self._quick and not self._settled.is_set():
            self._quick = self._settled.wait(self._moment)
        if not self._settled.is_set():
            return False
        self._question = None
        return True
