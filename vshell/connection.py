"""From what was asked for to a server and a credential.

This is where the flags, the environment and the memory meet; nothing is looked up before the first request,
so ``help`` needs no server and a script with a token never touches the keyring.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from vshell import credentials, kept_sessions, profiles
from vshell.api import Api, Link
from vshell.credentials import Credential
from vshell.errors import NotAllowed
from vshell.profiles import Server


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says about the server and who we are there; the rest comes from elsewhere.

    ``lasting`` says that many lines will follow: then a password opens a session once instead of being
    checked anew with every request.
    """

    server: str | None = None
    data: Path | None = None
    token: Credential | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    lasting: bool = False


def find(
    wishes: Wishes,
    environment: Mapping[str, str] = os.environ,
    ask_secret: Callable[[str], str] | None = None,
) -> Link:
    """Return the server and the credential that are wished for.

    ``ask_secret`` asks a person for a password; None where nobody can be asked. Raises ShellError.
    """
    server = profiles.choose(wishes.server, wishes.data, environment)
    link = Link(server.url, None, server.trust)
    if wishes.token is not None:
        return replace(link, credential=wishes.token)
    if wishes.username is not None:
        return _as_user(link, wishes, environment, ask_secret)
    from_environment = credentials.from_environment(environment)
    if from_environment is not None:
        return replace(link, credential=from_environment)
    kept = kept_sessions.kept_at(server.url, environment)
    credential = kept.read() if kept else None
    if credential is not None:
        return replace(link, credential=credential, keeper=kept)
    return replace(link, credential=local_administrator(server))


def local_administrator(server: Server) -> Credential | None:
    """Return the credential of the local administrator, None where this user may not read its token."""
    if server.token_file is None:
        return None
    try:
        # Root may use the token of a server that runs as another user: whoever can read it is trusted.
        text = Path(server.token_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return credentials.token_credential(text, "the local server's token file") if text.strip() else None


def without_session(server_url: str, environment: Mapping[str, str]) -> Link:
    """Return how the server is reached after a sign-out: as local administrator, or as nobody."""
    server = profiles.by_word(server_url, environment)
    return Link(server.url, local_administrator(server), server.trust)


def _as_user(
    link: Link,
    wishes: Wishes,
    environment: Mapping[str, str],
    ask_secret: Callable[[str], str] | None,
) -> Link:
    """Return the link for ``-u USER``: by the given password, the kept session, or the password asked for."""
    username = wishes.username or ""
    password = wishes.password
    if password is None:
        kept = kept_sessions.kept_at(link.url, environment)
        credential = kept.read() if kept is not None and kept.username == username else None
        if credential is not None:
            return replace(link, credential=credential, keeper=kept)
        if ask_secret is None:
            raise NotAllowed(
                f"There is no password for {username}, and nobody to ask for it.",
                "Give it on standard input with '-p -', or set VSHELL_TOKEN to an API token.",
            )
        password = ask_secret(f"Password of {username} at {link.url}: ")
    if wishes.lasting:
        session = Api(link.url, trust=link.trust).sign_in(username, password)
        return replace(link, credential=replace(session, passing=True))
    return replace(link, credential=Credential("the password", username, password=password))
