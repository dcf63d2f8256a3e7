"""Audit sinks: copies of the audit chain outside the database, and the thread that writes them.

The sinks are a file that only grows, syslog, and the journal. The file may be another user's, or marked append-only.
After a failure it may end within a line, and what was written may not have been noted as written. So before it is added
to again, its end is read: lines that stand there are not repeated, and a torn one is completed.

Syslog gets one message for each line by the socket of this host, in the form of RFC 3164 as local programs write it,
with the facility for audits. A line that is too long for a message is cut: its beginning says what was done.

Rules:

* Every record and checkpoint is handed over at least once, in order.
* One worker of a server does it, the one that holds ``audit-sinks.lock`` in the data directory; when it ends, another
  goes on. How far each sink has got is kept in ``audit-sinks.json``, after the sink took it. Where that cannot be
  written, it is known in memory, so that nothing is handed over again and again.
* A sink that fails is tried again at every turn, and keeps no other one waiting. One that neither takes a batch nor
  refuses it, such as a file on a network that is gone, fails too, and the others see it after ``LATE_SECONDS``.
* When sinks are required and one fails, ``hold`` says why changes are refused. The other workers read it from the
  file ``audit-sinks.failing``, which is there as long.
"""

import contextlib
import errno
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from server_stub import locks
from server_stub.domain.audit import checkpoints
from server_stub.files import write_private
from server_stub.store import StoreError
from server_stub.store import audit as audit_store
from server_stub.store import checkpoints as checkpoint_store
from server_stub.store.database import Database

TAIL_BYTES = 4 << 20

SOCKET = "/dev/log"
PRIORITY = 13 * 8 + 5  # RFC 5424, section 6.2.1: log audit, notice
LONGEST = 8_192
SYSLOG_SECONDS = 5.0
TAG = "vshell-audit"


class FileSink:
    """One file, made with mode 0600 when it is missing, also after it was moved away."""

    kind = "a file"

    def __init__(self, path: Path, header: str):
        self.name = f"file {path}"
        self._path = path
        self._header = header
        self._descriptor: int | None = None

    def write(self, lines: Sequence[str]) -> None:
        """Add lines and sync them to the disk; raise OSError."""
        try:
            content = self._begin(lines) if self._is_new() else _join_lines(lines)
            assert self._descriptor is not None
            while content:
                content = content[os.write(self._descriptor, content) :]
            os.fsync(self._descriptor)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _is_new(self) -> bool:
        """Tell whether the file is to be opened: for the first time, or since another one has its name."""
        if self._descriptor is not None:
            try:
                if os.path.samestat(os.stat(self._path), os.fstat(self._descriptor)):
                    return False
            except FileNotFoundError:
                pass
            self.close()
        return True

    def _begin(self, lines: Sequence[str]) -> bytes:
        """Open the file, and return what is to be added of the lines."""
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        size = os.fstat(self._descriptor).st_size
        tail = os.pread(self._descriptor, TAIL_BYTES, max(0, size - TAIL_BYTES))
        whole, _, torn = tail.rpartition(b"\n")
        present = set(whole.split(b"\n"))
        wanted = [self._header, *lines] if not whole else lines
        content = _join_lines([line for line in wanted if line.encode("utf-8", "replace") not in present])
        if not torn:
            return content
        return content[len(torn) :] if content.startswith(torn) else b"\n" + content


def _join_lines(lines: Sequence[str]) -> bytes:
    return b"".join(line.encode("utf-8", "replace") + b"\n" for line in lines)


class SyslogSink:
    """The logging of this host; a message that it took is out of our hands."""

    kind = "syslog"

    def __init__(self, path: str = SOCKET):
        self.name = f"syslog at {path}"
        self._path = path
        self._socket: socket.socket | None = None

    def write(self, lines: Sequence[str]) -> None:
        """Send lines; raise OSError, or TimeoutError when nobody takes them."""
        try:
            if self._socket is None:
                self._socket = _connect(self._path)
            for line in lines:
                self._send(line.encode("utf-8", "replace"))
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _send(self, line: bytes) -> None:
        assert self._socket is not None
        begin = b"<%d>%s: " % (PRIORITY, TAG.encode())
        end = b"\n" if self._socket.type == socket.SOCK_STREAM else b""
        try:
            self._socket.sendall(begin + line + end)
        except OSError as error:
            if error.errno != errno.EMSGSIZE:
                raise
            self._socket.sendall(begin + line[:LONGEST] + end)


def _connect(path: str, sort: socket.SocketKind = socket.SOCK_DGRAM) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, sort)
    made.settimeout(SYSLOG_SECONDS)
    try:
        made.connect(path)
    except OSError as error:
        made.close()
        if error.errno != errno.EPROTOTYPE or sort == socket.SOCK_STREAM:
            raise
        return _connect(path, socket.SOCK_STREAM)
    return made


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
        if self._lock is None:
            with contextlib.suppress(OSError):
                self._lock = locks.try_take(self._data / LOCK)
        failing = self._data / FAILING
        if self._lock is None:
            self._elsewhere = failing.read_text(encoding="utf-8") if failing.exists() else self._behind()
            return False
        self._elsewhere = None
        more = [self._serve(sink) for sink in self._sinks]
        with contextlib.suppress(OSError):  # on a full disk; changes fail there by themselves
            if self._troubles:
                write_private(failing, next(iter(self._troubles.values())))
            elif failing.exists():
                failing.unlink()
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
        records = audit_store.lines(reader, seq, head, BATCH)
        last = records[-1][0] if records else seq
        signed = [each for each in checkpoint_store.following(reader, number, BATCH) if each.size <= last]
        lines = checkpoints.merge_lines(records, signed)
        if lines:
            sink.write(lines)
            self._reached[sink.name] = reached = [last, signed[-1].number if signed else number]
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

    def _cursors(self) -> dict[str, Any]:
        """Read how far the sinks have got; a file that cannot be read means from the beginning: at least once."""
        try:
            stored = json.loads((self._data / CURSORS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        found = stored.items() if isinstance(stored, dict) else ()
        return {name: at for name, at in found if isinstance(at, list) and list(map(type, at)) == [int, int]}

    def _work(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            try:
                pause = 0.0 if self.turn() else EVERY_SECONDS
            except Exception:  # a defect may cost a turn, never all that follow
                _log.exception("a turn of the audit sinks failed")
                self._elsewhere = "the copy of the audit trail fails: the server's log says why"
                pause = EVERY_SECONDS
