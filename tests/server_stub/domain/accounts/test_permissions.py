from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import (
    ACTIONS,
    ALL_PERMISSIONS,
    ALL_RIGHTS,
    OBJECT_TYPES,
    PREDEFINED_REALMS,
    Action,
    Actor,
    is_allowed,
    local_admin,
    may_see,
    require,
    require_grant,
    require_token,
    require_widening,
    rights_of,
    split,
)
from server_stub.domain.base.errors import Forbidden, Invalid, NotFound, Refusal

OWN, FOREIGN = 7, 8
REALMS = {"keys": frozenset({"apitoken"}), "mixed_bag": frozenset({"apitoken", "vms"}), "empty": frozenset[str]()}
POSSIBLE = sorted(ALL_PERMISSIONS | {f"{kind}_{realm}" for kind in ACTIONS for realm in REALMS})
permission_sets = st.frozensets(st.sampled_from(POSSIBLE))


def manager(*held: str) -> Actor:
    return Actor(OWN, "bob", "manager", None, "token", "127.0.0.1", frozenset(held), REALMS)


def test_every_object_type_is_in_exactly_one_predefined_realm() -> None:
    assert sum(map(len, PREDEFINED_REALMS.values())) == len(OBJECT_TYPES)
    assert len(PREDEFINED_REALMS) == 9
    assert len(ALL_PERMISSIONS) == 36
    assert all(PREDEFINED_REALMS.values())


def test_all_permissions_give_every_right() -> None:
    assert rights_of(ALL_PERMISSIONS) == ALL_RIGHTS
    assert permissions.is_administrator(ALL_PERMISSIONS)
    assert not permissions.is_administrator(ALL_PERMISSIONS - {"delete_database"})


@pytest.mark.parametrize("permission", sorted(ALL_PERMISSIONS))
def test_split_takes_apart_what_was_put_together(permission: str) -> None:
    kind, realm = split(permission)
    assert f"{kind}_{realm}" == permission
    assert realm in PREDEFINED_REALMS


@pytest.mark.parametrize(
    "text", ["", "create", "create_", "_security", "security_create", "CREATE_security", "use_vms"]
)
def test_no_permissions(text: str) -> None:
    with pytest.raises(Invalid):
        split(text)


@pytest.mark.parametrize(
    ("held", "kind", "object_type", "expected"),
    [
        ("create_security", "create", "apitoken", True),
        ("create_security", "view", "apitoken", False),
        ("create_security", "create", "vms", False),
        ("edit_settings", "edit", "vms", True),
        ("create_keys", "create", "apitoken", True),
        ("create_keys", "create", "manager", False),
        ("edit_mixed_bag", "edit", "vms", True),
        ("edit_empty", "edit", "vms", False),
        ("edit_unknown", "edit", "vms", False),
        ("create_None", "create", "unheard", False),
    ],
)
def test_a_right_comes_from_a_realm_that_holds_the_object_type(
    held: str, kind: Action, object_type: str, expected: bool
) -> None:
    assert is_allowed(manager(held), kind, object_type) is expected


def test_a_custom_realm_cannot_widen_a_predefined_one() -> None:
    actor = Actor(1, "eve", "manager", None, "token", "::1", frozenset({"edit_events"}), {"events": frozenset({"vms"})})
    assert not is_allowed(actor, "edit", "vms")
    assert ("edit", "vms") not in rights_of(actor.permissions, actor.custom_realms)


@given(permission_sets)
def test_allowed_and_rights_of_agree(held: frozenset[str]) -> None:
    actor = manager(*held)
    found = rights_of(held, REALMS)
    assert {right for right in ALL_RIGHTS if is_allowed(actor, *right)} == found


def test_require_names_the_permission_and_who_can_give_it() -> None:
    with pytest.raises(Forbidden, match=r"^you need the permission create_security for this$") as caught:
        require(manager("view_security"), "create", "apitoken")
    assert caught.value.code == "permission_denied"
    assert caught.value.hint == (
        "A member of administrators can give it: role assign --id ID --realm security --permissions create"
    )
    require(manager("create_security"), "create", "apitoken")


def test_the_local_admin_holds_every_right_and_owns_nothing() -> None:
    actor = local_admin("local")
    assert all(is_allowed(actor, *right) for right in ALL_RIGHTS)
    assert not permissions.is_own(actor, OWN)
    assert not permissions.lacking(actor, POSSIBLE)
    require_widening(actor, OBJECT_TYPES)


def verdict(actor: Actor, kind: Action, owner_id: int) -> str:
    try:
        require_token(actor, kind, owner_id, "4Lq4Wakb")
    except Refusal as refusal:
        return refusal.sentence
    return "ok"


