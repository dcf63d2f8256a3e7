"""The transports of requests; a plain connection to a server on this machine.

Between two processes of one host there is no TLS, no proxy and no authority to trust, and importing what brings those
(requests, with urllib3) takes longer than all the rest of a command. Rules:

- What is sent and how an answer is read is the same over both; one set of tests runs over both.
- What goes wrong is raised as a TransportError, and ``explain`` alone says what it means to a person.
- A connection that the server has closed meanwhile is noticed before something is sent on it.
"""

from __future__ import annotations

import http.client
import select
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, cast
from urllib.parse import quote, urlsplit

from vshell import __version__
from vshell.errors import Failed, ShellError, Unreachable

if TYPE_CHECKING:
    from vshell.state.identity import Trust

HEADERS = {"Accept": "application/json", "User-Agent": f"vshell/{__version__}"}

_SAFE = "!$%&'()*+,/:;=?@~"
"""What stays as it is in an address, as requests and urllib3 have it (RFC 3986)."""


class TransportError(Exception):
    """No answer came; ``dropped`` is a connection that broke behind the request, ``unsendable`` one never sent."""

    def __init__(
        self,
        kind: Literal["tls", "proxy", "connect timeout", "read timeout", "dropped", "no server", "unsendable"],
        cause: Exception,
    ) -> None:
        super().__init__(str(cause))
        self.kind = kind


class Answer(NamedTuple):
    """The part of an HTTP response that is read; the headers are found without regard to case."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class Transport(Protocol):
    """A connection to one server, kept between requests."""

    def request(
        self, method: str, address: str, data: bytes | None, headers: Mapping[str, str], timeout: tuple[float, float]
    ) -> Answer:
        """Send one request and return its answer; no redirection is followed. Raises TransportError.

        ``timeout`` is how many seconds a connection and an answer are waited for.
        """

    def close(self) -> None:
        """Close the connection."""


class LoopbackTransport:
    """A connection to one plain HTTP server of this machine."""

    def __init__(self, url: str) -> None:
        """Take the server's address; nothing is opened yet. Raises TransportError for one that is none."""
        parts = urlsplit(url)
        try:
            self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        except ValueError as error:
            raise TransportError("unsendable", error) from error

    def request(
        self, method: str, address: str, data: bytes | None, headers: Mapping[str, str], timeout: tuple[float, float]
    ) -> Answer:
        """Send one request and return its answer; raises TransportError."""
        place = urlsplit(address)
        path = quote(place.path, safe=_SAFE) + (f"?{quote(place.query, safe=_SAFE)}" if place.query else "")
        self._connect(*timeout)
        try:
            self._connection.request(method, path, data, {**HEADERS, **headers})
            answer = self._connection.getresponse()
            return Answer(answer.status, cast("Mapping[str, str]", answer.headers), answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise TransportError("read timeout", error) from error
            is_wrong = isinstance(error, http.client.InvalidURL | ValueError)
            raise TransportError("unsendable" if is_wrong else "dropped", error) from error
        except BaseException:  # Ctrl-C: the rest of this answer must not be taken for the next one
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __del__(self) -> None:
        """Close a connection that was not closed, as requests does."""
        if hasattr(self, "_connection"):
            self.close()

    def _connect(self, connect_seconds: float, read_seconds: float) -> None:
        """Open a connection, unless there is one that the server has not closed."""
        connection = self._connection
        if connection.sock is not None and select.select([connection.sock], [], [], 0)[0]:
            connection.close()  # Nothing was asked, so what can be read is its end.
        if connection.sock is None:
            connection.timeout = connect_seconds
            try:
                connection.connect()
            except TimeoutError as error:
                raise TransportError("connect timeout", error) from error
            except (OSError, ValueError) as error:
                raise TransportError("unsendable" if isinstance(error, ValueError) else "no server", error) from error
        connection.sock.settimeout(read_seconds)


def explain(error: TransportError, url: str, trust: Trust, revival: str | None, *, is_read: bool) -> ShellError:
    """Return the error that tells a person why there is no answer, and what to do.

    ``revival`` is what to do when the server at ``url`` does not answer, where that is not the usual.
    """
    unknown = None if is_read else "It is not known whether it was done: look before you repeat it."
    match error.kind:
        case "tls":
            return _explain_tls(error, url, trust)
        case "proxy":
            return Unreachable(f"The proxy before {url} did not answer.", "Check HTTPS_PROXY and NO_PROXY.")
        case "connect timeout":
            return Unreachable(f"No server answered at {url} in time.", "Check the address and the network.")
        case "read timeout":
            return Unreachable(f"The server at {url} took too long to answer.", unknown or "Try again later.")
        case "dropped":
            return Unreachable(f"The connection to {url} broke.", unknown or "Try again in a moment.")
        case "no server":
            hint = revival or "Check the address, and that the server runs."
            return Unreachable(f"No server answers at {url}.", hint)
    if trust.ca_file and "CA" in str(error):
        return Failed(f"The certificate file {trust.ca_file} cannot be read.", "Use: server add")
    return Failed(f"The request to {url} could not be sent.", "Check the address and the path.")


def _explain_tls(error: TransportError, url: str, trust: Trust) -> ShellError:
    """Return the error for a certificate that did not pass, with the fingerprint to compare."""
    if not any(words in str(error) for words in ("CERTIFICATE_VERIFY_FAILED", "ingerprint", "doesn't match")):
        plain = url.replace("https:", "http:", 1)
        return Unreachable(
            f"No encrypted connection to {url} could be made.",
            f"Check the address; a server without TLS, on this machine, is {plain}",
        )
    if trust.fingerprint or trust.ca_file:
        return Unreachable(
            f"The server at {url} does not show the certificate that is remembered for it.",
            "If it was renewed, compare the new one on the server and use: server add",
        )
    shown = read_fingerprint(url)
    hint = "If it is self-signed, compare its fingerprint, then use: server add NAME URL --fingerprint F"
    return Unreachable(
        f"This machine does not trust the certificate of {url}.",
        hint + (f" (the one shown now: {shown})" if shown else ""),
    )


def read_fingerprint(address: str, timeout_seconds: float = 3.0) -> str | None:
    """Return the fingerprint of the certificate the server shows now, unchecked; None without an answer.

    It is for a person to compare, never to be trusted for what it says.
    """
    import hashlib
    import ssl

    parts = urlsplit(address)
    try:
        text = ssl.get_server_certificate((parts.hostname or "", parts.port or 443), timeout=timeout_seconds)
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest().upper()
    except (OSError, ValueError):
        return None
    return ":".join(digest[place : place + 2] for place in range(0, 64, 2))
