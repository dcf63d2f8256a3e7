"""Where the audit chain goes besides the database: a file that only grows, syslog, the journal.

The file may be another user's, or marked append-only. After a failure it may end within a line, and what was written
may not have been noted as written. So before it is added to again, its end is read: lines that stand there are not
repeated, and a torn one is completed.

Syslog gets one message for each line by the socket of this host, in the form of RFC 3164 as local programs write it,
with the facility for audits. A line that is too long for a message is cut: its beginning says what was done.
"""

import errno
import os
import socket
from collections.abc import Sequence
from pathlib import Path

TAIL_BYTES = 4 << 20

SOCKET = "/dev/log"
PRIORITY = 13 * 8 + 5  # RFC 5424, section 6.2.1: log audit, notice
LONGEST = 8_192
SECONDS = 5.0
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


def _connect(path: str) -> socket.socket:
    for sort in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        made = socket.socket(socket.AF_UNIX, sort)
        made.settimeout(SECONDS)
        try:
            made.connect(path)
        except OSError as error:
            made.close()
            if error.errno != errno.EPROTOTYPE or sort == socket.SOCK_STREAM:
                raise
        else:
            return made
    raise AssertionError("the last sort connects or raises")