MISSING = 'there is no API token with the id "4Lq4Wakb"'
NO_EDIT = "you need the permission edit_security for this"
NO_DELETE = "you need the permission delete_security for this"


# What is held -> (view, edit, delete) on one's own token, then on another's.
TABLE = {
    (): ("ok", NO_EDIT, "ok", MISSING, MISSING, MISSING),
    ("create_security",): ("ok", NO_EDIT, "ok", MISSING, MISSING, MISSING),
    ("view_security",): ("ok", NO_EDIT, "ok", "ok", NO_EDIT, NO_DELETE),
    ("edit_security",): ("ok", "ok", "ok", MISSING, "ok", MISSING),
    ("delete_security",): ("ok", NO_EDIT, "ok", MISSING, MISSING, "ok"),
    ("view_security", "edit_security"): ("ok", "ok", "ok", "ok", "ok", NO_DELETE),
    ("view_keys",): ("ok", NO_EDIT, "ok", "ok", NO_EDIT, NO_DELETE),
    ("edit_settings",): ("ok", NO_EDIT, "ok", MISSING, MISSING, MISSING),
}


@pytest.mark.parametrize(("held", "expected"), TABLE.items())
def test_rights_on_tokens(held: tuple[str, ...], expected: tuple[str, ...]) -> None:
    kinds: tuple[Action, ...] = ("view", "edit", "delete")
    actor = manager(*held)
    assert tuple(verdict(actor, kind, owner) for owner, kind in product((OWN, FOREIGN), kinds)) == expected
    assert may_see(actor, OWN)
    assert may_see(actor, FOREIGN) == (expected[3] == "ok")


def test_a_foreign_token_answers_as_a_missing_one() -> None:
    with pytest.raises(NotFound) as caught:
        require_token(manager(), "view", FOREIGN, "4Lq4Wakb")
    missing = permissions.no_such_token("4Lq4Wakb")
    assert (caught.value.sentence, caught.value.hint, caught.value.code) == (
        missing.sentence,
        missing.hint,
        missing.code,
    )


def test_the_local_admin_may_do_all_to_any_token() -> None:
    assert {verdict(local_admin("local"), kind, FOREIGN) for kind in ACTIONS} == {"ok"}


@given(permission_sets, permission_sets)
def test_nobody_grants_what_they_lack(held: frozenset[str], given_away: frozenset[str]) -> None:
    actor = manager(*held)
    subset = rights_of(given_away, REALMS) <= rights_of(held, REALMS)
    assert (not permissions.lacking(actor, given_away)) is subset
    if subset:
        require_grant(actor, given_away)
    else:
        with pytest.raises(Forbidden):
            require_grant(actor, given_away)


@given(permission_sets, permission_sets)
def test_granting_gives_nobody_more_than_the_giver_has(held: frozenset[str], given_away: frozenset[str]) -> None:
    actor = manager(*held)
    if not permissions.lacking(actor, given_away):
        receiver = manager(*given_away)
        assert {r for r in ALL_RIGHTS if is_allowed(receiver, *r)} <= {r for r in ALL_RIGHTS if is_allowed(actor, *r)}


def test_a_permission_in_a_realm_that_is_not_told_is_not_granted() -> None:
    actor = Actor(OWN, "eve", "manager", None, "token", "::1", ALL_PERMISSIONS)
    assert permissions.lacking(actor, ["create_keys", "view_security"]) == {("create", "keys")}
    with pytest.raises(Forbidden, match=r"you lack create_keys$"):
        require_grant(actor, ["create_keys"], "make a token for bob")
    assert not permissions.lacking(replace(actor, permissions=ALL_PERMISSIONS | {"create_keys"}), ["create_keys"])


def test_the_refusal_of_a_grant_says_what_was_tried() -> None:
    with pytest.raises(Forbidden, match=r"^you may not make a token for admin: you lack edit_settings$"):
        require_grant(manager("view_security"), ["edit_settings", "view_security"], "make a token for admin")
    with pytest.raises(Forbidden, match=r"create_security and 23 more"):
        require_grant(manager(), [f"{kind}_security" for kind in ACTIONS])


@given(permission_sets, st.frozensets(st.sampled_from(sorted(OBJECT_TYPES))))
def test_who_widens_a_realm_holds_all_that_it_gains(held: frozenset[str], object_types: frozenset[str]) -> None:
    actor = manager(*held)
    gained = {(kind, object_type) for kind in ACTIONS for object_type in object_types}
    if gained <= rights_of(held, REALMS):
        require_widening(actor, object_types)
    else:
        with pytest.raises(Forbidden):
            require_widening(actor, object_types)
