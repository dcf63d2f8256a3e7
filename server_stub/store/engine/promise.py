"""A result that is not there yet, for one thread to wait for.

``concurrent.futures.Future`` lets many wait, in many ways, and takes a condition with two locks for it; each change
makes one of these, so it is one lock.
"""

import threading
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Future(Generic[Kept]):
    """A result or an error, set once by one thread; what is set later is not heard."""

    def __init__(self) -> None:
        self.settled = False
        self._result: Kept | None = None
        self._error: BaseException | None = None
        self._waiting = threading.Lock()
        self._waiting.acquire()

    def keep(self, result: Kept) -> None:
        """Set the result."""
        if not self.settled:
            self._result = result
            self._settle()

    def set_exception(self, error: BaseException) -> None:
        """Set an error in place of a result."""
        if not self.settled:
            self._error = error
            self._settle()

    def result(self) -> Kept:
        """Wait for the result and return it; raise the error."""
        with self._waiting:
            if self._error is not None:
                raise self._error
            return self._result  # type: ignore[return-value]  # None only where that was the result

    def _settle(self) -> None:
        self.settled = True
        self._waiting.release()
