"""When tokens were last used: noted by every request, written down once a second."""

import threading
import time

EVERY_SECONDS = 1.0


class Uses:
    """The uses that are not yet in the database, bounded by the tokens used within a second."""

    def __init__(self) -> None:
        self._noted: dict[str, int] = {}
        self._lock = threading.Lock()
        self._taken_at = time.monotonic()

    def note(self, token_id: str, at: int) -> None:
        """Note that a token was used, at UTC microseconds."""
        with self._lock:
            self._noted[token_id] = at

    def due(self) -> bool:
        """Tell whether a second has passed since the last writing."""
        return time.monotonic() - self._taken_at >= EVERY_SECONDS

    def take(self) -> dict[str, int]:
        """Hand over what is noted and begin anew."""
        with self._lock:
            self._taken_at = time.monotonic()
            noted, self._noted = self._noted, {}
            return noted
