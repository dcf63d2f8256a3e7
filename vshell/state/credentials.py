"""Who the shell is to the server: the first of these that is there.

1. ``--token T``; ``-`` reads it from standard input, ``@FILE`` from a file
2. ``-u USER`` with ``-p PASSWORD``, or the session kept for that user, or the password asked for
3. ``VSHELL_TOKEN``
4. the session that ``login`` kept for this server, in the operating system's keyring or, by explicit choice
   only, in a file
5. the token that ``auth set-token`` stored for this server, likewise
6. on the server's own host, the local administrator's token, where this user may read it

What the command line says beats the environment. The keyring is touched only when the state file says that a
session of this very server lies there.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from vshell.errors import Failed, Mistake

LOCAL_SOURCE = "the local server's token file"
"""Where the local administrator's credential comes from; its token is another one after each start of the server."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves who is asking. ``source`` says in words where it came from; the secrets are never shown.

    Set are ``token`` (an API token, or the access token of a session, then with ``refresh``) or
    ``username`` and ``password``. ``passing`` marks a session opened for this run alone.
    """

    source: str
    username: str | None = None
    token: str | None = field(default=None, repr=False)
    refresh: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    passing: bool = False

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
    """Return a line of standard input; a terminal is asked, unseen, which raises NotAllowed in CI."""
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
