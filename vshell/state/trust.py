"""Whom the shell believes to be the server, and what may be sent over which connection.

An address is an origin (RFC 6454): scheme, host and port, nothing more. TLS is checked against the machine's
authorities, or against the one certificate that a local server wrote down or a person named.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from vshell.errors import Mistake
from vshell.formats.text import visible

_FINGERPRINT = re.compile(r"(sha256:)?([0-9a-f]{64})")


class Trust(NamedTuple):
    """How a server's certificate is checked: by a file, a SHA-256 fingerprint, or as the machine does."""

    ca_file: str | None = None
    fingerprint: str | None = None


MACHINE = Trust()
"""The authorities that this machine trusts."""


def parse_origin(text: str) -> str:
    """Return the origin that a typed address means; ``host:port`` is https, the usual port is left out.

    Raises Mistake when the text is not an address, or has a user, a path or a query.
    """
    typed = text.strip()
    wrong = Mistake(f"'{visible(typed)}' is not the address of a server.", "Write it as https://HOST:PORT.")
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or not host or not host.isprintable() or " " in host:
        raise wrong
    if parts.username is not None or parts.password is not None:
        raise Mistake("An address holds no user name or password.", "Name the user with -u, or use: login")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise Mistake(f"'{visible(typed)}' has more than a host and a port.", "Write it as https://HOST:PORT.")
    shown = f"[{host}]" if ":" in host else host
    usual = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, usual) else "")


def is_loopback(address: str) -> bool:
    """Return whether the origin's host is this machine itself."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def may_carry_secrets(address: str) -> bool:
    """Return whether a credential may be sent there: over TLS, or without leaving this machine."""
    return address.startswith("https://") or is_loopback(address)


def parse_fingerprint(text: str) -> str:
    """Return a typed SHA-256 fingerprint as 64 lower-case digits. Raises Mistake when it is none."""
    found = _FINGERPRINT.fullmatch(text.strip().lower().replace(":", "").replace("sha256", "sha256:"))
    if found is None:
        raise Mistake("That is not a SHA-256 fingerprint.", "It has 64 hexadecimal digits, with or without colons.")
    return found[2]


def find_authorities(environment: Mapping[str, str] = os.environ) -> str | bool:
    """Return the file of authorities that the environment names, or True for the usual ones."""
    for variable in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        if environment.get(variable):
            return environment[variable]
    return True
