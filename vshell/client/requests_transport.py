"""The part of HTTP that depends on requests: opening a session, and what its exceptions mean.

Nothing here is imported before the first request, because requests takes a quarter of a second.
"""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import requests
from requests import exceptions
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import ProtocolError

from vshell import __version__
from vshell.client import transport
from vshell.errors import Failed, ShellError, Unreachable
from vshell.state import trust

if TYPE_CHECKING:
    from vshell.client.target import Target


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


def open_session(url: str, believed: trust.Trust, transport: BaseAdapter | None = None) -> requests.Session:
    """Return a session that checks the server as ``believed`` says and takes nothing else from outside."""
    session = requests.Session()
    session.trust_env = False  # Proxies are looked up once, here; .netrc must not replace the credential.
    if not trust.is_loopback(url):
        session.proxies.update(requests.utils.get_environ_proxies(url, no_proxy=None))
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"Accept": "application/json", "User-Agent": f"vshell/{__version__}"})
    if believed.fingerprint:
        session.mount("https://", PinnedAdapter(believed.fingerprint))
        session.verify = False  # The fingerprint is compared instead, before anything is sent.
    else:
        session.verify = believed.ca_file or trust.machine_authorities()
    if transport is not None:
        session.mount("https://", transport)
        session.mount("http://", transport)
    return session


def dropped(trouble: Exception) -> bool:
    """Return whether an established connection broke, so that asking again may do."""
    if isinstance(trouble, exceptions.ChunkedEncodingError):
        return True
    return isinstance(trouble, exceptions.ConnectionError) and bool(
        trouble.args and isinstance(trouble.args[0], ProtocolError)
    )


def explained(trouble: Exception, link: Target, method: str) -> ShellError:
    """Return the error that tells a person why there is no answer, and what to do."""
    where = link.url
    writing = method not in ("GET", "HEAD")
    unknown = "It is not known whether it was done: look before you repeat it." if writing else None
    if isinstance(trouble, exceptions.SSLError):
        return _distrusted(trouble, link)
    if isinstance(trouble, exceptions.ProxyError):
        return Unreachable(f"The proxy before {where} did not answer.", "Check HTTPS_PROXY and NO_PROXY.")
    if isinstance(trouble, exceptions.ConnectTimeout):
        return Unreachable(f"No server answered at {where} in time.", "Check the address and the network.")
    if isinstance(trouble, exceptions.ReadTimeout) or "Read timed out" in str(trouble):
        return Unreachable(f"The server at {where} took too long to answer.", unknown or "Try again later.")
    if dropped(trouble):
        return Unreachable(f"The connection to {where} broke.", unknown or "Try again in a moment.")
    if isinstance(trouble, exceptions.ConnectionError):
        hint = link.revival or "Check the address, and that the server runs."
        return Unreachable(f"No server answers at {where}.", hint)
    if isinstance(trouble, OSError) and link.trust.ca_file and "CA" in str(trouble):
        return Failed(f"The certificate file {link.trust.ca_file} cannot be read.", "Use: server add")
    return Failed(f"The request to {where} could not be sent.", "Check the address and the path.")


def _distrusted(trouble: Exception, link: Target) -> ShellError:
    """Return the error for a certificate that did not pass, with the fingerprint to compare."""
    if not any(words in str(trouble) for words in ("CERTIFICATE_VERIFY_FAILED", "ingerprint", "doesn't match")):
        plain = link.url.replace("https:", "http:", 1)
        return Unreachable(
            f"No encrypted connection to {link.url} could be made.",
            f"Check the address; a server without TLS, on this machine, is {plain}",
        )
    if link.trust.fingerprint or link.trust.ca_file:
        return Unreachable(
            f"The server at {link.url} does not show the certificate that is remembered for it.",
            "If it was renewed, compare the new one on the server and use: server add",
        )
    seen = transport.seen_fingerprint(link.url)
    hint = "If it is self-signed, compare its fingerprint, then use: server add NAME URL --fingerprint F"
    return Unreachable(
        f"This machine does not trust the certificate of {link.url}.",
        hint + (f" (the one shown now: {seen})" if seen else ""),
    )
