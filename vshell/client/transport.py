"""What carries a request: requests over a network, a plain connection to a server on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from vshell.state import trust

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from vshell.client.responses import Answer


class Transport(Protocol):
    """The part of ``requests.Session`` that is used."""

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
    ) -> Answer:
        """Send one request and return its answer; raises requests' exceptions.

        ``timeout`` is how many seconds a connection and an answer are waited for.
        """

    def close(self) -> None:
        """Let go of the connection."""


def open_transport(url: str, believed: trust.Trust, transport: BaseAdapter | None = None) -> Transport:
    """Return what carries requests to a server; nothing is sent yet. Raises ValueError for an address that is none."""
    if transport is None and url.startswith("http://") and trust.is_loopback(url):
        from vshell.client.loopback import Loopback

        place = urlsplit(url)
        return Loopback(place.hostname or "", place.port)
    from vshell.client.requests_transport import open_session

    return cast("Transport", open_session(url, believed, transport))


def seen_fingerprint(address: str, timeout_seconds: float = 3.0) -> str | None:
    """Return the fingerprint of the certificate the server shows now, unchecked; None without an answer.

    It is for a person to compare, never to be trusted by itself.
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
