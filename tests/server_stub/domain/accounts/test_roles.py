import pytest

from server_stub.domain.accounts import managers
from server_stub.domain.accounts.permissions import ALL_PERMISSIONS, PREDEFINED_REALMS, is_administrator
from server_stub.domain.accounts.roles import (
    BUILT_IN,
    Realm,
    Role,
    check_object_types,
    check_permissions,
    check_realm_name,
    check_role_name,
    require_changeable,
)
from server_stub.domain.base.errors import Conflict, Invalid

REALMS = {"keys": frozenset({"apitoken"}), "empty": frozenset[str]()}


def test_the_default_roles() -> None:
    roles = dict(BUILT_IN)
    assert list(roles) == ["administrators", "read_only", "configuration", "debug_metrics", "csi"]
    assert roles["administrators"] == ALL_PERMISSIONS
    assert roles["read_only"] == {f"view_{realm}" for realm in PREDEFINED_REALMS}
    assert {"view_support", "edit_hardware", "delete_settings"} <= roles["configuration"]
    assert {"create_logical", "view_settings"} <= roles["csi"]
    assert roles["debug_metrics"] < roles["read_only"]
    assert all(held <= ALL_PERMISSIONS for held in roles.values())
    assert [name for name, held in roles.items() if is_administrator(held)] == ["administrators"]
    assert not any("security" in permission for name in ("configuration", "csi") for permission in roles[name])


def test_the_built_in_managers_have_default_roles_and_are_administrators() -> None:
    roles = dict(BUILT_IN)
    for _, names in managers.BUILT_IN:
        assert is_administrator(frozenset().union(*(roles[name] for name in names)))


@pytest.mark.parametrize(("typed", "kept"), [("ops", "ops"), ("Storage-Admins", "storage-admins"), ("a.b_1", "a.b_1")])
def test_role_names(typed: str, kept: str) -> None:
    assert check_role_name(typed) == kept


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", ".a", "a\n", "é", "a" * 65, None, 1])
def test_no_role_names(name: object) -> None:
    with pytest.raises(Invalid):
        check_role_name(name)


@pytest.mark.parametrize(("typed", "kept"), [("keys", "keys"), ("Our_Keys-2", "our_keys-2")])
def test_realm_names(typed: str, kept: str) -> None:
    assert check_realm_name(typed) == kept


@pytest.mark.parametrize("name", ["", "a b", "_a", "a.b", "é", "a" * 65, None, 1])
def test_no_realm_names(name: object) -> None:
    with pytest.raises(Invalid):
        check_realm_name(name)


@pytest.mark.parametrize("name", ["security", "Security", "database"])
def test_predefined_realms_are_taken(name: str) -> None:
    with pytest.raises(Conflict):
        check_realm_name(name)


def test_object_types() -> None:
    assert check_object_types(["vms", "apitoken", "vms"]) == {"vms", "apitoken"}
    assert check_object_types([]) == frozenset()
    with pytest.raises(Invalid, match='"tokens"'):
        check_object_types(["vms", "tokens"])


def test_permissions_that_can_be_given() -> None:
    wanted = ["create_keys", "view_security"]
    assert check_permissions(wanted, REALMS) == set(wanted)


@pytest.mark.parametrize(
    ("permission", "sentence"),
    [
        ("create_empty", "is empty"),
        ("create_unheard", "no realm"),
        ("use_keys", "no permission"),
        ("", "no permission"),
    ],
)
def test_permissions_that_cannot_be_given(permission: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        check_permissions(["view_security", permission], REALMS)


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        (Role(1, "csi", True, frozenset()), "csi is a default role"),
        (Realm(1, "events", True, frozenset()), "events is a predefined realm"),
    ],
)
def test_what_is_built_in_stays(thing: Role | Realm, sentence: str) -> None:
    with pytest.raises(Conflict, match=sentence):
        require_changeable(thing)


def test_what_was_made_can_be_changed() -> None:
    require_changeable(Role(9, "ops", False, frozenset()))
    require_changeable(Realm(9, "keys", False, frozenset()))


@pytest.mark.parametrize("name", ["root", "Default", "response-wrapping"])
def test_no_role_bears_the_name_of_a_policy_of_vaults(name: str) -> None:
    with pytest.raises(Invalid, match="is reserved for a policy of Vault's"):
        check_role_name(name)
