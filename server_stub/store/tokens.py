"""Tokens in the database: found by id, listed by key, their families, their last use, their nodes.

A family is what descends from a token, revoked and clamped together in one statement. The recursion is the database's,
so a chain of 10,000 and a fan of 100,000 take no stack of ours.

Nodes are paths with a UUID, for the scopes of tokens to name.

Uses are noted by every request and written down once a second, sliding the ends of those that slide. What is noted and
not yet written is lost with the process, and that is no loss but of a second: a sliding token with little left is
written at once (see ``tokens.is_pressing``). A late write never revives a token.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server_stub.domain.tokens import expiry
from server_stub.domain.tokens.tokens import Node, State, Token
from server_stub.store import Reads, Row, Rows, Transaction
from server_stub.store.engine.row_mapping import Mapping, beyond

EVERY_SECONDS = 1.0

LARGEST_DRAWING = 10_000

_OWNERS = " JOIN managers ON managers.id = tokens.owner_id"
_TOKENS = Mapping(Token, "tokens", {"owner": "managers.username"}, _OWNERS)
_NODES = Mapping(Node, "nodes")

_COUNTED = "tokens.kind IN ('api', 'device')"
_LIVE = (
    f"revoked_at IS NULL AND {_COUNTED} AND (expires_at IS NULL OR expires_at > :now) "
    "AND (uses_left IS NULL OR uses_left > 0)"
)

_CONDITIONS = {
    "owner_id": "tokens.owner_id = :owner_id",
    "name": "tokens.name = :name",
    "around": "(tokens.id = :around OR tokens.parent_id = :around)",
    "parent_id": "tokens.parent_id = :parent_id",
    "policy": "tokens.policies LIKE :policy ESCAPE '!'",
    "ends_before": "tokens.expires_at < :ends_before",
    "project": "tokens.project = :project",
    "prefix": "tokens.id >= :prefix AND tokens.id < :beyond",
    "unused_since": "coalesce(tokens.last_used_at, tokens.created_at) < :unused_since",
}
_ENDED = "coalesce(tokens.expires_at <= :now, FALSE)"
_SPENT = "coalesce(tokens.uses_left <= 0, FALSE)"
_STATES: dict[State, str] = {
    "live": f"tokens.revoked_at IS NULL AND NOT {_ENDED} AND NOT {_SPENT}",
    "expired": f"tokens.revoked_at IS NULL AND {_ENDED}",
    "spent": f"tokens.revoked_at IS NULL AND NOT {_ENDED} AND {_SPENT}",
    "revoked": "tokens.revoked_at IS NOT NULL",
}
"""What `tokens.state` tells of one token, as a condition on many."""

_NOT_REVOKED = " AND tokens.revoked_at IS NULL"

_AT_PATH = "path = :path OR (path > :below AND path < :beyond)"

_FAMILY = (
    "WITH RECURSIVE family (id) AS (SELECT id FROM tokens WHERE {roots} "
    "UNION SELECT tokens.id FROM tokens JOIN family ON tokens.parent_id = family.id) "
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token as its holder shows it: the record, whether its owner may act, and by what (see `roles.grants_of`)."""

    token: Token
    owner_enabled: bool
    grants: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tokens to list; what is None does not count.

    `archived` takes revoked ones too; `around` is an id whose own token and children are meant; `policy` is a role's
    name; `prefix` is what the ids begin with; `ends_before` and `unused_since` are UTC microseconds. `state` is the one
    that a token is in at `now`, and goes before `archived`.
    """

    archived: bool = False
    owner_id: int | None = None
    name: str | None = None
    around: str | None = None
    parent_id: str | None = None
    policy: str | None = None
    project: str | None = None
    prefix: str | None = None
    ends_before: int | None = None
    unused_since: int | None = None
    state: State | None = None
    now: int = 0

    def where(self) -> tuple[str, dict[str, object]]:
        """Return the condition and its values."""
        parts = [_COUNTED] if self.archived else [_COUNTED, "tokens.revoked_at IS NULL"]
        values: dict[str, object] = {}
        if self.state is not None:
            parts, values = [_COUNTED, _STATES[self.state]], {"now": self.now}
        for name, condition in _CONDITIONS.items():
            value = getattr(self, name)
            if value is not None:
                parts.append(condition)
                values[name] = _within_list(value) if name == "policy" else value
        if self.prefix is not None:
            values["beyond"] = beyond(self.prefix)
        return " AND ".join(parts), values


def _within_list(name: str) -> str:
    """Return the pattern of a JSON list that has a name in it."""
    for letter in "!%_":
        name = name.replace(letter, "!" + letter)
    return f'%"{name}"%'


def bearer(tx: Reads, token_id: str) -> Bearer | None:
    """Find what a shown token claims to be; the caller compares the digests."""
    return tx.run_cached(_bearer, token_id)


def _bearer(tx: Rows, token_id: str) -> Bearer | None:
    """Find a bearer by one statement, for every request does this: a row for each of the owner's roles, or one."""
    rows = tx.rows(
        f"SELECT {_TOKENS.columns}, managers.enabled, managers.permissions, roles.name, roles.permissions "
        f"FROM tokens{_OWNERS} LEFT JOIN manager_roles ON manager_roles.manager_id = managers.id "
        "LEFT JOIN roles ON roles.id = manager_roles.role_id WHERE tokens.id = :id",
        {"id": token_id},
    )
    if not rows:
        return None
    enabled, own = rows[0][-4:-2]
    roles = [row[-2:] for row in rows if row[-2] is not None]
    return Bearer(_TOKENS.load(rows[0]), bool(enabled), [("", own), *roles])


