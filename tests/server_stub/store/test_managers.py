"""Managers on both engines: found by any spelling, listed by id, counted failures."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from server_stub.domain.accounts.lockouts import CLEARED_AFTER, Attempts
from server_stub.store import Transaction
from server_stub.store import managers as manager_store
from server_stub.store.database import Database
from server_stub.store.engine.connection import Duplicate
from tests.server_stub.store.conftest import NOW, new_manager

Run = Callable[[Callable[[Transaction], Any]], Any]


def test_a_manager_is_found_by_any_spelling_of_the_name(founded: Database, change: Run) -> None:
    bob = change(lambda tx: new_manager(tx, "bob"))
    for name in ("bob", "BOB", "ＢＯＢ"):
        assert founded.read(lambda tx, name=name: manager_store.find_by_name(tx, name)) == bob
    for name in ("", "b\0b", "bob ", "x" * 99):
        assert founded.read(lambda tx, name=name: manager_store.find_by_name(tx, name)) is None


def test_pages_are_in_the_order_of_the_ids(founded: Database, change: Run) -> None:
    change(lambda tx: new_manager(tx, "bob"))

    def ids(*request: Any) -> list[int]:
        return [each.id for each in founded.read(lambda tx: manager_store.page(tx, *request))]

    assert ids(None, 100) == [1, 2, 3, 4]
    assert ids(None, 2, 1) == [2, 3]
    assert ids(None, 2, 0, 3) == [4]
    assert ids(4, 2) == [4]
    assert ids(4, 2, 4) == []
    assert founded.read(
        lambda tx: (manager_store.count(tx), manager_store.count(tx, 4), manager_store.count(tx, 9))
    ) == (4, 1, 0)
    assert [each.username for each in founded.read(manager_store.built_in)] == ["root", "admin", "support"]


def test_managers_are_found_by_the_beginning_of_their_names(founded: Database, change: Run) -> None:
    for name in ("zoe", "bob", "bo", "carol", "bob2"):
        change(lambda tx, name=name: new_manager(tx, name))

    def found(*request: Any) -> list[str]:
        return [each.username for each in founded.read(lambda tx: manager_store.named_so(tx, *request))]

    assert found(None, "BO", 9) == ["bo", "bob", "bob2"]
    assert found(None, "bo", 2) == ["bo", "bob"]
    assert found(None, "bo", 9, "bob") == ["bob2"]
    assert found(5, "bo", 9) == ["bob"]
    assert found(4, "bo", 9) == found(None, "b_", 9) == []
    assert found(None, "", 9) == ["admin", "bo", "bob", "bob2", "carol", "root", "support", "zoe"]


def test_a_change_leaves_the_password_alone(founded: Database, change: Run) -> None:
    bob = change(lambda tx: new_manager(tx, "bob"))
    wanted = replace(
        bob,
        username="rob",
        first_name="R",
        last_name="M",
        enabled=False,
        permissions=frozenset({"view_events"}),
        max_api_tokens=3,
        password_expiration_disabled=True,
    )
    change(lambda tx: manager_store.update(tx, replace(wanted, password_hash="not this")))
    assert founded.read(lambda tx: manager_store.find(tx, bob.id)) == wanted
    with pytest.raises(Duplicate):
        change(lambda tx: manager_store.update(tx, replace(wanted, username="admin")))


def test_roles_are_replaced(founded: Database, change: Run) -> None:
    bob = change(lambda tx: new_manager(tx, "bob"))
    for wanted in ([1, 2], [2, 2, 3], []):
        change(lambda tx, wanted=wanted: manager_store.set_roles(tx, bob.id, wanted))
        rows = founded.read(
            lambda tx: tx.rows(
                "SELECT role_id FROM manager_roles WHERE manager_id = :id ORDER BY role_id", {"id": bob.id}
            )
        )
        assert [row[0] for row in rows] == sorted(set(wanted))


def test_failures_count_per_manager_while_they_are_fresh(founded: Database, change: Run) -> None:
    def note(name: str, source: str, failures: int, at: int) -> None:
        change(lambda tx: manager_store.note_failure(tx, name, source, Attempts(failures, at)))

    note("root", "a", 2, NOW)
    note("root", "b", 3, NOW)
    note("admin", "a", 4, NOW - CLEARED_AFTER)
    note("ghost", "a", 5, NOW)
    assert founded.read(lambda tx: manager_store.failures(tx, 1, 3)) == {1: 5}
    assert founded.read(lambda tx: manager_store.failures(tx, 2, 3)) == {}
    change(lambda tx: manager_store.clear_failures(tx, "root", "a"))
    assert founded.read(lambda tx: manager_store.failures(tx, 1, 3)) == {1: 3}
    change(lambda tx: manager_store.clear_failures(tx, "root"))
    assert founded.read(lambda tx: manager_store.failures(tx, 1, 3)) == {}


def test_deleting_takes_along_what_is_theirs(founded: Database, change: Run) -> None:
    bob = change(lambda tx: new_manager(tx, "bob"))
    change(lambda tx: manager_store.give_role(tx, bob.id, 1))
    change(lambda tx: manager_store.delete(tx, bob.id))
    assert founded.read(lambda tx: manager_store.find(tx, bob.id)) is None
    assert founded.read(lambda tx: tx.rows("SELECT 1 FROM manager_roles WHERE manager_id = :id", {"id": bob.id})) == []
    assert change(lambda tx: new_manager(tx, "bob")).id > bob.id


def put(tx: Transaction, manager_id: int, at: int, depth: int) -> None:
    """Set a password at a moment; its hash names the moment."""
    tx.now = at
    manager_store.set_password(tx, manager_id, f"hash {at}", at % 2 == 1, depth)


def test_only_the_latest_are_kept(founded: Database, change: Run) -> None:
    bob = change(lambda tx: new_manager(tx, "bob")).id
    for at in range(5):
        change(lambda tx, at=at: put(tx, bob, at, 3))
        change(lambda tx, at=at: put(tx, 1, at, 3))
    assert founded.read(lambda tx: manager_store.old_hashes(tx, bob, 9)) == ["hash 4", "hash 3", "hash 2"]
    assert founded.read(lambda tx: manager_store.old_hashes(tx, bob, 1)) == ["hash 4"]
    change(lambda tx: put(tx, bob, 5, 0))
    assert founded.read(lambda tx: manager_store.old_hashes(tx, bob, 9)) == []
    assert len(founded.read(lambda tx: manager_store.old_hashes(tx, 1, 9))) == 3


def test_the_present_one_stands_beside_the_manager(founded: Database, change: Run) -> None:
    change(lambda tx: put(tx, 2, NOW + 1, 2))
    admin = founded.read(lambda tx: manager_store.find(tx, 2))
    assert admin is not None
    assert (admin.password_hash, admin.password_set_at, admin.password_temporary) == (f"hash {NOW + 1}", NOW + 1, True)


def test_two_in_one_microsecond_are_kept_as_the_later(founded: Database, change: Run) -> None:
    for number in (1, 2):
        change(lambda tx, number=number: manager_store.set_password(tx, 2, f"hash {number}", False, 5))
    assert founded.read(lambda tx: manager_store.old_hashes(tx, 2, 9)) == ["hash 2"]
