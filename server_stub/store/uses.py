"""When tokens were last used: noted by every request, written down once a second, sliding the ends of those that slide.

What is noted and not yet written is lost with the process, and that is no loss but of a second: a sliding token
with little left is written at once (see ``ends.is_pressing``). A late write never revives a token.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from server_stub.domain.tokens import expiry
from server_stub.store.tokens import SELECT, find, load, move_end
from server_stub.store.writer import Transaction

EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Use:
    """The last use of a token, in UTC microseconds, and whether it moves the token's end."""

    at: int
    slides: bool = False


class Uses:
    """The uses that are not yet in the database, bounded by the tokens used within a second."""

    def __init__(self) -> None:
        self._noted: dict[str, Use] = {}
        self._lock = threading.Lock()
        self._taken_at = time.monotonic()

    def note(self, token_id: str, use: Use) -> None:
        """Note that a token was used."""
        with self._lock:
            self._noted[token_id] = use

    def due(self) -> bool:
        """Tell whether a second has passed since the last writing."""
        return time.monotonic() - self._taken_at >= EVERY_SECONDS

    def take(self) -> dict[str, Use]:
        """Hand over what is noted and begin anew."""
        with self._lock:
            self._taken_at = time.monotonic()
            noted, self._noted = self._noted, {}
            return noted

    def write(self, tx: Transaction, noted: Mapping[str, Use]) -> None:
        """Write down uses, by token id; a revoked token keeps what it has."""
        tx.change_many(
            "UPDATE tokens SET last_used_at = :at "
            "WHERE id = :id AND revoked_at IS NULL AND coalesce(last_used_at, 0) < :at",
            [{"id": token_id, "at": noted[token_id].at} for token_id in sorted(noted)],
        )
        for token_id, use in noted.items():
            if use.slides:
                slide(tx, token_id, use.at)


def take(tx: Transaction, token_id: str) -> None:
    """Write a use of now down at once, where a token is used without being a request's credential."""
    Uses().write(tx, {token_id: Use(tx.now, slides=True)})


def slide(tx: Transaction, token_id: str, at: int) -> None:
    """Move a sliding token's end by a use; any other token, and one that died meanwhile, stays as it is."""
    rows = tx.rows(
        f"{SELECT} WHERE tokens.id = :id AND sliding_window IS NOT NULL AND tokens.revoked_at IS NULL", {"id": token_id}
    )
    for token in map(load, rows):
        parent = find(tx, token.parent_id) if token.parent_id else None
        end = expiry.slide(token, at, parent.expires_at if parent else None)
        if end is not None and end != token.expires_at:
            move_end(tx, token.id, end)
