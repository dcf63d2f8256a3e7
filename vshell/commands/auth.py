"""auth: a token stored for this shell, one's own tokens and emergency access, as Vigo has them.

Source: Vigo, "vigocli auth". What create-token, list-tokens, revoke-token and emergency-access print is Vigo's, to the
letter.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Annotated, Any

from vshell.client import connect
from vshell.client.client import HttpClient, TargetFinder
from vshell.commands._objects import drop_none, end_token, flatten_token
from vshell.errors import Failed, NotAllowed, Unreachable
from vshell.kinds import GoDuration, ManagerName, Secret, Switch, Text, Timestamp, TokenId
from vshell.registry.tree import command, describe_object
from vshell.registry.view import Alarming, Column, View, columns
from vshell.session import Session
from vshell.state import identity, keyring_store
from vshell.state.identity import Credential
from vshell.state.stored_secrets import StoredToken, find_token

describe_object("auth", "Vigo's commands: a token stored for this shell, your own tokens, emergency access.")

MARK = "tok_"
"""Leads an id there; wherever an id is typed here it may stand or be left out."""


class MarkedId(TokenId):
    """The public id of an API token, shown with ``tok_`` before it."""

    explanation = "the id of an API token, as auth list-tokens shows it"

    def show(self, value: object) -> str:
        """Return the id with its mark."""
        return f"{MARK}{value}"


class Day(Timestamp):
    """A moment of which only the day is shown; none is never."""

    def show(self, value: object) -> str:
        """Return the day, as in 2026-11-21, or never."""
        return "never" if value is None else str(value)[:10]


CREATED = View(
    columns(Column("id", kind=MarkedId()), "name", "token"),
    sentence=f"Token created.\nID: {MARK}{{id}}\nName: {{name}}\nToken: {{token}}\n"
    "Save this token — it will not be shown again.\nTo use it: vigocli auth set-token {token}",
)
LIST = View(
    (
        Column("id", "ID", MarkedId()),
        Column("name", "NAME"),
        Column("prefix", "PREFIX"),
        Column("created", "CREATED", Day()),
        Column("expiry_date", "EXPIRES", Day()),
    ),
    layout="columns",
    more=("owner", "state", "is_emergency"),
)
REVOKED = View((Column("id", kind=MarkedId()),), sentence=f"Token {MARK}{{id}} has been revoked.")
RECORDED = View(
    columns("reason", Column("id", kind=MarkedId()), "token", "expiry_date"),
    # With a grant there is no such field, so all fields are shown.
    sentence="Recorded in the audit trail as {recorded}: {reason}",
    layout="vertical",
)
STORED = View(
    columns("server", "kept", "id", "user", "expiry_date"),
    sentence="The token is stored {kept} and is used at {server} from now on.",
)
STATUS = View(columns("server", "kept", "validity", "id", "name", "user", "expiry_date", "checked"), layout="vertical")
OTHER_PROJECT = "other_project"
"""How a server says that a token is good, but not for this directory's project."""
CLEARED = View(columns("server"), sentence="The token stored for {server} has been removed.")


@command("auth set-token", view=STORED, examples=("auth set-token", "auth set-token --file", "auth set-token <token>"))
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
    from vshell.terminal import process

    url = session.client.url
    if not file:
        try:
            keyring_store.check()
        except keyring_store.NoKeyringError as trouble:
            raise StoredToken.no_keyring(trouble) from None
    credential = identity.read_token_argument(session.read_token() if token is None else token, sys.stdin)
    secret = str(credential.token)
    if any(secret in argument for argument in sys.argv):
        process.hide_argument(secret)
        session.out.note(
            "A token on the command line can be seen by everybody on this machine, and stays in your shell's history; "
            "leave it out to be asked, or give it on standard input."
        )
    try:
        known = _ask_about(session, secret)
    except Unreachable:
        known = {}
        session.out.note(f"{url} does not answer, so the token has not been checked.")
    stored = StoredToken(url, "file" if file else "keyring", os.environ, known)
    stored.write(secret)
    _continue_with(session, stored.read())
    return {"server": url, "kept": stored.place, **_select_facts(known)}


@command("auth status", view=STATUS, examples=("auth status",))
def status(session: Session, /) -> object:
    """Show the token that is stored for this server, and whether it is valid.

    The server is asked. When it does not answer, what it said last is shown, and that it is no more than that.
    The token itself is never shown.
    """
    url = session.client.url
    stored = find_token(url, os.environ)
    credential = stored.read() if stored else None
    if stored is None or credential is None:
        current = session.client.credential
        here = f"None is needed here: you are signed in by {current.source}." if current else None
        raise Failed(f"No token is stored for {url}.", here or "Store one with: auth set-token")
    shown: dict[str, Any] = {"server": url, "kept": stored.place}
    try:
        known = _ask_about(session, str(credential.token))
    except Unreachable as trouble:
        end = stored.known.get("expiry_date")
        guess = "expired" if isinstance(end, str) and end <= _format_now() else "unknown"
        shown |= {"validity": guess, **_select_facts(stored.known), "checked": stored.known.get("checked")}
        sentence = f"{trouble.sentence} What is shown is what was known of the token before."
        return Alarming(shown, Unreachable(sentence, trouble.hint))
    except NotAllowed as trouble:
        shown |= {"validity": "invalid", **_select_facts(stored.known), "checked": _format_now()}
        return Alarming(shown, trouble)
    stored.remember(known)
    return {**shown, "validity": "valid", **_select_facts(known), "checked": known["checked"]}


