"""The transport over requests, with TLS and proxies.

Nothing here is imported before the first request over a network, because requests takes a quarter of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests import exceptions
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import ProtocolError

from vshell.client.transport import HEADERS, Answer, TransportError
from vshell.state import identity


class PinnedAdapter(HTTPAdapter):
    """Takes the one certificate that has the fingerprint, whoever signed it."""

    def __init__(self, fingerprint: str) -> None:
        """Take a SHA-256 fingerprint as 64 hexadecimal digits."""
        self._fingerprint = fingerprint
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pool whose connections compare the fingerprint."""
        super().init_poolmanager(*arguments, **options, assert_fingerprint=self._fingerprint)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """Make the pool for a way through a proxy: the server behind it is compared just the same."""
        return super().proxy_manager_for(*arguments, **options, assert_fingerprint=self._fingerprint)


class RequestsTransport:
    """A requests session with one server."""

    def __init__(self, url: str, trust: identity.Trust, adapter: BaseAdapter | None = None) -> None:
        """Check the server as ``trust`` says and take nothing else from outside; ``adapter`` is for tests."""
        self.session = session = requests.Session()
        session.trust_env = False  # Proxies are looked up once, here; .netrc must not replace the credential.
        if not identity.is_loopback(url):
            session.proxies.update(requests.utils.get_environ_proxies(url, no_proxy=None))
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.headers.update(HEADERS)
        if trust.fingerprint:
            session.mount("https://", PinnedAdapter(trust.fingerprint))
            session.verify = False  # The fingerprint is compared instead, before anything is sent.
        else:
            session.verify = trust.ca_file or identity.find_authorities()
        if adapter is not None:
            session.mount("https://", adapter)
            session.mount("http://", adapter)

    def request(
        self, method: str, address: str, data: bytes | None, headers: Mapping[str, str], timeout: tuple[float, float]
    ) -> Answer:
        """Send one request and return its answer; raises TransportError."""
        try:
            answer = self.session.request(
                method, address, data=data, headers=dict(headers), allow_redirects=False, timeout=timeout
            )
        except (OSError, ValueError) as error:  # The first is what requests' exceptions are.
            raise translate_error(error) from error
        return Answer(answer.status_code, answer.headers, answer.content)

    def close(self) -> None:
        """Close the session."""
        self.session.close()


def translate_error(error: Exception) -> TransportError:
    """Return what an exception of requests means."""
    if isinstance(error, exceptions.SSLError):
        return TransportError("tls", error)
    if isinstance(error, exceptions.ProxyError):
        return TransportError("proxy", error)
    if isinstance(error, exceptions.ConnectTimeout):
        return TransportError("connect timeout", error)
    if isinstance(error, exceptions.ReadTimeout) or "Read timed out" in str(error):
        return TransportError("read timeout", error)
    if isinstance(error, exceptions.ChunkedEncodingError):
        return TransportError("dropped", error)
    if isinstance(error, exceptions.ConnectionError):
        is_dropped = bool(error.args) and isinstance(error.args[0], ProtocolError)
        return TransportError("dropped" if is_dropped else "no server", error)
    return TransportError("unsendable", error)
