"""The signed checkpoints of the chain, and the public keys that sign them.

Of several checkpoints of the same size the first and the last are kept: a quiet year is two rows.
"""

from contextlib import closing

from server_stub.domain.accounts.permissions import LOCAL_ADMIN
from server_stub.domain.audit.chain import Draft
from server_stub.domain.audit.checkpoints import Checkpoint
from server_stub.store import Reads, Transaction, clock
from server_stub.store.audit import append, hold_head
from server_stub.store.engine.connection import Engine, open_transaction

_SELECT = "SELECT number, size, at, note FROM audit_checkpoints"


def last(tx: Reads) -> Checkpoint | None:
    """Return the newest checkpoint."""
    rows = tx.rows(f"{_SELECT} ORDER BY number DESC LIMIT 1")
    return Checkpoint(*rows[0]) if rows else None


def last_link(tx: Reads) -> Checkpoint | None:
    """Return the checkpoint that the next one refers to: the first of the largest size."""
    rows = tx.rows(f"{_SELECT} ORDER BY size DESC, number LIMIT 1")
    return Checkpoint(*rows[0]) if rows else None


def keep(tx: Transaction, size: int, at: int, note: str) -> Checkpoint:
    """Keep a new checkpoint, in place of the newest when that said the same and was not the first to say so."""
    newest, link = last(tx), last_link(tx)
    if newest is not None and link is not None and newest.size == size and newest.number != link.number:
        tx.change("DELETE FROM audit_checkpoints WHERE number = :number", {"number": newest.number})
    made = Checkpoint(newest.number + 1 if newest else 1, size, at, note)
    tx.change(
        "INSERT INTO audit_checkpoints (number, size, at, note) VALUES (:number, :size, :at, :note)",
        {"number": made.number, "size": size, "at": at, "note": note},
    )
    return made


def between(tx: Reads, after_size: int, to_size: int, to_number: int) -> list[Checkpoint]:
    """Return the checkpoints of sizes beyond one and up to another, up to a number, in order."""
    rows = tx.rows(
        f"{_SELECT} WHERE size > :after AND size <= :size AND number <= :number ORDER BY number",
        {"after": after_size, "size": to_size, "number": to_number},
    )
    return [Checkpoint(*row) for row in rows]


def following(tx: Reads, number: int, count: int) -> list[Checkpoint]:
    """Return up to `count` checkpoints behind a number, in order."""
    rows = tx.rows(f"{_SELECT} WHERE number > :number ORDER BY number LIMIT :count", {"number": number, "count": count})
    return [Checkpoint(*row) for row in rows]


def keys(tx: Reads) -> list[str]:
    """Return the public keys of this chain, the oldest first."""
    return [row[0] for row in tx.rows("SELECT verifier FROM audit_keys ORDER BY added_at, verifier")]


def add_key(tx: Transaction, verifier: str) -> bool:
    """Keep a public key, and tell whether it is new."""
    if verifier in keys(tx):
        return False
    tx.change(
        "INSERT INTO audit_keys (verifier, added_at) VALUES (:verifier, :at)", {"verifier": verifier, "at": tx.now}
    )
    return True


def introduce(engine: Engine, verifier: str) -> None:
    """Make a server's public key known in its database, with a record in the chain, unless it is known already."""
    with closing(engine.connect()) as connection, open_transaction(connection):
        end = hold_head(connection)
        tx = Transaction(connection, clock())
        if add_key(tx, verifier):
            key_id = verifier.split("+")[1]
            draft = Draft(tx.now, LOCAL_ADMIN, "local", "", "audit.key", key_id, detail={"verifier": verifier})
            append(connection, end, [draft])
