"""The audit chain in the database: its end, which every writer holds, and the records behind it.

What stands in the database may have been tampered with; reading it must then tell, and never fail. So an export
takes rows as they are, and gives a line that no verifier accepts for a row that cannot be a record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from json import dumps
from typing import Any

from server_stub.domain.audit import chain
from server_stub.store.engine.connection import Connection, Reads, Row

_COLUMNS = tuple(field.name for field in fields(chain.Record))
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM audit"
_ALL_BELOW = ".*"
_CONDITIONS = {
    **{name: f"{name} = :{name}" for name in ("actor", "target", "outcome")},
    "since": "at >= :since",
    "until": "at < :until",
}
_INSERT = f"INSERT INTO audit ({', '.join(_COLUMNS)}) VALUES (:{', :'.join(_COLUMNS)})"


Head = tuple[int, str]
"""The last record of the chain: its number and its hash (the genesis before the first)."""


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
    seq, its_hash = connection.rows("UPDATE audit_head SET seq = seq RETURNING seq, hash")[0]
    return seq, its_hash


def append(connection: Connection, head: Head, drafts: Sequence[chain.Draft]) -> None:
    """Chain the drafts behind the head and move it."""
    if not drafts:
        return
    rows = []
    last_seq, last = head
    for seq, note in enumerate(drafts, last_seq + 1):
        detail = chain.detail_text(note.detail)
        record = chain.chain(last, note, seq, detail)
        last = record.hash
        rows.append({name: getattr(record, name) for name in _COLUMNS} | {"detail": detail})
    connection.many(_INSERT, rows)
    connection.rows("UPDATE audit_head SET seq = :seq, hash = :hash", {"seq": seq, "hash": last})


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are meant; None is any. `action` may end with `.*`; times are UTC microseconds."""

    actor: str | None = None
    action: str | None = None
    target: str | None = None
    outcome: str | None = None
    since: int | None = None
    until: int | None = None


def head(tx: Reads) -> tuple[str, int, str]:
    """Return the server's id, and the number and the hash of the last record."""
    server_id, seq, its_hash = tx.rows("SELECT server_id, seq, hash FROM audit_head")[0]
    return str(server_id), int(seq), str(its_hash)


def hash_at(tx: Reads, seq: int) -> str | None:
    """Return the hash that a record has, None when there is none."""
    rows = tx.rows("SELECT hash FROM audit WHERE seq = :seq", {"seq": seq})
    return str(rows[0][0]) if rows else None


def left_at(tx: Reads, username: str) -> int:
    """Return when a manager last ceased to bear a name, by another name or by removal; 0 for never."""
    rows = tx.rows(
        "SELECT MAX(at) FROM audit WHERE target = :name AND outcome = 'done' "
        "AND (action = 'manager.delete' OR (action = 'manager.modify' AND detail LIKE :renamed))",
        {"name": username, "renamed": '%"username":%'},
    )
    return int(rows[0][0] or 0)


def find(tx: Reads, seq: int) -> chain.Record | None:
    """Return one record."""
    rows = tx.rows(f"{_SELECT} WHERE seq = :seq", {"seq": seq})
    return _record(rows[0]) if rows else None


def oldest(tx: Reads, chosen: Filter, size: int, from_seq: int) -> list[chain.Record]:
    """Return up to ``size`` records from a number on, in order."""
    return _page(tx, chosen, "seq >= :seq", "seq", from_seq, size)


def newest(tx: Reads, chosen: Filter, size: int, before: int) -> list[chain.Record]:
    """Return up to ``size`` records below a number, the newest first."""
    return _page(tx, chosen, "seq < :seq", "seq DESC", before, size)


def lines(tx: Reads, after: int, until: int, count: int) -> list[tuple[int, str]]:
    """Return the numbers and export lines of up to ``count`` rows behind a number, up to another."""
    rows = tx.rows(
        f"{_SELECT} WHERE seq > :after AND seq <= :until ORDER BY seq LIMIT :count",
        {"after": after, "until": until, "count": count},
    )
    return [(row[0], _line(row)) for row in rows]


def _page(tx: Reads, chosen: Filter, bound: str, order: str, seq: int, size: int) -> list[chain.Record]:
    chosen_values = {name: getattr(chosen, name) for name in _CONDITIONS}
    values: dict[str, Any] = {name: value for name, value in chosen_values.items() if value is not None}
    conditions = [bound, *(_CONDITIONS[name] for name in values)]
    action = chosen.action
    if action is not None and action.endswith(_ALL_BELOW):
        conditions.append("action >= :action AND action < :action_end")
        below = action.removesuffix("*")
        values |= {"action": below, "action_end": below.removesuffix(".") + chr(ord(".") + 1)}
    elif action is not None:
        conditions.append("action = :action")
        values["action"] = action
    values |= {"seq": seq, "size": size}
    rows = tx.rows(f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :size", values)
    return [_record(row) for row in rows]


def _record(row: Row) -> chain.Record:
    """Make a record of a row; a detail that was tampered with is shown as a text, for the reader to see."""
    seq, at, actor, method, source, action, target, outcome, detail, prev_hash, its_hash = row
    try:
        shown: Any = chain.read_detail(detail)
    except ValueError:
        shown = {"unreadable": str(detail)}
    return chain.Record(seq, at, actor, method, source, action, target, outcome, shown, prev_hash, its_hash)


def _line(row: Row) -> str:
    record = chain.Record(*row)
    try:
        return chain.line(record, str(record.detail))
    except (ValueError, TypeError, OverflowError, AttributeError):
        return dumps({"unreadable": row[0]})
