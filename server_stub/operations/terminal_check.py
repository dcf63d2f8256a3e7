"""From where a device token may be revoked: the rule of ``server_stub.domain.devices.terminals`` over a request."""

from server_stub.domain.accounts import permissions
from server_stub.domain.devices import terminals
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import WriteContext


def require(context: WriteContext, token: Token) -> dict[str, str]:
    """Raise Forbidden unless a token may be revoked from here; return what the audit record says of it."""
    actor = context.actor
    if token.terminal_key is None or actor.token_id == token.id:
        return {}
    if terminals.has_signed(token.terminal_key, context.header(terminals.HEADER), token.id, context.now):
        return {"terminal": "the same"}
    if permissions.is_allowed(actor, "delete", "apitoken"):
        return {"terminal": "another, overridden by delete_security"}
    raise terminals.elsewhere(token.meta.get("host", ""))
