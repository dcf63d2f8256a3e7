"""Plain HTTP to a server on this very machine: the part of a requests session that is needed there.

Between two processes of one host there is no TLS, no proxy and no authority to trust, and importing what brings those
(requests, with urllib3) takes longer than all the rest of a command. Rules:

- What is sent and how an answer is read is the same as over requests; one set of tests runs over both.
- What goes wrong is raised as requests' exceptions, so that ``vshell.client.requests_transport`` alone says what
  they mean. They are imported then.
- A kept connection that the server has closed meanwhile is noticed before something is sent on it.
"""

from __future__ import annotations

import http.client
import select
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

from vshell import __version__

_SAFE = "!$%&'()*+,/:;=?@~"
"""What stays as it is in an address, as requests and urllib3 have it (RFC 3986)."""

_HEADERS = {"Accept": "application/json", "User-Agent": f"vshell/{__version__}"}


@dataclass(frozen=True, slots=True)
class Received:
    """What came back; the headers are found without regard to case."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class Loopback:
    """A connection to one plain HTTP server of this machine, kept between requests."""

    def __init__(self, host: str, port: int | None) -> None:
        """Take the server's name or address, and its port if it is not 80; nothing is opened yet."""
        self._connection = http.client.HTTPConnection(host, port)

    def request(
        self,
        method: str,
        address: str,
        *,
        data: bytes | None,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        allow_redirects: bool,
        timeout: tuple[float, float],
    ) -> Received:
        """Send one request and return its answer; no redirection is ever followed. Raises requests' exceptions.

        ``timeout`` is how many seconds a connection and an answer are waited for.
        """
        self._connect(*timeout)
        try:
            self._connection.request(method, _target(address, params), data, {**_HEADERS, **headers})
            answer = self._connection.getresponse()
            return Received(answer.status, cast("Mapping[str, str]", answer.headers), answer.read())
        except (OSError, http.client.HTTPException, ValueError) as trouble:
            self.close()
            raise _as_requests_says(trouble, connected=True) from trouble
        except BaseException:  # Ctrl-C: the rest of this answer must not be taken for the next one
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def __del__(self) -> None:
        """Let go of a connection that nobody closed, as requests does."""
        self.close()

    def _connect(self, connect_seconds: float, read_seconds: float) -> None:
        """See to it that there is a connection, which is not one that the server has closed."""
        connection = self._connection
        if connection.sock is not None and select.select([connection.sock], [], [], 0)[0]:
            connection.close()  # Nothing was asked, so what can be read is its end.
        if connection.sock is None:
            connection.timeout = connect_seconds
            try:
                connection.connect()
            except (OSError, ValueError) as trouble:
                raise _as_requests_says(trouble, connected=False) from trouble
        connection.sock.settimeout(read_seconds)


def _target(address: str, params: Mapping[str, str]) -> str:
    """Return what stands in the request's first line: path and query, without what may not stand there."""
    place = urlsplit(address)
    query = "&".join(part for part in (quote(place.query, safe=_SAFE), urlencode(params)) if part)
    return quote(place.path, safe=_SAFE) + (f"?{query}" if query else "")


def _as_requests_says(trouble: Exception, *, connected: bool) -> Exception:
    """Return the exception that requests would have raised."""
    from requests import exceptions
    from urllib3.exceptions import ProtocolError

    if isinstance(trouble, TimeoutError):
        return exceptions.ReadTimeout(trouble) if connected else exceptions.ConnectTimeout(trouble)
    if isinstance(trouble, http.client.InvalidURL | ValueError):
        return exceptions.InvalidURL(trouble)
    if connected:
        return exceptions.ConnectionError(ProtocolError("the connection broke", trouble))
    return exceptions.ConnectionError(trouble)
