"""The foundation of a new server: its id, the genesis of its chain, VMS's realms, roles and managers."""

import secrets
from contextlib import closing

from server_stub.domain.accounts import managers, permissions, roles
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.audit.chain import Draft
from server_stub.store import audit as audit_store
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store.engine.connection import Connection, Duplicate, Engine, open_transaction
from server_stub.store.writer import Transaction, clock


def lay(engine: Engine) -> str:
    """Lay the foundation if it is not there, and return the server's id (16 hex digits).

    Two servers may start at the same time on an empty database: the slower one finds the names taken.
    """
    with closing(engine.connect()) as connection:
        try:
            with open_transaction(connection):
                return audit_store.server_id(connection) or _lay(connection)
        except Duplicate:
            known = audit_store.server_id(connection)
            if known is None:
                raise
            return known


def _lay(connection: Connection) -> str:
    server_id = secrets.token_hex(8)
    audit_store.begin_chain(connection, server_id)
    tx = Transaction(connection, clock())
    _fill(tx)
    draft = Draft(tx.now, permissions.LOCAL_ADMIN, "local", "", "server.founded", server_id)
    audit_store.append(connection, audit_store.hold_head(connection), [draft])
    return server_id


def _fill(tx: Transaction) -> None:
    for name, object_types in permissions.PREDEFINED_REALMS.items():
        role_store.REALMS.insert(tx, roles.Realm(role_store.REALMS.new_id(tx), name, True, object_types))
    role_ids = {}
    for name, granted in roles.BUILT_IN:
        role_ids[name] = role_store.ROLES.new_id(tx)
        role_store.ROLES.insert(tx, roles.Role(role_ids[name], name, True, granted))
    for username, held in managers.BUILT_IN:
        manager = Manager(
            id=manager_store.new_id(tx),
            username=username,
            first_name="",
            last_name="",
            enabled=True,
            built_in=True,
            permissions=frozenset(),
            created_at=tx.now,
        )
        manager_store.insert(tx, manager)
        for role in held:
            manager_store.give_role(tx, manager.id, role_ids[role])
