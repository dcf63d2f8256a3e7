"""The answers that are kept for clients who may have lost them (see ``idempotency``)."""

from dataclasses import asdict

from server_stub.domain.access import idempotency
from server_stub.domain.access.idempotency import StoredAnswer
from server_stub.store import Reads, Transaction

PRUNED_EVERY = 64
"""With how many new ones the old are thrown away: a delete for each would cost more than it frees."""


def find(tx: Reads, key_digest: bytes) -> StoredAnswer | None:
    """Return what is kept for a key."""
    rows = tx.rows(
        "SELECT key_digest, request_mark, answer, created_at FROM idempotency_keys WHERE key_digest = :digest",
        {"digest": key_digest},
    )
    return StoredAnswer(*rows[0]) if rows else None


def insert(tx: Transaction, stored: StoredAnswer) -> None:
    """Keep an answer, and throw those away that have had their time.

    Writers are in one order (see ``writer``), so the next number is free.
    """
    seq = 1 + int(tx.rows("SELECT coalesce(max(seq), 0) FROM idempotency_keys")[0][0])
    tx.change(
        "INSERT INTO idempotency_keys (key_digest, seq, request_mark, answer, created_at)"
        " VALUES (:key_digest, :seq, :request_mark, :answer, :created_at)",
        {**asdict(stored), "seq": seq},
    )
    if seq % PRUNED_EVERY == 0:
        tx.change("DELETE FROM idempotency_keys WHERE seq <= :last", {"last": seq - idempotency.MOST_STORED})
        old = idempotency.oldest(stored.created_at)
        tx.change("DELETE FROM idempotency_keys WHERE created_at < :old AND seq < :seq", {"old": old, "seq": seq})
