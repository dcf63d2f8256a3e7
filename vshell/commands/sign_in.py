"""login, logout and whoami: who the shell is to the server, and where that is kept."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

from vshell.client import connect
from vshell.errors import Failed, Mistake, NotAllowed, ShellError
from vshell.kinds import Choice, ManagerName
from vshell.kinds.plain import require_username
from vshell.registry.tree import command
from vshell.registry.view import View, columns
from vshell.session import Session
from vshell.state import keyring_store, stored_secrets
from vshell.state.stored_secrets import StoredSession, find_session

SIGNED_IN = View(
    columns("username", "server", "kept"),
    sentence="Signed in as {username} at {server}; the session is kept {kept}.",
)
SIGNED_OUT = View(columns("username", "server"), sentence="Signed out {username} at {server}.")
WHO = View(columns("username", "id", "server", "source"), layout="vertical")

STORES = ("keyring", "file", "none")


@command("login", view=SIGNED_IN, examples=("login --username admin", "login --username admin --store file"), here=True)
def login(
    session: Session,
    /,
    *,
    username: Annotated[
        str | None, ManagerName("USER"), "Names the manager to sign in as; without it you are asked."
    ] = None,
    store: Annotated[str | None, Choice(*STORES), "Says where to keep the session; the keyring if not given."] = None,
) -> object:
    """Sign in with a password, which is asked for and not kept.

    What is kept is the session, so that you need not sign in again until it ends: in the keyring of your
    operating system, or with "--store file" in a file that only you can read. With "--store none" it lasts until
    this shell ends. Without a usable keyring nothing is written that you did not agree to.

    A script has no use for this; give it an API token in VSHELL_TOKEN.
    """
    if username:
        require_username(username)
    url = session.client.url
    place = _choose_place(session, url, store)
    name = username or session.ask(f"User name at {url}: ").strip()
    if not name:
        raise Mistake("login needs a user name.", "For example: login --username admin")
    require_username(name)
    password = session.ask_secret(f"Password of {name} at {url}: ")
    if not password:
        raise NotAllowed(
            "login needs a password, and none was given.",
            "Sign in at a terminal; a script gives an API token in VSHELL_TOKEN.",
        )
    from vshell.completion import name_files

    credential = session.client.sign_in(name, password, "the session of this shell")
    place_text = "until this shell ends"
    if place == "none":
        session.client.use(credential)
    else:
        keeper = StoredSession(url, name, place, os.environ)
        keeper.write(credential)
        session.client.use(credential, keeper)
        place_text = "in your keyring" if place == "keyring" else f"in the file {keeper.path}"
    name_files.forget_names(session.client.signed_target)
    session.names.invalidate()
    if os.environ.get("VSHELL_TOKEN"):
        session.out.note("VSHELL_TOKEN is set: in later shells it goes before this session.")
    _show_banner(session)
    _show_approved(session)
    return {"username": name, "server": url, "kept": place_text}


@command("logout", view=SIGNED_OUT, examples=("logout",), here=True)
def logout(session: Session, /) -> object:
    """End the session that login opened, at the server and where it was kept."""
    from vshell.completion import name_files

    url = session.client.url
    stored = find_session(url, os.environ)
    username = stored.username if stored else None
    if stored is not None:
        with suppress(ShellError):  # One that cannot be read cannot be ended at the server, but forgotten.
            session.client.use(stored.read(), stored)
    current = session.client.credential
    if current is not None and current.refresh is not None:
        username = current.username
        with suppress(ShellError):  # One that has expired has ended already.
            session.client.request("POST", "/logout/")
    elif stored is None:
        source = f"you are here by {current.source}" if current else "you are not signed in"
        raise Failed(f"There is no session to end: {source}.", "Sign in with: login")
    if stored is not None:
        stored.forget()
    target = session.client.signed_target
    session.client.use(connect.read_local_credential(session.client.target))
    name_files.forget_names(target)  # Last: requests in the background have another credential from now on.
    session.names.invalidate()
    return {"username": username, "server": url}


@command("whoami", view=WHO, examples=("whoami",))
def whoami(session: Session, /) -> object:
    """Show who you are to the server, and by what."""
    manager = session.client.get_object("/login/")
    if not manager:
        raise Failed("The server did not say who you are.", "Check the address with: server list")
    credential = session.client.credential
    source = credential.source if credential else "no credential"
    return {**manager, "server": session.client.url, "source": source}


def _choose_place(session: Session, url: str, store: str | None) -> str:
    """Return where the session is to be kept, before a secret is typed or sent."""
    if store in ("file", "none"):
        return store
    try:
        keyring_store.check()
    except keyring_store.NoKeyringError as trouble:
        if store is not None or not session.interactive:
            raise stored_secrets.StoredSession.no_keyring(trouble) from None
        path = stored_secrets.StoredSession(url, "", "file", os.environ).path
        question = f"There is no keyring to use: {trouble}. Keep the session in {path}, readable only by you?"
        return "file" if session.confirm(question) else "none"
    return "keyring"


def _show_banner(session: Session) -> None:
    """Show the server's login banner, if it has one."""
    with suppress(ShellError):  # A server without a banner is as good.
        answer = session.client.request("GET", "/vms/1/login_banner/", signed=False)
        banner = answer.get("login_banner") if isinstance(answer, Mapping) else answer
        if isinstance(banner, str) and banner.strip():
            session.out.note(banner)


def _show_approved(session: Session) -> None:
    """Say which tokens terminals were given of late in the name of who signs in, for they may not have meant it."""
    with suppress(ShellError):  # A server without this list is no reason to fail.
        rows = [row for row in session.client.get_list("/login/approved/") if isinstance(row, Mapping)]
        if rows:
            made = "\n".join(f"  {row.get('id')}  {row.get('name')}, {row.get('created')}" for row in rows)
            session.out.note(
                f"Terminals got these tokens of yours within the last 7 days:\n{made}\n"
                "If there is one that you did not mean to approve, end it with: token:revoke ID"
            )
