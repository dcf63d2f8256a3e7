"""Realms on both engines: the custom ones that permissions name, and whether one is in use."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from server_stub.domain.accounts.roles import Realm, Role
from server_stub.store import Transaction
from server_stub.store import managers as manager_store
from server_stub.store import realms as realm_store
from server_stub.store import roles as role_store
from server_stub.store.database import Database
from tests.server_stub.store.conftest import new_manager

Run = Callable[[Callable[[Transaction], Any]], Any]


def test_only_the_custom_realms_that_are_named_are_looked_up(founded: Database, change: Run) -> None:
    for number, name in enumerate(("my_own", "other"), 50):
        change(
            lambda tx, number=number, name=name: realm_store.insert(
                tx, Realm(number, name, False, frozenset({"quota"}))
            )
        )
    found = founded.read(lambda tx: realm_store.custom_realms(tx, ["view_security", "edit_my_own", "view_nothing"]))
    assert found == {"my_own": frozenset({"quota"})}
    assert founded.read(lambda tx: realm_store.custom_realms(tx, ["view_security"])) == {}


def test_a_realm_is_in_use_while_a_role_or_a_manager_holds_a_permission_in_it(founded: Database, change: Run) -> None:
    def used() -> tuple[bool, bool]:
        return founded.read(lambda tx: (realm_store.in_use(tx, "mine"), realm_store.in_use(tx, "min")))

    assert used() == (False, False)
    change(lambda tx: role_store.insert(tx, Role(50, "ops", False, frozenset({"view_mine"}))))
    assert used() == (True, False)
    change(lambda tx: role_store.delete(tx, 50))
    assert used() == (False, False)
    bob = change(lambda tx: new_manager(tx, "bob"))
    change(lambda tx: manager_store.update(tx, replace(bob, permissions=frozenset({"edit_mine"}))))
    assert used() == (True, False)
