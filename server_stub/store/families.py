"""Families of tokens: what descends from what, revoked and clamped together in one statement.

The recursion is the database's, so a chain of 10,000 and a fan of 100,000 take no stack of ours.
"""

from server_stub.domain.tokens.tokens import Token
from server_stub.store import Reads, Transaction
from server_stub.store.engine.row_mapping import beyond
from server_stub.store.tokens import SELECT, load

LARGEST_DRAWING = 10_000

_LIVE = " AND tokens.revoked_at IS NULL"
_AT_PATH = "path = :path OR (path > :below AND path < :beyond)"
_FAMILY = (
    "WITH RECURSIVE family (id) AS (SELECT id FROM tokens WHERE {roots} "
    "UNION SELECT tokens.id FROM tokens JOIN family ON tokens.parent_id = family.id) "
)


def revoke(tx: Transaction, token_id: str) -> int:
    """Revoke a token and all its descendants that are not revoked yet; return how many."""
    return _revoke(tx, "id = :id", {"id": token_id})


def revoke_path(tx: Transaction, path: str) -> int:
    """Revoke every token made at a path or below it, with all their descendants; return how many."""
    return _revoke(tx, _AT_PATH, _below(path))


def _revoke(tx: Transaction, roots: str, values: dict[str, object]) -> int:
    return tx.change(
        _FAMILY.format(roots=roots)
        + "UPDATE tokens SET revoked_at = :now WHERE revoked_at IS NULL AND id IN (SELECT id FROM family)",
        {**values, "now": tx.now},
    )


def _below(path: str) -> dict[str, object]:
    return {"path": path, "below": path + "/", "beyond": beyond(path + "/")}


def remove_all(tx: Transaction, owner_id: int) -> int:
    """Revoke an owner's tokens with all their descendants and remove the owner's own; return how many died.

    What descends from them and belongs to others stays in the archive, as orphans.
    """
    revoked = _revoke(tx, "owner_id = :owner_id", {"owner_id": owner_id})
    tx.change(
        "UPDATE tokens SET parent_id = NULL WHERE owner_id <> :owner_id "
        "AND parent_id IN (SELECT id FROM tokens WHERE owner_id = :owner_id)",
        {"owner_id": owner_id},
    )
    tx.change("DELETE FROM tokens WHERE owner_id = :owner_id", {"owner_id": owner_id})
    return revoked


def free_children(tx: Transaction, token_id: str, end: int | None) -> int:
    """Make a token's children orphans, roots of their own families, and `end` their hard end; return how many."""
    if end is not None:
        tx.change(
            "UPDATE tokens SET max_expires_at = :end "
            "WHERE parent_id = :id AND (max_expires_at IS NULL OR max_expires_at > :end)",
            {"id": token_id, "end": end},
        )
    return tx.change("UPDATE tokens SET parent_id = NULL WHERE parent_id = :id", {"id": token_id})


def clamp(tx: Transaction, token_id: str, expires_at: int) -> int:
    """Bring the ends of a token's descendants to its own, where they lie later; return how many were moved."""
    return tx.change(
        _FAMILY.format(roots="parent_id = :id")
        + "UPDATE tokens SET expires_at = :expires_at WHERE id IN (SELECT id FROM family) "
        "AND (expires_at IS NULL OR expires_at > :expires_at)",
        {"id": token_id, "expires_at": expires_at},
    )


def holds(tx: Reads, path: str, token_id: str) -> bool:
    """Tell whether a token was made at a path or below it, or descends from one that was."""
    rows = tx.rows(
        _FAMILY.format(roots=_AT_PATH) + "SELECT 1 FROM family WHERE id = :id",
        {**_below(path), "id": token_id},
    )
    return bool(rows)


def descendants(tx: Reads, token_id: str, archived: bool = False) -> list[Token]:
    """Return a token and what descends from it, at most 10,000, parents before their children."""
    return _members(tx, "id = :id", {"id": token_id}, "" if archived else _LIVE)


def made_at(tx: Reads, path: str) -> list[Token]:
    """Return the live tokens made at a path or below it and what descends from them, at most 10,000."""
    return _members(tx, _AT_PATH, _below(path))


def forest(tx: Reads, owner_id: int | None) -> list[Token]:
    """Return the live tokens of an owner, None for everybody's, and what descends from them, at most 10,000."""
    roots = "parent_id IS NULL" if owner_id is None else "owner_id = :owner_id"
    return _members(tx, roots, {"owner_id": owner_id}, f"{_LIVE} AND tokens.kind IN ('api', 'device')")


def _members(tx: Reads, roots: str, values: dict[str, object], condition: str = _LIVE) -> list[Token]:
    rows = tx.rows(
        _FAMILY.format(roots=roots)
        + f"{SELECT} WHERE tokens.id IN (SELECT id FROM family){condition} ORDER BY tokens.id LIMIT :most",
        {**values, "most": LARGEST_DRAWING},
    )
    return [load(row) for row in rows]
