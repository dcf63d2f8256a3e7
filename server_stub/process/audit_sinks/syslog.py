"""The chain in syslog or the journal of systemd, by the socket that both listen on: one message for each line.

The form is that of RFC 3164 as local programs write it, with the facility for audits. A line that is too long for a
message is cut: its beginning says what was done.
"""

import errno
import socket
from collections.abc import Sequence

SOCKET = "/dev/log"
PRIORITY = 13 * 8 + 5  # RFC 5424, section 6.2.1: log audit, notice
LONGEST = 8_192
SECONDS = 5.0
TAG = "vshell-audit"


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
