"""From what was asked for to a server and a credential.

This is where the flags, the environment and the memory meet; nothing is looked up before the first request,
so ``help`` needs no server and a script with a token never touches the keyring.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from vshell.client import home_proof
from vshell.client.client import READ_SECONDS, HttpClient
from vshell.client.target import Target, TargetFinder
from vshell.errors import NotAllowed, ShellError
from vshell.state import credentials, projects, servers, stored_secrets, token_origins
from vshell.state.credentials import Credential
from vshell.state.servers import Server


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """What the command line says about the server and who we are there; the rest comes from elsewhere.

    ``lasting`` says that many lines will follow: then a password opens a session once instead of being
    checked anew with every request. ``dc`` names the data centre of one of the named servers.
    """

    server: str | None = None
    data: Path | None = None
    token: Credential | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    lasting: bool = False
    dc: str | None = None


def connect(
    wishes: ConnectOptions,
    environment: Mapping[str, str] = os.environ,
    ask_secret: Callable[[str], str] | None = None,
    *,
    where: Callable[[], Target] | None = None,
    timeout: float = READ_SECONDS,
    unsure: Callable[[ShellError], None] | None = None,
) -> HttpClient:
    """Return the connection that is wished for; it looks for its server and its credential when it must.

    ``ask_secret`` asks a person for a password; None where nobody can be asked. ``where`` finds the server in
    another way than by the wishes. ``unsure`` is told, once, what hindered finding out who we are, and the connection
    goes on without a credential; else that is raised at each request.
    """

    def who(found: Target) -> Target:
        try:
            return identity(found, wishes, environment, ask_secret)
        except ShellError as trouble:
            if unsure is None:
                raise
            unsure(trouble)
            return found

    return HttpClient(TargetFinder(where or (lambda: place(wishes, environment)), who), timeout=timeout)


def place(wishes: ConnectOptions, environment: Mapping[str, str] = os.environ) -> Target:
    """Return the server that is wished for, without a credential. Raises ShellError.

    Where nothing names one, a token goes to the server that it is of, where that is known or proved.
    """
    token = _token(wishes, environment)
    if wishes.dc is not None:
        token_origins.require_home(token, wishes.dc, environment)
        return link_to(servers.by_dc(wishes.dc, environment))
    if not _is_named(wishes, environment):
        origin = home_proof.home_of(token, environment)
        if origin is not None:
            return link_to(servers.at(origin, environment))
    chosen = servers.choose(wishes.server, wishes.data, environment)
    if token:
        token_origins.require_home(token, servers.at(chosen.url, environment).dc, environment)
    return link_to(chosen)


def _is_named(wishes: ConnectOptions, environment: Mapping[str, str]) -> bool:
    variables = (environment.get("VSHELL_SERVER"), environment.get("VSHELL_DATA"))
    return bool(wishes.server or wishes.data or any(variables))


def _token(wishes: ConnectOptions, environment: Mapping[str, str]) -> str:
    """Return the token that was given for this run, not one that is kept."""
    if wishes.token is not None:
        return wishes.token.token or ""
    return environment.get("VSHELL_TOKEN", "") if wishes.username is None else ""


def link_to(server: Server) -> Target:
    """Return the way to a server, without a credential."""
    return Target(server.url, None, server.trust, None, server.token_file, project=projects.here())


def identity(
    link: Target,
    wishes: ConnectOptions,
    environment: Mapping[str, str] = os.environ,
    ask_secret: Callable[[str], str] | None = None,
) -> Target:
    """Return the link with the credential that is wished for. Raises ShellError when it cannot be had."""
    if wishes.token is not None:
        return replace(link, credential=wishes.token)
    if wishes.username is not None:
        return _as_user(link, wishes, environment, ask_secret)
    from_environment = credentials.from_environment(environment)
    if from_environment is not None:
        return replace(link, credential=from_environment)
    kept = stored_secrets.find_session(link.url, environment)
    credential = kept.read() if kept else None
    if credential is not None:
        return replace(link, credential=credential, session_store=kept)
    stored = stored_secrets.find_token(link.url, environment)
    return replace(link, credential=(stored.read() if stored else None) or local_administrator(link))


def local_administrator(link: Target) -> Credential | None:
    """Return the credential of the local administrator, None where this user may not read its token."""
    if link.token_file is None:
        return None
    try:
        # Root may use the token of a server that runs as another user: whoever can read it is trusted.
        text = Path(link.token_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return credentials.token_credential(text, credentials.LOCAL_SOURCE) if text.strip() else None


def _as_user(
    link: Target,
    wishes: ConnectOptions,
    environment: Mapping[str, str],
    ask_secret: Callable[[str], str] | None,
) -> Target:
    """Return the link for ``-u USER``: by the given password, the kept session, or the password asked for."""
    username = wishes.username or ""
    password = wishes.password
    if password is None:
        kept = stored_secrets.find_session(link.url, environment)
        credential = kept.read() if kept is not None and kept.username == username else None
        if credential is not None:
            return replace(link, credential=credential, session_store=kept)
        if ask_secret is None:
            raise NotAllowed(
                f"There is no password for {username}, and nobody to ask for it.",
                "Give it on standard input with '-p -', or set VSHELL_TOKEN to an API token.",
            )
        password = ask_secret(f"Password of {username} at {link.url}: ")
    if wishes.lasting:
        session = HttpClient.at(link.url, trust=link.trust).sign_in(username, password)
        return replace(link, credential=replace(session, passing=True))
    return replace(link, credential=Credential("the password", username, password=password))
