"""The hashes of passwords on both engines: the present one, and as many old ones as count."""

from collections.abc import Callable
from typing import Any

from server_stub.store import Transaction
from server_stub.store import managers as manager_store
from server_stub.store import passwords as password_store
from server_stub.store.database import Database
from tests.server_stub.store.conftest import NOW, new_manager

Run = Callable[[Callable[[Transaction], Any]], Any]


def put(tx: Transaction, manager_id: int, at: int, depth: int) -> None:
    """Set a password at a moment; its hash names the moment."""
    tx.now = at
    password_store.set_password(tx, manager_id, f"hash {at}", at % 2 == 1, depth)


def test_only_the_latest_are_kept(founded: Database, change: Run) -> None:
    bob = change(lambda tx: new_manager(tx, "bob")).id
    for at in range(5):
        change(lambda tx, at=at: put(tx, bob, at, 3))
        change(lambda tx, at=at: put(tx, 1, at, 3))
    assert founded.read(lambda tx: password_store.old_hashes(tx, bob, 9)) == ["hash 4", "hash 3", "hash 2"]
    assert founded.read(lambda tx: password_store.old_hashes(tx, bob, 1)) == ["hash 4"]
    change(lambda tx: put(tx, bob, 5, 0))
    assert founded.read(lambda tx: password_store.old_hashes(tx, bob, 9)) == []
    assert len(founded.read(lambda tx: password_store.old_hashes(tx, 1, 9))) == 3


def test_the_present_one_stands_beside_the_manager(founded: Database, change: Run) -> None:
    change(lambda tx: put(tx, 2, NOW + 1, 2))
    admin = founded.read(lambda tx: manager_store.find(tx, 2))
    assert admin is not None
    assert (admin.password_hash, admin.password_set_at, admin.password_temporary) == (f"hash {NOW + 1}", NOW + 1, True)


def test_two_in_one_microsecond_are_kept_as_the_later(founded: Database, change: Run) -> None:
    for number in (1, 2):
        change(lambda tx, number=number: password_store.set_password(tx, 2, f"hash {number}", False, 5))
    assert founded.read(lambda tx: password_store.old_hashes(tx, 2, 9)) == ["hash 2"]