def find(tx: Reads, token_id: str) -> Token | None:
    """Return a token by its id, revoked or not."""
    return _TOKENS.find(tx, "tokens.id = :id", {"id": token_id})


def exists(tx: Reads, token_id: str) -> bool:
    """Tell whether an id is taken."""
    return bool(tx.rows("SELECT 1 FROM tokens WHERE id = :id", {"id": token_id}))


def insert(tx: Transaction, token: Token) -> None:
    """Keep a new token."""
    tx.change(_TOKENS.insert, _TOKENS.values(token))


def is_scope(tx: Reads, node_uuid: str) -> bool:
    """Tell whether a token that is not revoked has a scope that names a node, there or not."""
    rows = tx.rows(
        "SELECT 1 FROM tokens WHERE revoked_at IS NULL AND scopes LIKE :scope LIMIT 1",
        {"scope": f"%node:{node_uuid}:%"},
    )
    return bool(rows)


def count_live(tx: Reads, owner_id: int) -> int:
    """Count an owner's tokens that are neither revoked nor expired and that the quota counts."""
    return _TOKENS.count(tx, f"owner_id = :owner_id AND {_LIVE}", {"owner_id": owner_id, "now": tx.now})


def live_ids(tx: Reads, owner_id: int | None = None) -> list[str]:
    """Return the ids of all live tokens that the quota counts, or of one owner's, in order."""
    where = _LIVE if owner_id is None else f"{_LIVE} AND owner_id = :owner_id"
    rows = tx.rows(f"SELECT id FROM tokens WHERE {where}", {"owner_id": owner_id, "now": tx.now})
    return sorted(row[0] for row in rows)


def count(tx: Reads, chosen: Filter) -> int:
    """Count the tokens that a filter chooses."""
    return _TOKENS.count(tx, *chosen.where())


def page(tx: Reads, chosen: Filter, size: int, after: str = "", skip: int = 0) -> list[Token]:
    """Return up to ``size`` tokens in the order of their ids, beginning behind the id ``after``."""
    where, values = chosen.where()
    if chosen.prefix is not None:
        values["prefix"] = max(chosen.prefix, after)  # Else SQLite enters the index there, and counts up to the page.
    return _TOKENS.find_all(
        tx,
        f"{where} AND tokens.id > :after ORDER BY tokens.id LIMIT :size OFFSET :skip",
        {**values, "after": after, "size": size, "skip": skip},
    )


def every(tx: Reads, chosen: Filter, size: int = 1_000) -> Iterator[Token]:
    """Return all the tokens that a filter chooses, a page at a time by key."""
    after = ""
    while found := page(tx, chosen, size, after):
        yield from found
        after = found[-1].id


def modify(tx: Transaction, token_id: str, name: str, expires_at: int | None) -> None:
    """Give a token a new name and end."""
    tx.change(
        "UPDATE tokens SET name = :name, expires_at = :expires_at WHERE id = :id",
        {"id": token_id, "name": name, "expires_at": expires_at},
    )


def move_end(tx: Transaction, token_id: str, expires_at: int) -> None:
    """Move a token's end."""
    tx.change("UPDATE tokens SET expires_at = :expires_at WHERE id = :id", {"id": token_id, "expires_at": expires_at})


