"""Sign-ins by password: checked, opened and found alike at every front door.

A sign-in is a token of the kind session; the native one has another above it, the refresh token, which is good for
nothing but new sessions.
"""

from collections.abc import Mapping
from typing import Any, Literal

from server_stub.domain import settings
from server_stub.domain.accounts import managers
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base import token_format
from server_stub.domain.tokens import expiry, tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import ReadContext, SignedIn, WriteContext, wrong_credential
from server_stub.operations.issuing import Made, mint
from server_stub.operations.passwords import confirm_manager
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store

Shape = Literal["refreshed", "renewable", "sliding"]
"""How a sign-in goes on: by a refresh token above its sessions, by being renewed, by each use of it."""


def check_sign_in(context: ReadContext, username: str, password: str) -> SignedIn:
    """Check a password; slow, and counted when it is wrong. Raise Unauthenticated also for one that has ended."""
    signed_in = context.server.check_password(username, password, context.source)
    managers.require_usable_password(signed_in.state)
    return signed_in


def open_session(
    context: WriteContext, checked: SignedIn, shape: Shape, detail: Mapping[str, Any] | None = None
) -> tuple[Made, Made]:
    """Sign a manager in whose password was checked; return the token that the sign-in ends with, and its session.

    They are one but with a refresh token. Without it the session ends for good when that would; a sliding one ends
    with the password, too.
    """
    tx, manager = context.tx, confirm_manager(context.tx, checked)
    stored = setting_store.load(tx)
    token_store.delete_ended_sessions(tx, manager.id)
    length = settings.access_lifetime(stored.server)
    ends_at, hard_end = tx.now + length, tx.now + settings.refresh_lifetime(stored.server)
    if shape == "refreshed":
        root = create_token(context, manager, "refresh", hard_end)
        session = create_token(context, manager, "session", ends_at, parent_id=root.token.id)
        detail = {"refresh": root.token.id}
    elif shape == "renewable":
        root = session = create_token(context, manager, "session", ends_at, hard_end)
    else:
        hard_end = expiry.earliest(hard_end, managers.password_ends_at(stored.passwords, manager)) or tx.now
        root = session = create_token(context, manager, "session", min(ends_at, hard_end), hard_end, length)
    manager_store.note_sign_in(tx, manager.id)
    context.record(session.token.id, detail, actor_of(context, manager, None, "password"))
    return root, session


def find_refresh_token(context: WriteContext, text: str) -> Token:
    """Find the live refresh token that a text is; raise Unauthenticated."""
    presented = token_format.parse(text)
    bearer = None if presented is None else token_store.bearer(context.tx, presented.id)
    if presented is None or bearer is None or not token_format.same(presented.digest, bearer.token.digest):
        raise wrong_credential()
    if bearer.token.kind != "refresh" or tokens.state(bearer.token, context.now) != "live":
        raise wrong_credential()
    return bearer.token


def create_token(
    context: WriteContext,
    owner: Manager,
    kind: tokens.Kind,
    ends_at: int,
    max_expires_at: int | None = None,
    window: int | None = None,
    parent_id: str | None = None,
) -> Made:
    """Mint and keep one of the tokens of a sign-in; with a ``window`` it slides with each use up to its hard end."""
    minted = mint(context)
    token = Token(
        id=minted.id,
        digest=minted.digest,
        kind=kind,
        owner_id=owner.id,
        owner=owner.username,
        name=f"{owner.username}_{kind}",
        created_at=context.now,
        parent_id=parent_id,
        expires_at=ends_at,
        max_expires_at=max_expires_at,
        sliding_window=window,
        first_granted=ends_at - context.now,
        granted=ends_at - context.now,
        path=f"auth/userpass/login/{owner.username}",
    )
    token_store.insert(context.tx, token)
    return Made(token, minted.token)


def actor_of(context: ReadContext, manager: Manager, token_id: str | None, method: str) -> Actor:
    """Return whom the audit record names: nobody had proved anything when this open route was asked."""
    return Actor(manager.id, manager.username, "manager", token_id, method, context.source)
