"""Sign-ins in the database: tokens of the kinds `refresh` and, as its children, `session`."""

from server_stub.store import Transaction

_ENDED = (
    "DELETE FROM tokens WHERE owner_id = :owner_id AND kind = :kind "
    "AND (revoked_at IS NOT NULL OR expires_at <= :now) "
    "AND NOT EXISTS (SELECT 1 FROM tokens AS child WHERE child.parent_id = tokens.id)"
)


def forget_ended(tx: Transaction, owner_id: int) -> None:
    """Remove an owner's sign-ins that have ended, so that they do not pile up; one that made a token stays."""
    for kind in ("session", "refresh"):
        tx.change(_ENDED, {"owner_id": owner_id, "kind": kind, "now": tx.now})
