"""Families of tokens: revoked, freed and clamped as a whole, at any depth and width, on both engines."""

from collections.abc import Callable
from typing import Any

from server_stub.domain.base.timestamps import HOUR
from server_stub.domain.tokens.tokens import Token
from server_stub.store import Transaction, families
from server_stub.store import tokens as token_store
from server_stub.store.database import Database
from tests.server_stub.store.conftest import NOW

Change = Callable[[Callable[[Transaction], Any]], Any]


def put(tx: Transaction, token_id: str, parent_id: str | None = None, **fields: Any) -> None:
    """Keep a token of root's."""
    values: dict[str, Any] = {"kind": "api", "owner_id": 1, "owner": "root", "name": "x", "created_at": NOW, **fields}
    token_store.insert(tx, Token(id=token_id, digest=b"", parent_id=parent_id, **values))


def grow(tx: Transaction) -> None:
    """Make a family of five over three generations, and a stranger."""
    put(tx, "a")
    put(tx, "b1", "a")
    put(tx, "b2", "a")
    put(tx, "c1", "b1")
    put(tx, "c2", "b1", expires_at=NOW + HOUR)
    put(tx, "z")


def live(database: Database) -> set[str]:
    """Return the ids that are not revoked."""
    return {token.id for token in database.read(lambda tx: list(token_store.every(tx, token_store.Filter())))}


def test_a_token_dies_with_all_that_descends_from_it(founded: Database, change: Change) -> None:
    change(grow)
    assert change(lambda tx: families.revoke(tx, "b1")) == 3
    assert live(founded) == {"a", "b2", "z"}
    assert change(lambda tx: families.revoke(tx, "b1")) == 0
    assert change(lambda tx: families.revoke(tx, "a")) == 2
    assert live(founded) == {"z"}


def test_freed_children_live_on_as_roots(founded: Database, change: Change) -> None:
    change(grow)
    assert change(lambda tx: families.free_children(tx, "a", None)) == 2
    assert change(lambda tx: families.revoke(tx, "a")) == 1
    assert live(founded) == {"b1", "b2", "c1", "c2", "z"}
    assert change(lambda tx: families.revoke(tx, "b1")) == 3


def test_freed_children_get_a_hard_end_and_keep_an_earlier_one(founded: Database, change: Change) -> None:
    change(grow)
    change(lambda tx: put(tx, "b3", "a", max_expires_at=NOW + 1))
    assert change(lambda tx: families.free_children(tx, "a", NOW + HOUR)) == 3
    kept = {token.id: token.max_expires_at for token in founded.read(lambda tx: families.forest(tx, None))}
    assert kept == {"a": None, "b1": NOW + HOUR, "b2": NOW + HOUR, "b3": NOW + 1, "c1": None, "c2": None, "z": None}


def test_a_path_is_revoked_with_what_descends_from_it(founded: Database, change: Change) -> None:
    def plant(tx: Transaction) -> None:
        put(tx, "one", path="auth/token/create")
        put(tx, "two", path="auth/token/create/web")
        put(tx, "three", path="auth/token/create-orphan")
        put(tx, "four", "one", path="api/apitokens")

    change(plant)
    assert founded.read(lambda tx: families.holds(tx, "auth/token/create", "four"))
    assert not founded.read(lambda tx: families.holds(tx, "auth/token/create", "three"))
    assert change(lambda tx: families.revoke_path(tx, "auth/token/cre")) == 0
    found = founded.read(lambda tx: families.made_at(tx, "auth/token/create"))
    assert [token.id for token in found] == ["four", "one", "two"]
    assert change(lambda tx: families.revoke_path(tx, "auth/token/create")) == 3
    assert live(founded) == {"three"}


def test_descendants_end_no_later_than_their_forebear(founded: Database, change: Change) -> None:
    change(grow)
    change(lambda tx: families.clamp(tx, "a", NOW + 2 * HOUR))
    ends = {token.id: token.expires_at for token in founded.read(lambda tx: families.descendants(tx, "a"))}
    assert ends == {"a": None, "b1": NOW + 2 * HOUR, "b2": NOW + 2 * HOUR, "c1": NOW + 2 * HOUR, "c2": NOW + HOUR}


def test_a_removed_owner_takes_their_tokens_along(founded: Database, change: Change) -> None:
    def plant(tx: Transaction) -> None:
        put(tx, "hers", owner_id=2, owner="admin")
        put(tx, "his", "hers")

    change(plant)
    assert change(lambda tx: families.remove_all(tx, 2)) == 2
    kept = founded.read(lambda tx: token_store.find(tx, "his"))
    assert kept is not None
    assert kept.parent_id is None
    assert kept.revoked_at == NOW
    assert founded.read(lambda tx: token_store.find(tx, "hers")) is None


def test_a_chain_of_10000_and_a_fan_of_100000_die_in_one_statement(founded: Database, change: Change) -> None:
    def plant(tx: Transaction) -> None:
        put(tx, "chain-0")
        put(tx, "fan")
        tx.change_many(
            "INSERT INTO tokens (id, digest, kind, owner_id, parent_id, name, created_at, renewable, scopes, meta, "
            "path) VALUES (:id, :digest, 'api', 1, :parent, 'x', :now, 1, '[]', '{}', 'x')",
            [
                *(
                    {"id": f"chain-{n}", "parent": f"chain-{n - 1}", "now": NOW, "digest": b""}
                    for n in range(1, 10_000)
                ),
                *({"id": f"fan-{n}", "parent": "fan", "now": NOW, "digest": b""} for n in range(100_000)),
            ],
        )

    change(plant)
    connection = founded.engine.connect()
    connection.script("ANALYZE tokens")  # PostgreSQL does so by itself within a minute
    connection.close()
    assert change(lambda tx: families.revoke(tx, "chain-0")) == 10_000
    assert change(lambda tx: families.revoke(tx, "fan")) == 100_001
    assert live(founded) == set()
