"""The records of the chain as they are read: one, a page by filters, or as the lines of an export.

What stands in the database may have been tampered with; reading it must then tell, and never fail. So an export
takes rows as they are, and gives a line that no verifier accepts for a row that cannot be a record.
"""

from dataclasses import dataclass, fields
from json import dumps
from typing import Any

from server_stub.domain.audit import chain
from server_stub.store import Reads, Row

_NAMES = tuple(field.name for field in fields(chain.Record))
_SELECT = f"SELECT {', '.join(_NAMES)} FROM audit"
_ALL_BELOW = ".*"


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
    conditions: list[str] = [bound]
    values: dict[str, Any] = {"seq": seq, "size": size}
    for name in ("actor", "target", "outcome"):
        wanted = getattr(chosen, name)
        if wanted is not None:
            conditions.append(f"{name} = :{name}")
            values[name] = wanted
    if chosen.action is not None and chosen.action.endswith(_ALL_BELOW):
        conditions.append("action >= :action AND action < :action_end")
        below = chosen.action.removesuffix("*")
        values |= {"action": below, "action_end": below.removesuffix(".") + chr(ord(".") + 1)}
    elif chosen.action is not None:
        conditions.append("action = :action")
        values["action"] = chosen.action
    if chosen.since is not None:
        conditions.append("at >= :since")
        values["since"] = chosen.since
    if chosen.until is not None:
        conditions.append("at < :until")
        values["until"] = chosen.until
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
