"""The thread that hands the chain to its sinks, every record and checkpoint at least once, in order.

Rules:

* One worker of a server does it, the one that holds ``audit-sinks.lock`` in the data directory; when it ends, another
  goes on. How far each sink has got is kept in ``audit-sinks.json``, after the sink took it. Where that cannot be
  written, it is known in memory, so that nothing is handed over again and again.
* A sink that fails is tried again at every turn, and keeps no other one waiting. One that neither takes a batch nor
  refuses it, such as a file on a network that is gone, fails too, and the others see it after ``LATE_SECONDS``.
* When sinks are required and one fails, ``hold`` says why changes are refused. The other workers learn it from the
  file ``audit-sinks.failing``, which is there as long.
"""

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from server_stub import locks
from server_stub.domain.audit import checkpoints
from server_stub.files import write_private
from server_stub.store import Reads, StoreError
from server_stub.store import audit as audit_store
from server_stub.store import checkpoints as checkpoint_store
from server_stub.store.database import Database

EVERY_SECONDS = 0.25
BATCH = 500
LATE_SECONDS = 5.0
CLOSING_TURNS = 20
"""How many batches are handed over at the end; what is left goes on at the next start."""

LOCK, CURSORS, FAILING = "audit-sinks.lock", "audit-sinks.json", "audit-sinks.failing"

_log = logging.getLogger(__name__)


class Sink(Protocol):
    """What takes the chain's lines; ``kind`` is said to anybody, ``name`` only in the log, since it says where."""

    kind: str
    name: str

    def write(self, lines: Sequence[str]) -> None:
        """Take lines for good; raise OSError."""

    def close(self) -> None:
        """Let go of what is open."""


class Pump:
    """The sinks of one server, as one of its workers sees them."""

    def __init__(
        self,
        database: Database,
        sinks: Sequence[Sink],
        data: Path,
        required: bool,
        seconds: Callable[[], float] = time.monotonic,
    ):
        self._database = database
        self._sinks = sinks
        self._data = data
        self._required = required
        self._troubles: dict[str, str] = {}
        self._elsewhere: str | None = None
        self._seconds = seconds
        self._reached: dict[str, list[int]] = {}
        self._begun: tuple[str, float] | None = None
        self._seen_behind: tuple[dict[str, Any], float] | None = None
        self._lock: int | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="audit-sinks", daemon=True)

    @property
    def trouble(self) -> str | None:
        """What is wrong with the sinks, if anything is."""
        return next(iter(self._troubles.values()), self._elsewhere or self._stuck())

    @property
    def hold(self) -> str | None:
        """Why no change may be made, if none may."""
        return self.trouble if self._required else None

    def start(self) -> None:
        """Begin, with a first turn before this returns: no change is made before it is known whether it may be."""
        if self._sinks:
            self.turn()
            self._thread.start()

    def close(self) -> None:
        """Hand over what is left, and let others go on."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        for _ in range(CLOSING_TURNS):
            if not self._sinks or not self.turn():
                break
        for sink in self._sinks:
            sink.close()
        if self._lock is not None:
            os.close(self._lock)

    def turn(self) -> bool:
        """Hand each sink one batch; tell whether there is more."""
        if not self._holds():
            failing = self._data / FAILING
            self._elsewhere = failing.read_text(encoding="utf-8") if failing.exists() else self._behind()
            return False
        self._elsewhere = None
        more = [self._serve(sink) for sink in self._sinks]
        self._tell()
        return any(more)

    def _serve(self, sink: Sink) -> bool:
        try:
            self._begun = (sink.kind, self._seconds())
            more = self._hand_over(sink)
        except (OSError, StoreError) as error:
            reason = error.strerror or str(error) if isinstance(error, OSError) else "the database cannot be read"
            if sink.name not in self._troubles:
                _log.error("the audit sink %s fails: %s", sink.name, reason)
            self._troubles[sink.name] = f"the copy of the audit trail to {sink.kind} fails: {reason}"
            return False
        finally:
            self._begun = None
        if self._troubles.pop(sink.name, None):
            _log.warning("the audit sink %s is back", sink.name)
        return more

    def _hand_over(self, sink: Sink) -> bool:
        cursors = self._cursors()
        seq, number = reached = self._reached.get(sink.name) or cursors.get(sink.name, [0, 0])
        reader = self._database.reader()
        _, head, _ = audit_store.head(reader)
        if seq > head:
            raise OSError(0, f"it holds record {seq}, and the chain in the database ends at record {head}")
        lines, next_reached = self._batch(reader, seq, number, head)
        if lines:
            sink.write(lines)
            self._reached[sink.name] = reached = next_reached
        if lines or cursors.get(sink.name, [0, 0]) != reached:
            write_private(self._data / CURSORS, json.dumps({**cursors, sink.name: reached}))
        return bool(lines)

    def _stuck(self) -> str | None:
        """Say that a sink of this worker has been at a batch for too long."""
        begun = self._begun
        late = begun is not None and self._seconds() - begun[1] > LATE_SECONDS
        return f"the copy of the audit trail to {begun[0]} does not go on" if begun is not None and late else None

    def _behind(self) -> str | None:
        """Say that the worker that has the sinks has handed nothing over for too long, although there is more."""
        cursors, now = self._cursors(), self._seconds()
        _, head, _ = audit_store.head(self._database.reader())
        if all(cursors.get(sink.name, [0])[0] >= head for sink in self._sinks):
            self._seen_behind = None
        elif self._seen_behind is None or self._seen_behind[0] != cursors:
            self._seen_behind = (cursors, now)
        elif now - self._seen_behind[1] > LATE_SECONDS:
            return "the copy of the audit trail does not go on"
        return None

    def _batch(self, reader: Reads, seq: int, number: int, head: int) -> tuple[list[str], list[int]]:
        records = audit_store.lines(reader, seq, head, BATCH)
        reached = records[-1][0] if records else seq
        signed = [each for each in checkpoint_store.following(reader, number, BATCH) if each.size <= reached]
        return checkpoints.merge_lines(records, signed), [reached, signed[-1].number if signed else number]

    def _cursors(self) -> dict[str, Any]:
        """Read how far the sinks have got; a file that cannot be read means from the beginning: at least once."""
        try:
            stored = json.loads((self._data / CURSORS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        found = stored.items() if isinstance(stored, dict) else ()
        return {name: at for name, at in found if isinstance(at, list) and list(map(type, at)) == [int, int]}

    def _tell(self) -> None:
        failing = self._data / FAILING
        with contextlib.suppress(OSError):  # on a full disk; changes fail there by themselves
            if self._troubles:
                write_private(failing, next(iter(self._troubles.values())))
            elif failing.exists():
                failing.unlink()

    def _holds(self) -> bool:
        if self._lock is None:
            with contextlib.suppress(OSError):
                self._lock = locks.try_take(self._data / LOCK)
        return self._lock is not None

    def _work(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            try:
                pause = 0.0 if self.turn() else EVERY_SECONDS
            except Exception:  # a defect may cost a turn, never all that follow
                _log.exception("a turn of the audit sinks failed")
                self._elsewhere = "the copy of the audit trail fails: the server's log says why"
                pause = EVERY_SECONDS
