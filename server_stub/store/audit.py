"""The audit chain in the database: its end, which every writer holds, and the records behind it."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from server_stub.domain.audit import chain
from server_stub.store.engine.connection import Connection

_COLUMNS = ("seq", "at", "actor", "auth_method", "source", "action", "target", "outcome", "detail", "prev_hash", "hash")
_values = operator.attrgetter(*_COLUMNS)
_INSERT = f"INSERT INTO audit ({', '.join(_COLUMNS)}) VALUES (:{', :'.join(_COLUMNS)})"


@dataclass(frozen=True, slots=True)
class Head:
    """The last record of the chain: its number and its hash (the genesis before the first)."""

    seq: int
    hash: str


def begin_chain(connection: Connection, server_id: str) -> None:
    """Write the genesis of a new server."""
    connection.rows(
        "INSERT INTO audit_head (server_id, seq, hash) VALUES (:server_id, 0, :hash)",
        {"server_id": server_id, "hash": chain.genesis(server_id)},
    )


def server_id(connection: Connection) -> str | None:
    """Return the id of the server that this database belongs to, None in a new one."""
    found = connection.rows("SELECT server_id FROM audit_head")
    return found[0][0] if found else None


def hold_head(connection: Connection) -> Head:
    """Take the end of the chain until the commit: this puts the writers of all processes in one order."""
    return Head(*connection.rows("UPDATE audit_head SET seq = seq RETURNING seq, hash")[0])


def append(connection: Connection, head: Head, drafts: Sequence[chain.Draft]) -> None:
    """Chain the drafts behind the head and move it."""
    if not drafts:
        return
    rows = []
    seq, last = head.seq, head.hash
    for note in drafts:
        seq += 1
        detail = chain.detail_text(note.detail)
        record = chain.chain(last, note, seq, detail)
        last = record.hash
        rows.append(dict(zip(_COLUMNS, _values(record), strict=True)) | {"detail": detail})
    connection.many(_INSERT, rows)
    connection.rows("UPDATE audit_head SET seq = :seq, hash = :hash", {"seq": seq, "hash": last})
