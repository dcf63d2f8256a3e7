"""Renewal and revocation of tokens, alike for every front door."""

from collections.abc import Mapping

from server_stub.domain.accounts import permissions
from server_stub.domain.base.errors import Conflict, Invalid
from server_stub.domain.devices import terminals
from server_stub.domain.tokens import expiry
from server_stub.domain.tokens import issuance_rules as rules
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import issuing
from server_stub.operations.context import WriteContext
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store


def renew_token(context: WriteContext, token: Token, increment: int | None, longest_grant: int | None = None) -> int:
    """Renew a live token and its bounds on others; return its new end. The front door records it.

    ``longest_grant`` is Vault's maximum lease (see ``expiry``), which bounds the tokens of its door; others are renewed
    by no more than they were made with, unless the actor may modify them.
    """
    is_bounded = longest_grant is None and not permissions.is_allowed(context.actor, "edit", "apitoken")
    if increment is not None and is_bounded:
        increment = expiry.earliest(increment, expiry.longest_increment(token))
    parent = None if token.parent_id is None else token_store.find(context.tx, token.parent_id)
    limit = setting_store.load(context.tx).longest_token_lifetime
    parent_end = parent.expires_at if parent else None
    end = expiry.renew(token, context.now, increment, limit, parent_end, longest_grant)
    token_store.renew(context.tx, token.id, end, increment)
    token_store.clamp_descendants(context.tx, token.id, end)
    return end


def revoke_alone(context: WriteContext, token: Token, detail: Mapping[str, str] | None = None) -> int:
    """Revoke a token, make its children orphans, and record it; return how many died, which is one at most."""
    end = rules.freed_end(token, issuing.find_maker(context))
    freed = token_store.free_children(context.tx, token.id, end)
    revoked = token_store.revoke(context.tx, token.id)
    context.record(token.id, {"owner": token.owner, "freed": freed, **(detail or {})})
    return revoked


def revoke_path(context: WriteContext, prefix: str) -> int:
    """Revoke by the path; a caller never cuts off the branch they sit on. Return how many died."""
    permissions.require(context.actor, "delete", "apitoken")
    path = prefix.strip("/")
    if not path:
        raise Invalid("the prefix is empty", "Name a path, as in auth/token/create.")
    if context.actor.token_id is not None and token_store.is_made_below(context.tx, path, context.actor.token_id):
        raise Conflict(
            "the token that asks was made at this path and would be revoked too",
            "Ask with another token, or as local-admin on the server's own host.",
        )
    revoked = token_store.revoke_path(context.tx, path)
    context.record(path, {"revoked": revoked})
    return revoked


def require_terminal(context: WriteContext, token: Token) -> dict[str, str]:
    """Raise Forbidden unless a token may be revoked from here; return what the audit record says of it."""
    actor = context.actor
    if token.terminal_key is None or actor.token_id == token.id:
        return {}
    if terminals.has_signed(token.terminal_key, context.header(terminals.HEADER), token.id, context.now):
        return {"terminal": "the same"}
    if permissions.is_allowed(actor, "delete", "apitoken"):
        return {"terminal": "another, overridden by delete_security"}
    raise terminals.elsewhere(token.meta.get("host", ""))
