"""Tokens in the database: found by id, listed by key, revoked with all that descends from them."""

from collections.abc import Iterator
from dataclasses import dataclass

from server_stub.store import Reads, Transaction
from server_stub.store.records import Mapping
from server_stub.tokens import Token

_TOKENS = Mapping(Token, "tokens", derived=("owner",))
_SELECT = f"SELECT {_TOKENS.columns}, managers.username FROM tokens JOIN managers ON managers.id = tokens.owner_id"
_COUNTED = "tokens.kind IN ('api', 'device')"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token as its holder shows it: the record, and whether its owner may act."""

    token: Token
    owner_enabled: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tokens to list: revoked ones too, one owner's, those of one name."""

    archived: bool = False
    owner_id: int | None = None
    name: str | None = None

    def where(self) -> tuple[str, dict[str, object]]:
        """Return the condition and its values."""
        parts, values = [_COUNTED], dict[str, object]()
        if not self.archived:
            parts.append("tokens.revoked_at IS NULL")
        if self.owner_id is not None:
            parts.append("tokens.owner_id = :owner_id")
            values["owner_id"] = self.owner_id
        if self.name is not None:
            parts.append("tokens.name = :name")
            values["name"] = self.name
        return " AND ".join(parts), values


def bearer(tx: Reads, token_id: str) -> Bearer | None:
    """Find what a shown token claims to be; the caller compares the digests."""
    rows = tx.rows(
        f"SELECT {_TOKENS.columns}, managers.username, managers.enabled "
        "FROM tokens JOIN managers ON managers.id = tokens.owner_id WHERE tokens.id = :id",
        {"id": token_id},
    )
    return Bearer(_TOKENS.load(rows[0], owner=rows[0][-2]), bool(rows[0][-1])) if rows else None


def find(tx: Reads, token_id: str) -> Token | None:
    """Return a token by its id, revoked or not."""
    rows = tx.rows(f"{_SELECT} WHERE tokens.id = :id", {"id": token_id})
    return _TOKENS.load(rows[0], owner=rows[0][-1]) if rows else None


def exists(tx: Reads, token_id: str) -> bool:
    """Tell whether an id is taken."""
    return bool(tx.rows("SELECT 1 FROM tokens WHERE id = :id", {"id": token_id}))


def insert(tx: Transaction, token: Token) -> None:
    """Keep a new token."""
    tx.change(_TOKENS.insert, _TOKENS.values(token))


def count_live(tx: Reads, owner_id: int) -> int:
    """Count an owner's tokens that are neither revoked nor expired and that the quota counts."""
    rows = tx.rows(
        f"SELECT count(*) FROM tokens WHERE owner_id = :owner_id AND revoked_at IS NULL AND {_COUNTED} "
        "AND (expires_at IS NULL OR expires_at > :now) AND (uses_left IS NULL OR uses_left > 0)",
        {"owner_id": owner_id, "now": tx.now},
    )
    return int(rows[0][0])


def count(tx: Reads, chosen: Filter) -> int:
    """Count the tokens that a filter chooses."""
    where, values = chosen.where()
    return int(tx.rows(f"SELECT count(*) FROM tokens WHERE {where}", values)[0][0])


def page(tx: Reads, chosen: Filter, size: int, after: str = "", skip: int = 0) -> list[Token]:
    """Return up to ``size`` tokens in the order of their ids, beginning behind the id ``after``."""
    where, values = chosen.where()
    rows = tx.rows(
        f"{_SELECT} WHERE {where} AND tokens.id > :after ORDER BY tokens.id LIMIT :size OFFSET :skip",
        {**values, "after": after, "size": size, "skip": skip},
    )
    return [_TOKENS.load(row, owner=row[-1]) for row in rows]


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


def revoke(tx: Transaction, token_id: str) -> int:
    """Revoke a token and all its descendants that are not revoked yet; return how many."""
    return tx.change(
        "WITH RECURSIVE family (id) AS ("
        " SELECT id FROM tokens WHERE id = :id"
        " UNION SELECT tokens.id FROM tokens JOIN family ON tokens.parent_id = family.id"
        ") UPDATE tokens SET revoked_at = :now WHERE revoked_at IS NULL AND id IN (SELECT id FROM family)",
        {"id": token_id, "now": tx.now},
    )


def remove_all(tx: Transaction, owner_id: int) -> int:
    """Revoke an owner's tokens with all their descendants and remove the owner's own; return how many died.

    What descends from them and belongs to others stays in the archive, as orphans.
    """
    revoked = tx.change(
        "WITH RECURSIVE family (id) AS ("
        " SELECT id FROM tokens WHERE owner_id = :owner_id"
        " UNION SELECT tokens.id FROM tokens JOIN family ON tokens.parent_id = family.id"
        ") UPDATE tokens SET revoked_at = :now WHERE revoked_at IS NULL AND id IN (SELECT id FROM family)",
        {"owner_id": owner_id, "now": tx.now},
    )
    tx.change(
        "UPDATE tokens SET parent_id = NULL WHERE owner_id <> :owner_id "
        "AND parent_id IN (SELECT id FROM tokens WHERE owner_id = :owner_id)",
        {"owner_id": owner_id},
    )
    tx.change("DELETE FROM tokens WHERE owner_id = :owner_id", {"owner_id": owner_id})
    return revoked


def revoke_sessions(tx: Transaction, owner_id: int) -> int:
    """Revoke what an owner's sign-ins gave, as when their password changes; return how many."""
    return tx.change(
        "UPDATE tokens SET revoked_at = :now "
        "WHERE owner_id = :owner_id AND revoked_at IS NULL AND kind IN ('session', 'refresh')",
        {"owner_id": owner_id, "now": tx.now},
    )
