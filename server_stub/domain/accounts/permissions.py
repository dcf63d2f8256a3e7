"""Permissions: what an actor may do, and what one may give to others.

- A right is a pair (type, object type), such as ("create", "apitoken"). Types are create, view, edit, delete.
- A permission is a type in a realm, written `create_security`. A realm is a set of object types. So a right
  is held when any permission held names its type in a realm that holds its object type.
- Predefined realms never change, and every object type is in exactly one of them. A custom realm is a named
  set of object types; a permission in a realm that is unknown or empty gives nothing.
- Nobody gives what they lack: giving a permission, a role, a password or a token of another takes every
  right that goes with it (`require_grant`).
- local-admin holds every right and owns nothing.

Sources: VAST, "Authorizing VMS Access and Permissions" and "Managing User-Defined Permission Realms". The
server itself keeps the object types of security and settings, and `node`; the others are VAST's nouns, so
that a role means here what it means there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from server_stub.domain.base.errors import Forbidden, Invalid, NotFound, quote

Action = Literal["create", "view", "edit", "delete"]
Right = tuple[Action, str]
Realms = Mapping[str, frozenset[str]]

ACTIONS: tuple[Action, ...] = ("create", "view", "edit", "delete")

LOCAL_ADMIN = "local-admin"
RESERVED_NAMES = frozenset({LOCAL_ADMIN, "localhost"})
"""Names that no manager may bear: they stand for callers on the server's own host."""

PREDEFINED_REALMS: Realms = MappingProxyType(
    {
        realm: frozenset(object_types.split())
        for realm, object_types in (
            ("events", "alarm event eventdefinition"),
            ("hardware", "cbox cnode dbox dnode fan nic port psu rack ssd switch"),
            ("logical", "node protectionpolicy quota snapshot tenant view viewpolicy vippool"),
            ("monitoring", "analytics metric monitor topn"),
            ("security", "apitoken audit manager permission realm role"),
            ("settings", "vms"),
            ("support", "callhome supportbundle"),
            ("applications", "application"),
            ("database", "column schema table"),
        )
    }
)
OBJECT_TYPES = frozenset[str]().union(*PREDEFINED_REALMS.values())
ALL_PERMISSIONS = frozenset(f"{kind}_{realm}" for realm in PREDEFINED_REALMS for kind in ACTIONS)
ALL_RIGHTS: frozenset[Right] = frozenset((kind, object_type) for object_type in OBJECT_TYPES for kind in ACTIONS)

_NO_REALMS: Realms = MappingProxyType({})
_HOME = {object_type: realm for realm, members in PREDEFINED_REALMS.items() for object_type in members}


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller: a manager by token or password, or local-admin; `permissions` are those held now.

    `auth_method` says how the actor proved who they are and goes into the audit record with `source`, the
    address asked from. `custom_realms` maps the names of custom realms to their object types. `permissions` are the
    owner's, narrowed by the token's `policies` (None: not at all); its `scopes` narrow it further, to nodes; its
    `meta` stands in the audit record of whatever it does. `until` is when the secret that was shown stops being good
    while its token goes on: the grace of a rotation, in UTC microseconds.
    """

    id: int | None
    name: str
    kind: Literal["manager", "local-admin"]
    token_id: str | None
    auth_method: str
    source: str
    permissions: frozenset[str] = frozenset()
    custom_realms: Realms = field(default_factory=dict, hash=False, repr=False)
    policies: tuple[str, ...] | None = None
    scopes: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict, hash=False)
    until: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the actor came by a token that does not carry all that its owner has."""
        return self.policies is not None or bool(self.scopes)


def local_admin(source: str, auth_method: str = "local", token_id: str | None = None) -> Actor:
    """Return the actor of a shell on the server's own host."""
    return Actor(None, LOCAL_ADMIN, "local-admin", token_id, auth_method, source, ALL_PERMISSIONS)


def split(permission: str) -> tuple[Action, str]:
    """Take a permission apart into its type and the name of its realm; raises Invalid."""
    for kind in ACTIONS:
        if permission.startswith(kind + "_") and len(permission) > len(kind) + 1:
            return kind, permission[len(kind) + 1 :]
    raise Invalid(
        f"there is no permission {quote(permission)}",
        "A permission is a type and a realm, as in create_security; see: permission list",
    )


def members(realm: str, custom_realms: Realms = _NO_REALMS) -> frozenset[str]:
    """Return the object types of a realm; none if there is no such realm. Predefined realms come first."""
    return PREDEFINED_REALMS.get(realm) or custom_realms.get(realm, frozenset())


def rights_of(permissions: Iterable[str], custom_realms: Realms = _NO_REALMS) -> frozenset[Right]:
    """Return every right that a set of permissions gives; raises Invalid for a text that is no permission."""
    found: set[Right] = set()
    for permission in permissions:
        kind, realm = split(permission)
        found.update((kind, object_type) for object_type in members(realm, custom_realms))
    return frozenset(found)


def is_allowed(actor: Actor, action: Action, object_type: str) -> bool:
    """Tell whether an actor holds a right."""
    if actor.kind == "local-admin":
        return True
    if actor.scopes and object_type != "node":
        return False
    home = _HOME.get(object_type)
    if home is not None and f"{action}_{home}" in actor.permissions:
        return True
    return any(
        object_type in held and f"{action}_{realm}" in actor.permissions
        for realm, held in actor.custom_realms.items()
        if realm not in PREDEFINED_REALMS
    )