def renew(tx: Transaction, token_id: str, expires_at: int, granted: int | None) -> None:
    """Move a token's end by a renewal, and keep what it was granted when that is given."""
    tx.change(
        "UPDATE tokens SET expires_at = :expires_at, granted = coalesce(:granted, granted), renewed_at = :now "
        "WHERE id = :id",
        {"id": token_id, "expires_at": expires_at, "granted": granted, "now": tx.now},
    )


def rotate(tx: Transaction, token: Token) -> None:
    """Keep a token's new digest, and the old one with its end."""
    tx.change(
        "UPDATE tokens SET digest = :digest, old_digest = :old_digest, old_digest_until = :old_digest_until "
        "WHERE id = :id",
        _TOKENS.values(token),
    )


def spend(tx: Transaction, token_id: str) -> bool:
    """Take one use of a token whose uses are limited; tell whether there was one left."""
    return bool(
        tx.change(
            "UPDATE tokens SET uses_left = uses_left - 1 "
            "WHERE id = :id AND uses_left > 0 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)",
            {"id": token_id, "now": tx.now},
        )
    )


def revoke_sessions(tx: Transaction, owner_id: int) -> int:
    """Revoke what an owner's sign-ins gave, as when their password changes; return how many."""
    return tx.change(
        "UPDATE tokens SET revoked_at = :now "
        "WHERE owner_id = :owner_id AND revoked_at IS NULL AND kind IN ('session', 'refresh')",
        {"owner_id": owner_id, "now": tx.now},
    )


def projects_of(tx: Reads, owner_id: int) -> list[str]:
    """Return the projects of an owner's tokens that are not revoked, in order."""
    rows = tx.rows(
        "SELECT DISTINCT project FROM tokens WHERE owner_id = :owner_id AND revoked_at IS NULL AND project IS NOT NULL",
        {"owner_id": owner_id},
    )
    return sorted(row[0] for row in rows)


_DELETE_ENDED = (
    "DELETE FROM tokens WHERE owner_id = :owner_id AND kind = :kind "
    "AND (revoked_at IS NOT NULL OR expires_at <= :now) "
    "AND NOT EXISTS (SELECT 1 FROM tokens AS child WHERE child.parent_id = tokens.id)"
)


def delete_ended_sessions(tx: Transaction, owner_id: int) -> None:
    """Remove an owner's sign-ins that have ended, so that they do not pile up; one that made a token stays."""
    for kind in ("session", "refresh"):
        tx.change(_DELETE_ENDED, {"owner_id": owner_id, "kind": kind, "now": tx.now})


@dataclass(frozen=True, slots=True)
class Use:
    """The last use of a token, in UTC microseconds, and whether it moves the token's end."""

    at: int
    slides: bool = False


class Uses:
    """The uses that are not yet in the database, bounded by the tokens used within a second."""

    def __init__(self) -> None:
        self._noted: dict[str, Use] = {}
        self._lock = threading.Lock()
        self._taken_at = time.monotonic()

    def note(self, token_id: str, use: Use) -> None:
        """Note that a token was used."""
        with self._lock:
            self._noted[token_id] = use

    def due(self) -> bool:
        """Tell whether a second has passed since the last writing."""
        return time.monotonic() - self._taken_at >= EVERY_SECONDS

    def take(self) -> dict[str, Use]:
        """Hand over what is noted and begin anew."""
        with self._lock:
            self._taken_at = time.monotonic()
            noted, self._noted = self._noted, {}
            return noted

    def write(self, tx: Transaction, noted: dict[str, Use]) -> None:
        """Write down uses, by token id; a revoked token keeps what it has."""
        tx.change_many(
            "UPDATE tokens SET last_used_at = :at "
            "WHERE id = :id AND revoked_at IS NULL AND coalesce(last_used_at, 0) < :at",
            [{"id": token_id, "at": noted[token_id].at} for token_id in sorted(noted)],
        )
        for token_id, use in noted.items():
            if use.slides:
                slide_end(tx, token_id, use.at)


def write_use(tx: Transaction, token_id: str) -> None:
    """Write a use of now down at once, where a token is used without being a request's credential."""
    Uses().write(tx, {token_id: Use(tx.now, slides=True)})


