"""Refusals in the audit chain: each is recorded, repeated ones as one record with a count.

An attacker must not be able to fill the disk or to make every guess cost a commit: the first refusal of a
kind is recorded at once, its repetitions within ``WINDOW_SECONDS`` are counted and recorded together.
Memory is bounded: beyond ``KINDS`` kinds at a time the rest are counted as one.
"""

import contextlib
import threading
import time
from dataclasses import dataclass, replace

from server_stub.audit import Draft, detail_text
from server_stub.errors import Refusal
from server_stub.store import StoreError
from server_stub.store.database import Database

WINDOW_SECONDS = 60.0
KINDS = 1_000
MANY = ("", "", "", "", "")


@dataclass(slots=True)
class _Counted:
    draft: Draft
    since: float
    repeated: int = 0


class Refusals:
    """The refusals of the last minute, by who was refused what from where."""

    def __init__(self, database: Database):
        self._database = database
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, ...], _Counted] = {}
        self._stopped = threading.Event()
        threading.Thread(target=self._flush_in_turn, name="refusals", daemon=True).start()

    def note(self, draft: Draft) -> None:
        """Record a refusal, or count it when its like was recorded within the last minute."""
        key = (draft.action, draft.actor, draft.source, draft.target, detail_text(draft.detail))
        with self._lock:
            if key not in self._counted and len(self._counted) >= KINDS:
                key = MANY
                draft = Draft(draft.at, "", "none", "", "many.refusals", "", "refused")
            counted = self._counted.get(key)
            if counted is not None:
                counted.repeated += 1
                return
            self._counted[key] = _Counted(draft, time.monotonic())
        self._write(draft)

    def close(self) -> None:
        """Record what is still only counted."""
        self._stopped.set()
        self.flush(all_of_them=True)
        with contextlib.suppress(Refusal, StoreError):  # an empty write comes after all that was handed over before
            self._database.write(lambda tx: None, audited=False)

    def flush(self, all_of_them: bool = False) -> None:
        """Record the repetitions of every kind whose minute is over, and forget it."""
        now = time.monotonic()
        with self._lock:
            over = [
                key for key, counted in self._counted.items() if all_of_them or now - counted.since >= WINDOW_SECONDS
            ]
            repeated = [counted for counted in map(self._counted.pop, over) if counted.repeated]
        for counted in repeated:
            detail = {**counted.draft.detail, "repeated": counted.repeated}
            self._write(replace(counted.draft, detail=detail))

    def _write(self, draft: Draft) -> None:
        self._database.submit(lambda tx: tx.record(replace(draft, at=tx.now)))

    def _flush_in_turn(self) -> None:
        while not self._stopped.wait(WINDOW_SECONDS / 4):
            self.flush()
