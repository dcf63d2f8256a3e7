"""Roles, and what a manager may do by them, on both engines."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from server_stub.domain.accounts.roles import Realm, Role
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
    held = founded.read(lambda tx: role_store.roles_by_manager(tx, 1, 2))
    assert {number: [role.name for role in roles] for number, roles in held.items()} == {
        1: ["administrators", "csi", "debug_metrics"],
        2: ["administrators", "csi"],
    }
    assert founded.read(lambda tx: role_store.managers_by_role(tx, "csi", "debug_metrics")) == {
        5: ["root", "admin", "support"],
        4: ["root", "support"],
    }


def test_whoever_holds_everything_may_be_narrowed_to_any_role(founded: Database, change: Run) -> None:
    def make(tx: Transaction) -> tuple[int, int]:
        root = manager_store.find_by_name(tx, "root")
        bob = new_manager(tx, "bob")
        manager_store.set_roles(tx, bob.id, [5])
        assert root is not None
        return root.id, bob.id

    root, bob = change(make)
    wanted = ("read_only", "nowhere", "csi")
    by_root = founded.read(lambda tx: role_store.permissions_of(tx, root, wanted))
    by_bob = founded.read(lambda tx: role_store.permissions_of(tx, bob, wanted))
    assert "view_security" in by_root - by_bob
    assert by_bob == founded.read(lambda tx: role_store.permissions_of(tx, bob))
    assert founded.read(lambda tx: role_store.permissions_of(tx, root, ())) == frozenset()
    assert "read_only" in founded.read(lambda tx: role_store.names_for(tx, root, wanted))
    assert founded.read(lambda tx: role_store.names_for(tx, bob, wanted)) == ["csi"]


def test_only_the_custom_realms_that_are_named_are_looked_up(founded: Database, change: Run) -> None:
    for number, name in enumerate(("my_own", "other"), 50):
        change(
            lambda tx, number=number, name=name: role_store.REALMS.insert(
                tx, Realm(number, name, False, frozenset({"quota"}))
            )
        )
    found = founded.read(lambda tx: role_store.custom_realms(tx, ["view_security", "edit_my_own", "view_nothing"]))
    assert found == {"my_own": frozenset({"quota"})}
    assert founded.read(lambda tx: role_store.custom_realms(tx, ["view_security"])) == {}


def test_a_realm_is_in_use_while_a_role_or_a_manager_holds_a_permission_in_it(founded: Database, change: Run) -> None:
    def used() -> tuple[bool, bool]:
        return founded.read(lambda tx: (role_store.is_realm_in_use(tx, "mine"), role_store.is_realm_in_use(tx, "min")))

    assert used() == (False, False)
    change(lambda tx: role_store.ROLES.insert(tx, Role(50, "ops", False, frozenset({"view_mine"}))))
    assert used() == (True, False)
    change(lambda tx: role_store.ROLES.delete(tx, 50))
    assert used() == (False, False)
    bob = change(lambda tx: new_manager(tx, "bob"))
    change(lambda tx: manager_store.update(tx, replace(bob, permissions=frozenset({"edit_mine"}))))
    assert used() == (True, False)
