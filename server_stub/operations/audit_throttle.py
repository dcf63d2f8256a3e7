"""Throttle of audit records that anybody may cause: repeated ones become one with a count.

That is refusals, and what strangers begin and leave (see ``device_flow``). An attacker must not be able to fill the
disk or to make every guess cost a commit: the first of a kind is recorded at once, its repetitions within
``WINDOW_SECONDS`` are counted and recorded together. Of those who have shown no credential so many kinds of one action
are kept apart as ``STRANGERS`` says, the rest of it is one kind. Memory is bounded: beyond ``KINDS`` kinds at a time
all others are counted as one.
"""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from server_stub.domain.audit.chain import Draft, Outcome, detail_text
from server_stub.domain.base import addresses
from server_stub.domain.base.errors import Refusal
from server_stub.store import StoreError
from server_stub.store.database import Database

WINDOW_SECONDS = 60.0
KINDS = 1_000
STRANGERS: Mapping[Outcome, int] = MappingProxyType({"refused": 100, "done": 20})
MANY = ("", "", "", "", "", "")

_Key = tuple[str, ...]


@dataclass(slots=True)
class _Counted:
    draft: Draft
    since: float
    repeated: int = 0


class AuditThrottle:
    """The refusals of the last minute, by who was refused what from where, and what strangers did."""

    def __init__(self, database: Database):
        self._database = database
        self._lock = threading.Lock()
        self._counted: dict[_Key, _Counted] = {}
        self._strangers: Counter[_Key] = Counter()
        self._stopped = threading.Event()
        threading.Thread(target=self._flush_in_turn, name="refusals", daemon=True).start()

    def note(self, draft: Draft) -> None:
        """Record a refusal, or count it when its like was recorded within the last minute."""
        first = self.first(draft)
        if first is not None:
            self._write(first)

    def first(self, draft: Draft) -> Draft | None:
        """Return what is to be recorded now, in the name of its kind; None for what is only counted."""
        source = addresses.network(draft.source)
        key: _Key = (draft.action, draft.outcome, draft.actor, source, draft.target, detail_text(draft.detail))
        with self._lock:
            if key not in self._counted:
                key, draft = self._bound_kind(key, draft)
            counted = self._counted.get(key)
            if counted is not None:
                counted.repeated += 1
                return None
            self._counted[key] = _Counted(draft, time.monotonic())
            self._strangers[_crowd(key)] += 1
        return draft

    def is_first(self, action: str, source: str) -> bool:
        """Tell whether what a stranger did is to be recorded; it is counted else."""
        return self.first(Draft(0, "", "none", source, action, "")) is not None

    def close(self) -> None:
        """Record what is still only counted."""
        self._stopped.set()
        self.flush(all_of_them=True)
        with contextlib.suppress(Refusal, StoreError):  # an empty write comes after all that was handed over before
            self._database.write(lambda tx: None, unaudited=True)

    def flush(self, all_of_them: bool = False) -> None:
        """Record the repetitions of every kind whose minute is over, and drop it."""
        now = time.monotonic()
        with self._lock:
            over = [
                key for key, counted in self._counted.items() if all_of_them or now - counted.since >= WINDOW_SECONDS
            ]
            repeated = [counted for counted in map(self._counted.pop, over) if counted.repeated]
            self._strangers = Counter(map(_crowd, self._counted))
        for counted in repeated:
            detail = {**counted.draft.detail, "repeated": counted.repeated}
            self._write(replace(counted.draft, detail=detail))

    def _bound_kind(self, key: _Key, draft: Draft) -> tuple[_Key, Draft]:
        """Return a kind that is new as it is, or as the one that stands for many when there are too many."""
        if not draft.actor and self._strangers[_crowd(key)] >= STRANGERS[draft.outcome]:
            key = (*_crowd(key), "many")
            draft = replace(draft, source="", target="", detail={"sources": "many"})
        if key not in self._counted and len(self._counted) >= KINDS:
            return MANY, Draft(draft.at, "", "none", "", "many.refusals", "", "refused")
        return key, draft

    def _write(self, draft: Draft) -> None:
        self._database.submit(lambda tx: tx.record(replace(draft, at=tx.now)))

    def _flush_in_turn(self) -> None:
        while not self._stopped.wait(WINDOW_SECONDS / 4):
            self.flush()


def _crowd(key: _Key) -> _Key:
    """Return what a kind of a stranger's is counted under: the action, how it ended, and nobody's name."""
    return key[:3]
