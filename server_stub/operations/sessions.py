"""Sign-ins by password: what every front door does to open and to find one.

A sign-in is a token of the kind session; the native one has another above it, the refresh token, which is good for
nothing but new sessions.
"""

from server_stub.domain.accounts.managers import Manager
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base import token_format
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.operations.credentials import wrong
from server_stub.operations.issuing import Made, mint
from server_stub.operations.password_check import SignedIn
from server_stub.store import managers as manager_store
from server_stub.store import tokens as token_store


def confirm_manager(context: WriteContext, checked: SignedIn) -> Manager:
    """Return the manager whose password was checked, if it still is theirs; raise Unauthenticated."""
    manager = manager_store.find(context.tx, checked.manager.id)
    if manager is None or not manager.enabled or manager.password_hash != checked.manager.password_hash:
        raise wrong()
    return manager


def find_refresh_token(context: WriteContext, text: str) -> Token:
    """Find the live refresh token that a text is; raise Unauthenticated."""
    presented = token_format.parse(text)
    bearer = None if presented is None else token_store.bearer(context.tx, presented.id)
    if presented is None or bearer is None or not token_format.same(presented.digest, bearer.token.digest):
        raise wrong()
    if bearer.token.kind != "refresh" or tokens.state(bearer.token, context.now) != "live":
        raise wrong()
    return bearer.token


def create_token(
    context: WriteContext,
    owner: Manager,
    kind: tokens.Kind,
    parent_id: str | None,
    ends_at: int,
    max_expires_at: int | None = None,
    window: int | None = None,
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
