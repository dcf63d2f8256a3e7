"""Numbers that are given once and never again, so that no new thing inherits what named an old one."""

from server_stub.store import Transaction


def next_id(tx: Transaction, name: str) -> int:
    """Return the next number of a counter."""
    rows = tx.rows("UPDATE counters SET value = value + 1 WHERE name = :name RETURNING value", {"name": name})
    return int(rows[0][0])