def require(actor: Actor, action: Action, object_type: str) -> None:
    """Raise Forbidden, naming the missing permission and who can give it, unless the right is held."""
    if not is_allowed(actor, action, object_type):
        raise _missing(action, object_type)


def is_own(actor: Actor, owner_id: int) -> bool:
    """Tell whether a thing with this owner is the actor's own."""
    return actor.id is not None and actor.id == owner_id


def is_own_token(actor: Actor, owner_id: int, token_id: str, parent_id: str | None) -> bool:
    """Tell whether a token is the actor's own; to a narrowed token that is only itself and what it made."""
    if actor.is_narrowed:
        return actor.token_id in (token_id, parent_id)
    return is_own(actor, owner_id)


def may_see(actor: Actor, owner_id: int) -> bool:
    """Tell whether an actor may know of all tokens of an owner: their own always, others' with view."""
    return (is_own(actor, owner_id) and not actor.is_narrowed) or is_allowed(actor, "view", "apitoken")


def require_token(actor: Actor, action: Action, owner_id: int, token_id: str, parent_id: str | None = None) -> None:
    """Raise unless the actor may see (view), modify (edit) or revoke (delete) this token.

    One always sees and revokes one's own. Modifying takes edit even for one's own (VAST, "Managing VMS API
    Tokens"): else whoever finds a token could lengthen its life. Without the right, a token that the actor
    may see answers Forbidden, and any other NotFound, as if there were none.
    """
    own = is_own_token(actor, owner_id, token_id, parent_id)
    if (own and action in ("view", "delete")) or is_allowed(actor, action, "apitoken"):
        return
    if own or may_see(actor, owner_id):
        raise _missing(action, "apitoken")
    raise no_such_token(token_id)


def no_such_token(token_id: str) -> NotFound:
    """Return the one answer for a token that is missing and for one that the actor may not know of."""
    return NotFound(f"there is no API token with the id {quote(token_id)}", "See: apitoken list --archived")


def require_manager(actor: Actor, action: Action, manager_id: int) -> None:
    """Raise unless the actor may see (view), change (edit) or delete this manager.

    One always sees oneself. Without the right, a manager whom the actor may see answers Forbidden, and any other
    NotFound, as if there were none.
    """
    own = is_own(actor, manager_id)
    if (own and action == "view") or is_allowed(actor, action, "manager"):
        return
    if own or is_allowed(actor, "view", "manager"):
        raise _missing(action, "manager")
    raise no_such_manager(manager_id)


def no_such_manager(manager_id: int) -> NotFound:
    """Return the one answer for a manager who is missing and for one whom the actor may not know of."""
    return NotFound(f"there is no manager with the id {manager_id}", "See: manager list")


def lacking(actor: Actor, permissions: Iterable[str]) -> frozenset[Right]:
    """Return the rights that permissions give and the actor lacks; local-admin lacks none.

    What a permission gives whose realm is not in the actor's `custom_realms` cannot be known here. So the actor
    lacks it, under the name of the realm, unless they hold that very permission.
    """
    if actor.kind == "local-admin":
        return frozenset()
    given = frozenset(permissions) - actor.permissions
    unknown = {(kind, realm) for kind, realm in map(split, given) if not _is_known(realm, actor.custom_realms)}
    return (rights_of(given, actor.custom_realms) | unknown) - rights_of(actor.permissions, actor.custom_realms)


def require_grant(actor: Actor, permissions: Iterable[str], attempt: str = "give these permissions") -> None:
    """Raise Forbidden unless the actor holds every right that these permissions give.

    Also the rule for whatever lets one act as another: a token for another owner, another's password.
    Then `permissions` are that manager's, and `attempt` says what was tried ("make a token for bob").
    """
    missing = lacking(actor, permissions)
    if missing:
        kind, object_type = min(missing)
        more = f" and {len(missing) - 1} more of the rights that go with it" if len(missing) > 1 else ""
        raise Forbidden(
            f"you may not {attempt}: you lack {kind}_{_HOME.get(object_type, object_type)}{more}",
            "Nobody gives what they do not hold; ask a member of administrators.",
        )


def require_widening(actor: Actor, object_types: Iterable[str]) -> None:
    """Raise Forbidden unless the actor holds all four types on each object type that a realm is to gain.

    Whoever holds a permission in that realm gains with it, so adding to a realm is giving.
    """
    if actor.kind == "local-admin":
        return
    held = rights_of(actor.permissions, actor.custom_realms)
    for object_type in sorted(object_types):
        for kind in ACTIONS:
            if (kind, object_type) not in held:
                raise _missing(kind, object_type)


def is_administrator(permissions: Iterable[str], custom_realms: Realms = _NO_REALMS) -> bool:
    """Tell whether permissions give every right there is; every object type is in a predefined realm."""
    held = frozenset(permissions)
    return held >= ALL_PERMISSIONS or (bool(custom_realms) and rights_of(held, custom_realms) >= ALL_RIGHTS)


def holds_every_right(actor: Actor) -> bool:
    """Tell whether an actor is local-admin, or holds every right there is and is not narrowed to a part of it."""
    if actor.kind == "local-admin":
        return True
    return not actor.scopes and is_administrator(actor.permissions, actor.custom_realms)


def _missing(action: Action, object_type: str) -> Forbidden:
    realm = _HOME.get(object_type, object_type)
    return Forbidden(
        f"you need the permission {action}_{realm} for this",
        f"A member of administrators can give it: role assign --id ID --realm {realm} --permissions {action}",
    )


def _is_known(realm: str, custom_realms: Realms) -> bool:
    return realm in PREDEFINED_REALMS or realm in custom_realms