def slide_end(tx: Transaction, token_id: str, at: int) -> None:
    """Move a sliding token's end by a use; any other token, and one that died meanwhile, stays as it is."""
    where = "tokens.id = :id AND sliding_window IS NOT NULL AND tokens.revoked_at IS NULL"
    for token in _TOKENS.find_all(tx, where, {"id": token_id}):
        parent = find(tx, token.parent_id) if token.parent_id else None
        end = expiry.slide(token, at, parent.expires_at if parent else None)
        if end is not None and end != token.expires_at:
            move_end(tx, token.id, end)


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


def remove_owned(tx: Transaction, owner_id: int) -> int:
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


def clamp_descendants(tx: Transaction, token_id: str, expires_at: int) -> int:
    """Bring the ends of a token's descendants to its own, where they lie later; return how many were moved."""
    return tx.change(
        _FAMILY.format(roots="parent_id = :id")
        + "UPDATE tokens SET expires_at = :expires_at WHERE id IN (SELECT id FROM family) "
        "AND (expires_at IS NULL OR expires_at > :expires_at)",
        {"id": token_id, "expires_at": expires_at},
    )


def is_made_below(tx: Reads, path: str, token_id: str) -> bool:
    """Tell whether a token was made at a path or below it, or descends from one that was."""
    rows = tx.rows(
        _FAMILY.format(roots=_AT_PATH) + "SELECT 1 FROM family WHERE id = :id",
        {**_below(path), "id": token_id},
    )
    return bool(rows)


def list_descendants(tx: Reads, token_id: str) -> list[Token]:
    """Return a token and what descends from it, at most 10,000, parents before their children."""
    return _members(tx, "id = :id", {"id": token_id})


def list_made_below(tx: Reads, path: str) -> list[Token]:
    """Return the live tokens made at a path or below it and what descends from them, at most 10,000."""
    return _members(tx, _AT_PATH, _below(path))


def list_forest(tx: Reads, owner_id: int | None) -> list[Token]:
    """Return the live tokens of an owner, None for everybody's, and what descends from them, at most 10,000."""
    roots = "parent_id IS NULL" if owner_id is None else "owner_id = :owner_id"
    return _members(tx, roots, {"owner_id": owner_id}, f"{_NOT_REVOKED} AND tokens.kind IN ('api', 'device')")


def _members(tx: Reads, roots: str, values: dict[str, object], condition: str = _NOT_REVOKED) -> list[Token]:
    rows = tx.rows(
        _FAMILY.format(roots=roots)
        + f"{_TOKENS.select} WHERE tokens.id IN (SELECT id FROM family){condition} ORDER BY tokens.id LIMIT :most",
        {**values, "most": LARGEST_DRAWING},
    )
    return [_TOKENS.load(row) for row in rows]


def find_node(tx: Reads, uuid: str) -> Node | None:
    """Return a node by its UUID."""
    return _NODES.find(tx, "uuid = :uuid", {"uuid": uuid})


def find_node_by_path(tx: Reads, path: str) -> Node | None:
    """Return a node by its path."""
    return _NODES.find(tx, "path = :path", {"path": path})


def count_nodes(tx: Reads) -> int:
    """Count the nodes."""
    return int(tx.rows("SELECT count(*) FROM nodes")[0][0])


def page_nodes(tx: Reads, size: int, after: str = "", skip: int = 0, prefix: str = "") -> list[Node]:
    """Return up to ``size`` nodes in the order of their paths, those below ``prefix`` behind the path ``after``."""
    return _NODES.find_all(
        tx,
        "path > :after AND path >= :prefix AND path < :beyond ORDER BY path LIMIT :size OFFSET :skip",
        {"after": after, "prefix": prefix, "beyond": beyond(prefix), "size": size, "skip": skip},
    )


def find_node_paths(tx: Reads, uuids: list[str]) -> dict[str, str]:
    """Return the paths of those nodes that there are."""
    found = (find_node(tx, uuid) for uuid in uuids)
    return {node.uuid: node.path for node in found if node is not None}


def insert_node(tx: Transaction, node: Node) -> None:
    """Keep a new node; raise Duplicate when the path is taken."""
    tx.change(_NODES.insert, _NODES.values(node))


def delete_node(tx: Transaction, uuid: str) -> None:
    """Remove a node; scopes that name it cover nothing from then on."""
    tx.change("DELETE FROM nodes WHERE uuid = :uuid", {"uuid": uuid})
