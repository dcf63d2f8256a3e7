"""Tokens as Vault's clients name them: by the whole string, by the accessor, or as the caller's own.

Vault answers a caller who may not ask about others the same for a token that is there and for one that is not; so do
these: without the right, and unless the token is the caller's own, they raise Forbidden before anything is told.
"""

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Action
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import NotFound
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import ReadContext
from server_stub.store import managers as manager_store
from server_stub.store import tokens as token_store
from server_stub.web.vault import dialect

LOCAL_ADMIN_PATH = "auth/token/root"


def find_by_text(context: ReadContext, text: str, action: Action, refresh: bool = False) -> Token | None:
    """Return the token that a string is, dead or alive; raise Forbidden when the caller may not know.

    Unless ``refresh`` ones are meant too, a sign-in's refresh token is none.
    """
    presented = token_format.parse_any(text.strip())
    if presented is not None and token_format.same(
        presented.digest, token_format.digest(dialect.find_token_text(context.header))
    ):
        return find_own(context)
    token = token_store.find(context.tx, presented.id) if presented else None
    if token is not None and presented is not None and not tokens.accepts(token, presented.digest, context.now):
        token = None
    return _require_allowed(context, token, action, refresh)


def find_by_accessor(context: ReadContext, accessor: str, action: Action) -> Token | None:
    """Return the token with an accessor, dead or alive; raise Forbidden when the caller may not know."""
    if accessor == context.actor.token_id:
        return find_own(context)
    return _require_allowed(
        context, token_store.find(context.tx, accessor) if token_format.is_id(accessor) else None, action
    )


def _require_allowed(context: ReadContext, token: Token | None, action: Action, refresh: bool = False) -> Token | None:
    found = token if token is not None and (refresh or token.kind != "refresh") else None
    actor = context.actor
    if found is None or not permissions.is_own_token(actor, found.owner_id, found.id, found.parent_id):
        permissions.require(actor, action, "apitoken")
    return found


def find_own(context: ReadContext) -> Token:
    """Return the token that the caller was let in by; local-admin's is written here, for it has no record."""
    actor = context.actor
    if actor.token_id is None:
        raise NotFound("the caller shows no token")
    if context.token is not None:
        return context.token
    root = manager_store.find_by_name(context.tx, "root")
    if root is None:
        raise AssertionError("built-in managers are never deleted")
    return Token(
        id=actor.token_id,
        digest=b"",
        kind="api",
        owner_id=root.id,
        owner=root.username,
        name="root",
        created_at=token_format.made_at(actor.token_id),
        renewable=False,
        path=LOCAL_ADMIN_PATH,
    )


def require_live(context: ReadContext, token: Token | None) -> Token:
    """Return a token that is alive; raise NotFound for none and for a dead one.

    The caller's own is alive, also when this request has taken its last use.
    """
    if token is None or (token.id != context.actor.token_id and tokens.state(token, context.now) != "live"):
        raise NotFound("there is no such token")
    return token
