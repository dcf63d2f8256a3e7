"""What a new server begins with."""

from server_stub.domain.accounts import managers, permissions, roles
from server_stub.domain.audit import chain
from server_stub.store import foundation
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from tests.server_stub.store.conftest import Database


def test_it_is_laid_once_and_keeps_its_id(founded: Database) -> None:
    found = foundation.lay(founded.engine)
    assert foundation.lay(founded.engine) == found
    assert len(found) == 16
    rows = founded.rows("SELECT seq, action, target, prev_hash FROM audit")
    assert rows == [(1, "server.founded", found, chain.genesis(found))]


def test_nobody_has_a_password_and_the_built_in_managers_are_administrators(founded: Database) -> None:
    for username, _ in managers.BUILT_IN:
        manager = founded.read(lambda tx, name=username: manager_store.find_by_name(tx, name))  # type: ignore[misc]  # bound by its default
        assert manager is not None
        assert manager.password_hash is None
        assert manager.built_in
    admin = founded.read(lambda tx: manager_store.find_by_name(tx, "admin"))
    assert admin is not None
    assert permissions.is_administrator(founded.read(lambda tx: role_store.permissions_of(tx, admin.id)))


def test_the_roles_and_realms_of_vms_are_there(founded: Database) -> None:
    assert {row[0] for row in founded.rows("SELECT name FROM roles")} == {name for name, _ in roles.BUILT_IN}
    assert {row[0] for row in founded.rows("SELECT name FROM realms")} == set(permissions.PREDEFINED_REALMS)
