"""Passwords in the database: only their hashes, the present one beside the manager, old ones as long as they count."""

from server_stub.store import Reads, Transaction


def old_hashes(tx: Reads, manager_id: int, depth: int) -> list[str]:
    """Return the hashes of the latest ``depth`` passwords of a manager, the present one included, newest first."""
    rows = tx.rows(
        "SELECT password_hash FROM password_history WHERE manager_id = :manager_id ORDER BY set_at DESC LIMIT :depth",
        {"manager_id": manager_id, "depth": depth},
    )
    return [row[0] for row in rows]


def set_password(tx: Transaction, manager_id: int, password_hash: str, temporary: bool, depth: int) -> None:
    """Give a manager a new password, and keep the latest ``depth`` hashes for comparison with later ones."""
    values = {"manager_id": manager_id, "password_hash": password_hash, "now": tx.now}
    tx.change(
        "UPDATE managers SET password_hash = :password_hash, password_set_at = :now, password_temporary = :temporary "
        "WHERE id = :manager_id",
        {**values, "temporary": int(temporary)},
    )
    tx.change(
        "INSERT INTO password_history (manager_id, set_at, password_hash) VALUES (:manager_id, :now, :password_hash) "
        "ON CONFLICT (manager_id, set_at) DO UPDATE SET password_hash = excluded.password_hash",
        values,
    )
    tx.change(
        "DELETE FROM password_history WHERE manager_id = :manager_id AND set_at NOT IN "
        "(SELECT set_at FROM password_history WHERE manager_id = :manager_id ORDER BY set_at DESC LIMIT :depth)",
        {"manager_id": manager_id, "depth": depth},
    )