@command("auth clear", view=CLEARED, examples=("auth clear",))
def clear(session: Session, /) -> object:
    """Remove the token that is stored for this server; at the server it stays what it is."""
    is_used = False
    url = session.client.url
    stored = find_token(url, os.environ)
    if stored is None:
        raise Failed(f"No token is stored for {url}, so there is nothing to remove.", "See: auth status")
    with suppress(NotAllowed):  # One that cannot be read is none that is used, and is removed all the same.
        current = session.client.credential
        own = stored.read()
        is_used = own is not None and current is not None and current.token == own.token
    stored.forget()
    if is_used:
        link = connect.sign_target(session.client.target, connect.ConnectOptions(), os.environ)
        session.client.use(link.credential, link.session_store)
        session.names.invalidate()
    return {"server": url}


@command(
    "auth create-token",
    view=CREATED,
    examples=(
        'auth create-token --name "ci-automation" --expires-in "720h"',
        'auth create-token --name "ci-automation" --user dan',
    ),
    changes=True,
)
def create_token(
    session: Session,
    /,
    *,
    name: Annotated[str | None, Text("NAME"), "Gives the token a descriptive name."] = None,
    expires_in: Annotated[
        str | None, GoDuration("DURATION"), "Sets after how long it expires, such as 720h; never if not given."
    ] = None,
    user: Annotated[
        str | None, ManagerName("USER"), "Names its owner; required on the server's own host, for local-admin alone."
    ] = None,
) -> object:
    """Create a new API token on the server; it is shown once and cannot be retrieved again.

    The token belongs to you and carries your role and permissions, looked up whenever it is used. On the
    server's own host you are local-admin, who is no web user: there name the owner with --user. Nobody else can
    make a token for somebody else in this way; see "apitoken create".

    With password expiration enabled, tokens end after that time unless --expires-in ends them sooner.
    """
    return session.client.request("POST", "/own-tokens/", drop_none(name=name, expires_in=expires_in, owner=user))


@command("auth list-tokens", view=LIST, examples=("auth list-tokens", "auth list-tokens --output json"))
def list_tokens(session: Session, /) -> object:
    """List your API tokens on the server: ID, name, prefix, creation date and expiry.

    The prefix is how the token begins; it is no secret. On the server's own host all tokens are listed.
    """
    return session.client.request("GET", "/own-tokens/")


@command(
    "auth revoke-token",
    view=REVOKED,
    examples=("auth revoke-token tok_428BFekp",),
    changes=True,
    confirm="Revoke {id}? Programs that use it, or what descends from it, lose access at once.",
)
def revoke_token(session: Session, id_: Annotated[str, MarkedId(), "Specifies the token to revoke."], /) -> object:
    """Revoke an API token by its ID; it is invalid from this moment on, and so is all that was made with it."""
    end_token(session, f"/apitokens/{id_}/revoke/", id_)
    return {"id": id_}


@command(
    "auth emergency-access",
    view=RECORDED,
    examples=(
        'auth emergency-access --reason "OIDC provider outage, reviewing compliance status"',
        'auth emergency-access --reason "locked out of the identity provider" --grant 1h',
    ),
    changes=True,
)
def emergency_access(
    session: Session,
    /,
    *,
    reason: Annotated[str, Text("TEXT"), "Says why, in one line; it is kept in the audit trail."],
    grant: Annotated[
        str | None, GoDuration("DURATION"), "Makes a token for you that ends by itself after this time, 24h at most."
    ] = None,
) -> object:
    """Record an emergency access event in the tamper-evident audit trail (HIPAA 164.312(a)(2)(ii)).

    Use it when invoking break-glass procedures, such as during an outage of the identity provider, a locked
    account, or incident response. It takes an administrator. The event stands in the hash chain as
    emergency.access, with who, from where and why, and cannot be changed afterwards.

    The token of --grant carries your own rights and is not counted by the quota. It is called EMERGENCY ACCESS
    in every list, its end cannot be moved, and the reason stands in the audit record of all that is done with
    it.
    """
    answer = session.client.request("POST", "/emergency-access/", drop_none(reason=reason, grant=grant))
    if grant is None and isinstance(answer, Mapping):
        return {**answer, "recorded": "emergency.access"}
    return answer


def _ask_about(session: Session, token: str) -> dict[str, Any]:
    """Ask the server what a token is; raises Unreachable without an answer, NotAllowed when it is not live."""
    place = session.client.target
    signed = place._replace(credential=Credential("the stored token", token=token), session_store=None)
    try:
        with closing(HttpClient(TargetFinder(lambda: signed), timeout=session.client.timeout)) as client:
            answer = client.get_object("/apitokens/self/")
    except NotAllowed as refusal:
        if not identity.may_carry_secrets(place.url) or refusal.code == OTHER_PROJECT:
            raise
        raise NotAllowed(
            "The server does not take this token: it is revoked, expired, used up, or not one of its own.",
            "Check that it is whole and for this server: server list",
        ) from None
    if not answer:
        raise Failed("The server did not say what the token is.", "Check the address with: server list")
    return {**_select_facts(flatten_token(answer)), "checked": _format_now()}


def _select_facts(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return those facts about a token that may be shown and stored."""
    return {name: known.get(name) for name in ("id", "name", "user", "expiry_date")}


def _format_now() -> str:
    """Return this moment as the server writes one."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _continue_with(session: Session, stored: Credential | None) -> None:
    """Go on by the token just stored, unless a session or VSHELL_TOKEN goes before it, which is said."""
    with suppress(NotAllowed):  # Whoever cannot be found is not who we are.
        current = session.client.credential
        if current is not None and current.refresh is not None:
            session.out.note(f"You stay signed in as {current.username} until: logout")
            return
    if os.environ.get("VSHELL_TOKEN"):
        session.out.note("VSHELL_TOKEN is set: in later shells it goes before this token.")
    session.client.use(stored)
    session.names.invalidate()
