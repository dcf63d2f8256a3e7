"""Roles in the database, and what a manager may do by them at this moment."""

import msgspec

from server_stub.roles import Role
from server_stub.store import Reads, Transaction
from server_stub.store.counters import next_id
from server_stub.store.records import Mapping

_ROLES = Mapping(Role, "roles")
_PERMISSIONS = msgspec.json.Decoder(list[str])


def permissions_of(tx: Reads, manager_id: int) -> frozenset[str]:
    """Return a manager's own permissions and those of all their roles."""
    rows = tx.rows(
        "SELECT permissions FROM managers WHERE id = :id UNION ALL "
        "SELECT roles.permissions FROM manager_roles JOIN roles ON roles.id = manager_roles.role_id "
        "WHERE manager_roles.manager_id = :id",
        {"id": manager_id},
    )
    return frozenset(permission for row in rows for permission in _PERMISSIONS.decode(row[0]))


def insert(tx: Transaction, role: Role) -> None:
    """Keep a new role; raise Duplicate when the name is taken."""
    tx.change(_ROLES.insert, _ROLES.values(role))


def new_id(tx: Transaction) -> int:
    """Return the id of the next role; ids are never used again."""
    return next_id(tx, "roles")
