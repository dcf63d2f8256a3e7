"""The projects that tokens are for; a project is nothing but its name."""

from server_stub.store import Reads


def of_owner(tx: Reads, owner_id: int) -> list[str]:
    """Return the projects of an owner's tokens that are not revoked, in order."""
    rows = tx.rows(
        "SELECT DISTINCT project FROM tokens WHERE owner_id = :owner_id AND revoked_at IS NULL AND project IS NOT NULL",
        {"owner_id": owner_id},
    )
    return sorted(row[0] for row in rows)
