"""Roles, and what a manager may do by them, on both engines."""

from collections.abc import Callable
from typing import Any

from server_stub.store import Transaction
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store.database import Database
from tests.server_stub.store.conftest import new_manager

Run = Callable[[Callable[[Transaction], Any]], Any]


def test_permissions_are_ones_own_and_those_of_every_role(founded: Database, change: Run) -> None:
    def make(tx: Transaction) -> int:
        manager = new_manager(tx, "bob")
        manager_store.set_roles(tx, manager.id, [2, 5])
        tx.change("UPDATE managers SET permissions = '[\"edit_database\"]' WHERE id = :id", {"id": manager.id})
        return manager.id

    bob = change(make)
    held = founded.read(lambda tx: role_store.permissions_of(tx, bob))
    assert {"edit_database", "view_security", "delete_logical"} <= held
    assert "edit_security" not in held
    assert founded.read(lambda tx: role_store.permissions_of(tx, 999)) == frozenset()


def test_who_holds_what_is_found_from_both_sides(founded: Database) -> None:
    held = founded.read(lambda tx: role_store.held(tx, 1, 2))
    assert {number: [role.name for role in roles] for number, roles in held.items()} == {
        1: ["administrators", "csi", "debug_metrics"],
        2: ["administrators", "csi"],
    }
    assert founded.read(lambda tx: role_store.holders(tx, "csi", "debug_metrics")) == {
        5: ["root", "admin", "support"],
        4: ["root", "support"],
    }
