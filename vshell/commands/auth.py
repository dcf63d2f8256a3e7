"""auth: an API token stored for this shell, as Vigo's ``vigocli auth`` stores one.

Source: Vigo, "vigocli auth": set-token, status, clear. The other commands of it are in ``auth_tokens``.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from vshell.commands._tokens import flat
from vshell.errors import Failed, NotAllowed, Unreachable
from vshell.kinds import Secret, Switch
from vshell.registry.results import Alarming
from vshell.registry.tree import Column, View, command, describe_object
from vshell.session import Session

if TYPE_CHECKING:
    from vshell.state.credentials import Credential

describe_object("auth", "Vigo's commands: a token stored for this shell, your own tokens, emergency access.")

STORED = View(
    (Column("server"), Column("kept"), Column("id"), Column("user"), Column("expiry_date")),
    sentence="The token is stored {kept} and is used at {server} from now on.",
)
STATUS = View(
    (
        Column("server"),
        Column("kept"),
        Column("validity"),
        Column("id"),
        Column("name"),
        Column("user"),
        Column("expiry_date"),
        Column("checked"),
    ),
    layout="vertical",
)
OTHER_PROJECT = "other_project"
"""How a server says that a token is good, but not for this directory's project."""
CLEARED = View((Column("server"),), sentence="The token stored for {server} has been removed.")


@command(
    "auth set-token",
    view=STORED,
    examples=("auth set-token", "auth set-token --file", "auth set-token <token>"),
)
def set_token(
    session: Session,
    token: Annotated[
        str | None, Secret("TOKEN"), "Is the token; without it you are asked, and - or a pipe gives it unseen."
    ] = None,
    /,
    *,
    file: Annotated[
        bool | None, Switch(), "Keeps it in ~/.config/vigo/token, readable by you alone, not in the keyring."
    ] = None,
) -> object:
    """Store an API token, which this shell then shows to this server without being told.

    It is kept in the keyring of your operating system. Where there is none nothing is written that you did not
    agree to: "--file" keeps it in ~/.config/vigo/token with mode 0600. A session of "login" goes before it.

    A token on the command line can be seen by everybody on the machine; leave it out.
    """
    from vshell.state import credentials
    from vshell.state.token_store import StoredToken, no_keyring
    from vshell.terminal import process

    url = session.api.url
    if not file:
        from vshell.state import keyring_store

        try:
            keyring_store.check()
        except keyring_store.NoKeyringError as trouble:
            raise no_keyring(trouble) from None
    credential = credentials.token_argument(session.read_token() if token is None else token, sys.stdin)
    secret = str(credential.token)
    if any(secret in argument for argument in sys.argv):
        process.hide_argument(secret)
        session.out.note(
            "A token on the command line can be seen by everybody on this machine, and stays in your shell's history; "
            "leave it out to be asked, or give it on standard input."
        )
    try:
        known = _asked(session, secret)
    except Unreachable:
        known = {}
        session.out.note(f"{url} does not answer, so the token has not been checked.")
    kept = StoredToken(url, "file" if file else "keyring", os.environ, known)
    kept.write(secret)
    _go_on_by(session, kept.read())
    return {"server": url, "kept": kept.place, **_told(known)}


@command("auth status", view=STATUS, examples=("auth status",))
def status(session: Session, /) -> object:
    """Show the token that is stored for this server, and whether it is valid.

    The server is asked. When it does not answer, what it said last is shown, and that it is no more than that.
    The token itself is never shown.
    """
    from vshell.state.token_store import find

    url = session.api.url
    kept = find(url, os.environ)
    credential = kept.read() if kept else None
    if kept is None or credential is None:
        current = session.api.credential
        here = f"None is needed here: you are signed in by {current.source}." if current else None
        raise Failed(f"No token is stored for {url}.", here or "Store one with: auth set-token")
    shown: dict[str, Any] = {"server": url, "kept": kept.place}
    try:
        known = _asked(session, str(credential.token))
    except Unreachable as trouble:
        guess = "expired" if _is_over(kept.known) else "unknown"
        shown |= {"validity": guess, **_told(kept.known), "checked": kept.known.get("checked")}
        sentence = f"{trouble.sentence} What is shown is what was known of the token before."
        return Alarming(shown, Unreachable(sentence, trouble.hint))
    except NotAllowed as trouble:
        return Alarming({**shown, "validity": "invalid", **_told(kept.known), "checked": _now()}, trouble)
    kept.remember(known)
    return {**shown, "validity": "valid", **_told(known), "checked": known["checked"]}


@command("auth clear", view=CLEARED, examples=("auth clear",))
def clear(session: Session, /) -> object:
    """Remove the token that is stored for this server; at the server it stays what it is."""
    from vshell.client import connect
    from vshell.state.token_store import find

    is_used = False

    url = session.api.url
    kept = find(url, os.environ)
    if kept is None:
        raise Failed(f"No token is stored for {url}, so there is nothing to remove.", "See: auth status")
    with suppress(NotAllowed):  # One that cannot be read is none that is used, and is removed all the same.
        current = session.api.credential
        stored = kept.read()
        is_used = stored is not None and current is not None and current.token == stored.token
    kept.forget()
    if is_used:
        link = connect.identity(session.api.place, connect.ConnectOptions(), os.environ)
        session.api.use(link.credential, link.keeper)
        session.names.changed()
    return {"server": url}


def _asked(session: Session, token: str) -> dict[str, Any]:
    """Ask the server what a token is; raises Unreachable without an answer, NotAllowed when it is not live."""
    from vshell.client.client import HttpClient
    from vshell.state import trust
    from vshell.state.credentials import Credential

    place = session.api.place
    asking = HttpClient(place.url, Credential("the stored token", token=token), place.trust)
    asking.read_seconds, asking.told_on = session.api.read_seconds, session.api.told_on
    asking.work_for(place.project)
    try:
        answer = asking.request("GET", "/apitokens/self/")
    except NotAllowed as refusal:
        if not trust.may_carry_secrets(place.url) or refusal.code == OTHER_PROJECT:
            raise
        raise NotAllowed(
            "The server does not take this token: it is revoked, expired, used up, or not one of its own.",
            "Check that it is whole and for this server: server list",
        ) from None
    finally:
        asking.close()
    if not isinstance(answer, Mapping):
        raise Failed("The server did not say what the token is.", "Check the address with: server list")
    return {**_told(flat(answer)), "checked": _now()}


def _told(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return of what is known of a token what may be shown and kept."""
    return {name: known.get(name) for name in ("id", "name", "user", "expiry_date")}


def _is_over(known: Mapping[str, Any]) -> bool:
    end = known.get("expiry_date")
    return isinstance(end, str) and end <= _now()


def _now() -> str:
    """Return this moment as the server writes one."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _go_on_by(session: Session, stored: "Credential | None") -> None:
    """Go on by the token just stored, unless a session or VSHELL_TOKEN goes before it, which is said."""
    with suppress(NotAllowed):  # Whoever cannot be found is not who we are.
        current = session.api.credential
        if current is not None and current.refresh is not None:
            session.out.note(f"You stay signed in as {current.username} until: logout")
            return
    if os.environ.get("VSHELL_TOKEN"):
        session.out.note("VSHELL_TOKEN is set: in later shells it goes before this token.")
    session.api.use(stored)
    session.names.changed()
