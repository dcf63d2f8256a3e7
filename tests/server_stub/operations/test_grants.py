"""What a change may give and may not take away."""

from typing import Any, cast

import pytest

from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.accounts.roles import Realm, Role
from server_stub.domain.base.errors import Conflict, Forbidden
from server_stub.operations import grants
from server_stub.operations.context import ReadContext
from server_stub.store import Transaction
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from tests.server_stub.conftest import Service

DORA = Actor(9, "dora", "manager", None, "token", "", frozenset({"view_events", "view_mine"}), {})


def test_custom_realms_count_on_both_sides(site: Service) -> None:
    def try_it(tx: Transaction) -> None:
        role_store.REALMS.insert(tx, Realm(50, "mine", False, frozenset({"quota"})))
        role_store.REALMS.insert(tx, Realm(51, "theirs", False, frozenset({"vms"})))
        look = ReadContext(tx, cast("Any", None), cast("Any", None), "", DORA)
        grants.require_grant(look, {"view_mine"})
        with pytest.raises(Forbidden):
            grants.require_grant(look, {"view_mine", "view_theirs"})
        role_store.REALMS.update(tx, Realm(51, "theirs", False, frozenset({"quota", "alarm"})))
        grants.require_grant(look, {"view_theirs"})

    site.database.write(try_it, unaudited=True)


def test_a_built_in_manager_keeps_every_right_whatever_way_it_came(site: Service) -> None:
    def try_it(tx: Transaction) -> None:
        role_store.ROLES.insert(tx, Role(50, "more", False, frozenset({"view_mine"})))
        role_store.REALMS.insert(tx, Realm(50, "mine", False, frozenset({"quota"})))
        manager_store.give_role(tx, 3, 50)
        with grants.sparing_built_in(tx):
            role_store.ROLES.delete(tx, 50)  # support has that right by another role
        with pytest.raises(Conflict, match="support is a built-in"), grants.sparing_built_in(tx):
            manager_store.set_roles(tx, 3, [2])

    site.database.write(try_it, unaudited=True)
