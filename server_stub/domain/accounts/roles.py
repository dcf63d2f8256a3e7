"""Roles, named sets of permissions, and custom realms, named sets of object types.

- Names are kept in lower case: 1 to 64 of a-z 0-9 _ - and ., a letter or digit first; a realm's name has no
  dot, for it becomes part of a permission's name.
- `root`, `default` and `response-wrapping` are no role's names: they are Vault's policies.
- Default roles are never renamed or deleted, predefined realms never changed at all. What a default role gives may
  be changed (VAST, "role assign", does so in its example); a built-in manager loses no right by it.
- An empty realm gives nothing, so no permission in it can be given (VAST, ORION-187584).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from server_stub.domain.accounts.permissions import (
    ACTIONS,
    ALL_PERMISSIONS,
    OBJECT_TYPES,
    PREDEFINED_REALMS,
    Realms,
    members,
    split,
)
from server_stub.domain.base.errors import Conflict, Invalid, quote
from server_stub.domain.base.fields import string

RESERVED_ROLE_NAMES = frozenset({"root", "default", "response-wrapping"})

_ROLE_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_REALM_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Role:
    """What is kept of a role."""

    id: int
    name: str
    built_in: bool
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Realm:
    """What is kept of a realm."""

    id: int
    name: str
    built_in: bool
    object_types: frozenset[str]


def _of(types: Iterable[str], realms: str) -> frozenset[str]:
    types = tuple(types)
    return frozenset(f"{kind}_{realm}" for realm in realms.split() for kind in types)


BUILT_IN: tuple[tuple[str, frozenset[str]], ...] = (
    ("administrators", ALL_PERMISSIONS),
    ("read_only", _of(["view"], " ".join(PREDEFINED_REALMS))),
    (
        "configuration",
        _of(ACTIONS, "events hardware logical monitoring settings applications database") | _of(["view"], "support"),
    ),
    ("debug_metrics", _of(["view"], "events hardware logical monitoring support")),
    ("csi", _of(ACTIONS, "logical") | _of(["view"], "monitoring settings")),
)
"""The roles of a new server in the order of their ids (VAST, "role list"); what the last three hold: ours."""


def check_role_name(value: object) -> str:
    """Return a role's name as it will be kept; raises Invalid."""
    text = string("name", value)
    if _ROLE_NAME.fullmatch(text.lower()) is None:
        raise Invalid(f"{quote(text)} cannot be a role's name", "Use 1 to 64 letters a-z, digits and _ - .")
    if text.lower() in RESERVED_ROLE_NAMES:
        raise Invalid(f"the name {quote(text)} is reserved for a policy of Vault's", "Choose another name.")
    return text.lower()


def is_role_name(name: str) -> bool:
    """Tell whether a role may be called so, as it is written."""
    return _ROLE_NAME.fullmatch(name) is not None and name not in RESERVED_ROLE_NAMES


def check_realm_name(value: object) -> str:
    """Return a custom realm's name as it will be kept; raises Invalid, and Conflict for a predefined one."""
    text = string("name", value)
    name = text.lower()
    if _REALM_NAME.fullmatch(name) is None:
        raise Invalid(f"{quote(text)} cannot be a realm's name", "Use 1 to 64 letters a-z, digits, _ and -.")
    if name in PREDEFINED_REALMS:
        raise Conflict(f"{name} is a predefined realm", "Choose another name.")
    return name


def check_object_types(values: Iterable[str]) -> frozenset[str]:
    """Return the object types of a realm, of which there may be none; raises Invalid for an unknown one."""
    wanted = frozenset(values)
    for unknown in sorted(wanted - OBJECT_TYPES):
        raise Invalid(f"there is no object type {quote(unknown)}", f"There are: {', '.join(sorted(OBJECT_TYPES))}.")
    return wanted


def check_permissions(values: Iterable[str], custom_realms: Realms) -> frozenset[str]:
    """Return permissions that can be given; raises Invalid for one in an unknown or empty realm."""
    wanted = frozenset(values)
    for permission in sorted(wanted):
        _, realm = split(permission)
        if realm not in PREDEFINED_REALMS and realm not in custom_realms:
            raise Invalid(f"there is no realm {quote(realm)}", "See: realm list")
        if not members(realm, custom_realms):
            raise Invalid(
                f"the realm {realm} is empty, so no permission in it can be given",
                "Give it object types first: realm assign",
            )
    return wanted


def chosen_permissions(
    permissions_list: Iterable[str] | None, realm: str | None, types: str | Iterable[str] | None
) -> frozenset[str]:
    """Return the permissions that a request names; raises Invalid for an unknown type.

    A list of permissions wins. Else it is what lies in the realm (every predefined one without) and is of the
    types (all four without); with neither, none (VAST, "role create").
    """
    if permissions_list is not None:
        return frozenset(permissions_list)
    if realm is None and types is None:
        return frozenset()
    kinds = check_actions(types)
    return frozenset(
        f"{kind}_{name}" for name in (PREDEFINED_REALMS if realm is None else [realm.lower()]) for kind in kinds
    )


def check_actions(types: str | Iterable[str] | None) -> frozenset[str]:
    """Return the types of permission that are named, one or several, all four for None; raises Invalid."""
    wanted = frozenset(ACTIONS if types is None else [types] if isinstance(types, str) else types)
    for unknown in sorted(wanted.difference(ACTIONS)):
        raise Invalid(f"there is no type of permission {quote(unknown)}", f"There are: {', '.join(ACTIONS)}.")
    return wanted


def require_changeable(thing: Role | Realm) -> None:
    """Raise Conflict for a default role or a predefined realm: neither is ever renamed or deleted."""
    if thing.built_in:
        kind = "default role" if isinstance(thing, Role) else "predefined realm"
        raise Conflict(f"{thing.name} is a {kind} and stays as it is", "Make one of your own beside it.")
