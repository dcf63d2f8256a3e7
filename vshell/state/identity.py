"""Identity: who the shell is to a server, and how it checks which server that is.

Who the shell is to the server tells the first of these that is there:

1. ``--token T``; ``-`` reads it from standard input, ``@FILE`` from a file
2. ``-u USER`` with ``-p PASSWORD``, or the session kept for that user, or the password asked for
3. ``VSHELL_TOKEN``
4. the session that ``login`` kept for this server, in the operating system's keyring or, by explicit choice
   only, in a file
5. the token that ``auth set-token`` stored for this server, likewise
6. on the server's own host, the local administrator's token, where this user may read it

What the command line says beats the environment. The keyring is touched only when the state file says that a
session of this very server lies there.

An address is an origin (RFC 6454): scheme, host and port, nothing more. TLS is checked against the machine's
authorities, or against the one certificate that a local server wrote down or a person named.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TextIO
from urllib.parse import urlsplit

from vshell.errors import Failed, Mistake
from vshell.formats.text import visible

LOCAL_SOURCE = "the local server's token file"
"""Where the local administrator's credential comes from; its token is another one after each start of the server."""


class Credential(NamedTuple):
    """What proves who is asking. ``source`` says in words where it came from; the secrets are never shown.

    Set are ``token`` (an API token, or the access token of a session, then with ``refresh``) or
    ``username`` and ``password``. ``passing`` marks a session opened for this run alone.
    """

    source: str
    username: str | None = None
    token: str | None = None
    refresh: str | None = None
    password: str | None = None
    passing: bool = False

    def __repr__(self) -> str:
        return f"Credential(source={self.source!r}, username={self.username!r}, passing={self.passing!r})"

    def header(self) -> str:
        """Return the value of the Authorization header (RFC 6750, or RFC 7617 for a password)."""
        if self.token is not None:
            return f"Bearer {self.token}"
        pair = f"{self.username or ''}:{self.password or ''}".encode()
        return "Basic " + base64.b64encode(pair).decode("ascii")


def parse_token(text: str, source: str) -> Credential:
    """Return the credential of a token as typed or read. Raises Mistake when it cannot be a token."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Mistake(f"The token from {source} is empty or has characters no token has.", "Give it whole.")
    return Credential(source, token=token)


def read_token_argument(text: str, stdin: TextIO | None) -> Credential:
    """Return the credential that ``--token`` names: the token, ``-`` for standard input (None if closed), ``@FILE``."""
    if text == "-":
        return parse_token(read_secret("Token: ", stdin), "standard input")
    if text.startswith("@"):
        return parse_token(read_secret_file(Path(text[1:])), f"the file {text[1:]}")
    return parse_token(text, "--token")


def read_secret(question: str, stdin: TextIO | None) -> str:
    """Return a line of standard input, at a terminal typed unseen, which raises NotAllowed in CI."""
    if stdin is None:
        return ""
    if stdin.isatty():
        from vshell.terminal import questions

        return questions.ask_secret(question)
    return stdin.readline().rstrip("\r\n")


def read_password_argument(text: str, stdin: TextIO) -> str:
    """Return the password that ``-p`` gives, ``-`` for a line of standard input; raises Mistake for none."""
    password = read_secret("Password: ", stdin) if text == "-" else text
    if not password:
        whence = "standard input" if text == "-" else "the command line"
        raise Mistake(f"The password from {whence} is empty.", "Give it whole, or leave out -p to be asked.")
    return password


def read_secret_file(path: Path) -> str:
    """Return the first line of a file that holds a secret. Raises Failed when it cannot be read."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline(65_536).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as trouble:
        why = trouble.strerror if isinstance(trouble, OSError) else "it is not text"
        raise Failed(f"The file {path} cannot be read: {why}.", "Name a file that holds the token.") from None


def read_environment_token(environment: Mapping[str, str]) -> Credential | None:
    """Return the credential of ``VSHELL_TOKEN``, or None when it is not set."""
    text = environment.get("VSHELL_TOKEN", "")
    return parse_token(text, "VSHELL_TOKEN") if text.strip() else None


def read_token(ask_secret: Callable[[str], str] | None) -> str:
    """Return a token typed unseen, or without ``ask_secret`` a line of standard input; raises Mistake for none."""
    token = ask_secret("Token: ") if ask_secret else read_secret("Token: ", sys.stdin)
    if not token.strip():
        raise Mistake("A token is needed.", "Type it when you are asked, or give it as a line of standard input.")
    return token.strip()


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
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
    return environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE") or True
