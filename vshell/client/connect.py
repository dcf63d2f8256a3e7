"""From what was asked for to a server and a credential.

This is where the flags, the environment and what is stored meet; nothing is looked up before the first request,
so ``help`` needs no server and a script with a token never touches the keyring.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from vshell.client import home_proof
from vshell.client.client import READ_SECONDS, HttpClient, Target, TargetFinder
from vshell.errors import NotAllowed, ShellError
from vshell.state import identity, projects, servers, stored_secrets, token_origins
from vshell.state.identity import Credential
from vshell.state.servers import Server


class ConnectOptions(NamedTuple):
    """What the command line says about the server and who we are there; the rest comes from elsewhere.

    ``lasting`` says that many lines will follow: then a password opens a session once instead of being
    checked anew with every request. ``dc`` names the data centre of one of the named servers.
    """

    server: str | None = None
    data: Path | None = None
    token: Credential | None = None
    username: str | None = None
    password: str | None = None
    lasting: bool = False
    dc: str | None = None

    def __repr__(self) -> str:
        hidden = self._replace(password=self.password and "***")
        return f"ConnectOptions{tuple(hidden)!r}"


def connect(
    options: ConnectOptions,
    environment: Mapping[str, str] = os.environ,
    ask_secret: Callable[[str], str] | None = None,
    *,
    where: Callable[[], Target] | None = None,
    timeout: float = READ_SECONDS,
    unsure: Callable[[ShellError], None] | None = None,
) -> HttpClient:
    """Return the connection that the options name; it looks for its server and its credential when it must.

    ``ask_secret`` asks a person for a password; None where nobody can be asked. ``where`` finds the server in
    another way than by the options. ``unsure`` gets, once, what hindered finding out who we are, and the connection
    goes on without a credential; else that is raised at each request.
    """

    def who(found: Target) -> Target:
        try:
            return sign_target(found, options, environment, ask_secret)
        except ShellError as trouble:
            if unsure is None:
                raise
            unsure(trouble)
            return found

    return HttpClient(TargetFinder(where or (lambda: find_target(options, environment)), who), timeout=timeout)


def find_target(options: ConnectOptions, environment: Mapping[str, str] = os.environ) -> Target:
    """Return the server that the options name, without a credential. Raises ShellError.

    Where nothing names one, a token goes to the server that it is of, where that is known or proved.
    """
    token = _find_token(options, environment)
    if options.dc is not None:
        token_origins.require_home(token, options.dc, environment)
        return make_target(servers.find_by_dc(options.dc, environment))
    if not (options.server or options.data or environment.get("VSHELL_SERVER") or environment.get("VSHELL_DATA")):
        origin = home_proof.find_home(token, environment)
        if origin is not None:
            return make_target(servers.find_at(origin, environment))
    chosen = servers.choose(options.server, options.data, environment)
    if token:
        token_origins.require_home(token, servers.find_at(chosen.url, environment).dc, environment)
    return make_target(chosen)


def _find_token(options: ConnectOptions, environment: Mapping[str, str]) -> str:
    """Return the token that was given for this run, not one that is stored."""
    if options.token is not None:
        return options.token.token or ""
    return environment.get("VSHELL_TOKEN", "") if options.username is None else ""


def make_target(server: Server) -> Target:
    """Return the way to a server, without a credential."""
    return Target(server.url, None, server.trust, None, server.token_file, project=projects.find_project())


def sign_target(
    target: Target,
    options: ConnectOptions,
    environment: Mapping[str, str] = os.environ,
    ask_secret: Callable[[str], str] | None = None,
) -> Target:
    """Return the target with the credential that the options name. Raises ShellError when it cannot be had."""
    if options.token is not None:
        return target._replace(credential=options.token)
    if options.username is not None:
        return _sign_as_user(target, options, environment, ask_secret)
    from_environment = identity.read_environment_token(environment)
    if from_environment is not None:
        return target._replace(credential=from_environment)
    session = stored_secrets.find_session(target.url, environment)
    credential = session.read() if session else None
    if credential is not None:
        return target._replace(credential=credential, session_store=session)
    token = stored_secrets.find_token(target.url, environment)
    return target._replace(credential=(token.read() if token else None) or read_local_credential(target))


def read_local_credential(target: Target) -> Credential | None:
    """Return the credential of the local administrator, None where this user may not read its token."""
    if target.token_file is None:
        return None
    try:
        # Root may use the token of a server that runs as another user: whoever can read it is trusted.
        text = Path(target.token_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return identity.parse_token(text, identity.LOCAL_SOURCE) if text.strip() else None


def _sign_as_user(
    target: Target, options: ConnectOptions, environment: Mapping[str, str], ask_secret: Callable[[str], str] | None
) -> Target:
    """Return the target for ``-u USER``: by the given password, the stored session, or the password asked for."""
    username = options.username or ""
    password = options.password
    if password is None:
        stored = stored_secrets.find_session(target.url, environment)
        credential = stored.read() if stored is not None and stored.username == username else None
        if credential is not None:
            return target._replace(credential=credential, session_store=stored)
        if ask_secret is None:
            raise NotAllowed(
                f"There is no password for {username}, and nobody to ask for it.",
                "Give it on standard input with '-p -', or set VSHELL_TOKEN to an API token.",
            )
        password = ask_secret(f"Password of {username} at {target.url}: ")
    if options.lasting:
        session = HttpClient.at(target.url, trust=target.trust).sign_in(username, password)
        return target._replace(credential=session._replace(passing=True))
    return target._replace(credential=Credential("the password", username, password=password))
