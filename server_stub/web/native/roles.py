"""Roles, realms and permissions: /api/roles/, /api/realms/, /api/permissions/ (vcli.md 3.1, 3.3, 3.5).

A role is a named set of permissions that managers hold. Default roles keep their names and are never deleted. Adding a
permission to a role, or giving a new role one, takes every right that goes with it, for whoever holds the role gains
it. Giving a role a name that tokens are narrowed to takes every right: a role of that name is gone, or was never there,
and they would gain what this one holds. `ldap_groups`, `tenants` and what follows them are VAST's columns; this server
has neither directories nor tenants, so they are empty.

A realm is a named set of object types. Predefined realms stay as they are (VAST, "Managing User-Defined Permission
Realms"). Adding an object type to a realm takes all four rights on it, for whoever holds a permission in the realm
gains it. A realm in which anyone holds a permission keeps its name and stays.

There are four permissions for each realm. They are made from the realms; their numbers follow from the realms' numbers,
so that they stay the same.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from server_stub.domain.accounts import permissions, roles
from server_stub.domain.accounts.permissions import Action
from server_stub.domain.accounts.roles import Realm, Role
from server_stub.domain.base.errors import Conflict, Forbidden, Invalid, NotFound, quote
from server_stub.operations import grants
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import Reads
from server_stub.store import roles as role_store
from server_stub.store import tokens as token_store
from server_stub.store.named_rows import HasName, NamedTable
from server_stub.web.http import paging
from server_stub.web.http.decoding import Body, require_number
from server_stub.web.http.routing import Routes

routes = Routes("/api")

Record = TypeVar("Record", bound=HasName)


class NameQuery(paging.Searched, frozen=True):
    """Which of the things that have a name to list."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class NamedResource(Generic[Record]):
    """One noun, the table of its records, and the set in a record that a change of it adds to or takes from."""

    noun: str
    table: NamedTable[Record]
    members: Callable[[Record], frozenset[str]]
    check_name: Callable[[str], str]

    def list(
        self, context: ReadContext, query: NameQuery, views: Callable[[Reads, list[Record]], Sequence[Any]]
    ) -> Any:
        """List them in the order of their names; raise Forbidden unless the actor may see things of this noun."""
        permissions.require(context.actor, "view", self.noun)

        def fetch(size: int, after: str, skip: int) -> Sequence[Any]:
            return views(context.tx, self.table.page(context.tx, query.name, size, after, skip, query.prefix or ""))

        count = functools.partial(self.table.count, context.tx, query.name)
        return paging.list_page(query, f"/api/{self.noun}s/", count, fetch, lambda shown: shown.name)

    def find(self, context: ReadContext, number: int, action: Action) -> Record:
        """Find one, once it is sure that the actor may do this to things of the noun; raise Forbidden, NotFound."""
        permissions.require(context.actor, action, self.noun)
        record = self.table.find(context.tx, require_number(number))
        if record is None:
            raise NotFound(f"there is no {self.noun} with the id {number}", f"See: {self.noun} list")
        return record

    def check_free_name(self, tx: Reads, text: str) -> str:
        """Return a name that one may have; raise Invalid, or Conflict when one has it."""
        name = self.check_name(text)
        if self.table.find_by_name(tx, name) is not None:
            raise Conflict(f"there is a {self.noun} named {name} already", "Choose another name.")
        return name

    def update(self, context: WriteContext, old: Record, new: Record) -> None:
        """Store a changed record, and record the change; raise Conflict if a built-in manager lost a right by it."""
        with grants.sparing_built_in(context.tx):
            self.table.update(context.tx, new)
        before, after = self.members(old), self.members(new)
        facts = {"id": old.id, "name": new.name, "added": sorted(after - before), "taken": sorted(before - after)}
        context.record(old.name, facts)


ROLES = NamedResource("role", role_store.ROLES, lambda role: role.permissions, roles.check_role_name)


class NewRole(Body, frozen=True):
    """What a new role is to be: `permissions_list` wins, else the types `permissions` in the `realm`."""

    name: str
    permissions_list: tuple[str, ...] | None = None
    realm: str | None = None
    permissions: str | tuple[str, ...] | None = None


class RoleChange(Body, frozen=True):
    """What is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    permissions_list: tuple[str, ...] | UnsetType = UNSET


class Assignment(Body, frozen=True):
    """Permissions in a realm: of one type, of several, of all four when left out."""

    realm: str
    permissions: str | tuple[str, ...] | None = None


class RoleView(msgspec.Struct, frozen=True):
    """A role as it is shown; `managers` are the user names of those who hold it."""

    id: int
    name: str
    managers: list[str]
    ldap_groups: list[str]
    tenants: list[str]
    is_default: bool
    is_admin: bool
    tenant_id: int | None
    tenant_name: str | None
    permissions: list[str]


def view_roles(tx: Reads, shown: list[Role]) -> list[RoleView]:
    """Show roles who follow each other in the order of their names."""
    holders = role_store.managers_by_role(tx, shown[0].name, shown[-1].name) if shown else {}
    realms = role_store.custom_realms(tx, frozenset[str]().union(*(role.permissions for role in shown)))
    return [
        RoleView(
            id=role.id,
            name=role.name,
            managers=holders.get(role.id, []),
            ldap_groups=[],
            tenants=[],
            is_default=role.built_in,
            is_admin=permissions.is_administrator(role.permissions, realms),
            tenant_id=None,
            tenant_name=None,
            permissions=sorted(role.permissions),
        )
        for role in shown
    ]


@routes.get("/roles/", action="role.list", query=NameQuery)
def list_roles(context: ReadContext, query: NameQuery) -> Any:
    """List roles in the order of their names."""
    return ROLES.list(context, query, view_roles)


@routes.get("/roles/{role_id:int}/", action="role.show")
def show_role(context: ReadContext, role_id: int) -> RoleView:
    """Show one role."""
    return view_roles(context.tx, [ROLES.find(context, role_id, "view")])[0]


@routes.post("/roles/", action="role.create", body=NewRole)
def create_role(context: WriteContext, request: NewRole) -> RoleView:
    """Create a role, which may hold no more rights than its maker."""
    tx = context.tx
    permissions.require(context.actor, "create", "role")
    name = _check_free_role_name(context, request.name)
    chosen = roles.chosen_permissions(request.permissions_list, request.realm, request.permissions)
    given = _require_grant(context, chosen)
    role = Role(role_store.ROLES.new_id(tx), name, False, given)
    role_store.ROLES.insert(tx, role)
    context.record(name, {"id": role.id, "permissions": sorted(given)})
    return view_roles(tx, [role])[0]


@routes.patch("/roles/{role_id:int}/", action="role.modify", body=RoleChange)
def modify_role(context: WriteContext, request: RoleChange, role_id: int) -> RoleView:
    """Rename a role, or give it another set of permissions."""
    role = ROLES.find(context, role_id, "edit")
    wanted = role
    if request.name is not UNSET and roles.check_role_name(request.name) != role.name:
        wanted = replace(wanted, name=_check_free_role_name(context, request.name))
    if request.permissions_list is not UNSET:
        permissions = frozenset(request.permissions_list)
        _require_grant(context, permissions - role.permissions)
        wanted = replace(wanted, permissions=permissions)
    return _update_role(context, role, wanted)


@routes.patch("/roles/{role_id:int}/assign/", action="role.assign", body=Assignment)
def assign_permissions(context: WriteContext, request: Assignment, role_id: int) -> RoleView:
    """Add permissions in a realm to a role; those that it has already stay."""
    role = ROLES.find(context, role_id, "edit")
    chosen = roles.chosen_permissions(None, request.realm, request.permissions)
    added = _require_grant(context, chosen - role.permissions)
    return _update_role(context, role, replace(role, permissions=role.permissions | added))


@routes.patch("/roles/{role_id:int}/unassign/", action="role.unassign", body=Assignment)
def unassign_permissions(context: WriteContext, request: Assignment, role_id: int) -> RoleView:
    """Take permissions in a realm from a role; those that it has not are passed over."""
    role = ROLES.find(context, role_id, "edit")
    if role_store.REALMS.find_by_name(context.tx, request.realm) is None:
        raise Invalid(f"there is no realm {quote(request.realm)}", "See: realm list")
    taken = roles.chosen_permissions(None, request.realm, request.permissions)
    return _update_role(context, role, replace(role, permissions=role.permissions - taken))


@routes.delete("/roles/{role_id:int}/", action="role.delete")
def delete_role(context: WriteContext, role_id: int) -> None:
    """Delete a role; whoever holds it loses what it gave."""
    role = ROLES.find(context, role_id, "delete")
    roles.require_changeable(role)
    holders = role_store.managers_by_role(context.tx, role.name, role.name).get(role.id, [])
    with grants.sparing_built_in(context.tx):
        role_store.ROLES.delete(context.tx, role.id)
    context.record(role.name, {"id": role.id, "held_by": len(holders)})


def _update_role(context: WriteContext, role: Role, wanted: Role) -> RoleView:
    """Keep a changed role; a default role keeps its name."""
    if wanted.name != role.name:
        roles.require_changeable(role)
    ROLES.update(context, role, wanted)
    return view_roles(context.tx, [wanted])[0]


def _require_grant(context: WriteContext, permissions: frozenset[str]) -> frozenset[str]:
    """Return permissions that are about to be given, if there are such and the actor may give them."""
    checked = roles.check_permissions(permissions, role_store.custom_realms(context.tx, permissions))
    grants.require_grant(context, checked)
    return checked


def _check_free_role_name(context: WriteContext, request: str) -> str:
    name = ROLES.check_free_name(context.tx, request)
    narrowed = token_store.Filter(policy=name)
    if not permissions.holds_every_right(context.actor) and token_store.count(context.tx, narrowed):
        raise Forbidden(
            f"tokens are narrowed to a role named {name}, so giving a role that name takes every right",
            "Choose another name.",
        )
    return name


REALMS = NamedResource("realm", role_store.REALMS, lambda realm: realm.object_types, roles.check_realm_name)


class NewRealm(Body, frozen=True):
    """What a new realm is to be."""

    name: str
    object_types: tuple[str, ...] = ()


class RealmChange(Body, frozen=True):
    """What is to change; what is left out stays."""

    name: str | UnsetType = UNSET
    object_types: tuple[str, ...] | UnsetType = UNSET


class ObjectTypes(Body, frozen=True):
    """The object types that a realm is to gain or to lose."""

    object_types: tuple[str, ...]


class RealmView(msgspec.Struct, frozen=True):
    """A realm as it is shown."""

    id: int
    name: str
    object_types: list[str]
    is_default: bool


def view_realm(realm: Realm) -> RealmView:
    """Show a realm."""
    return RealmView(realm.id, realm.name, sorted(realm.object_types), realm.built_in)


@routes.get("/realms/", action="realm.list", query=NameQuery)
def list_realms(context: ReadContext, query: NameQuery) -> Any:
    """List realms in the order of their names."""
    return REALMS.list(context, query, lambda _, found: [view_realm(realm) for realm in found])


@routes.get("/realms/{realm_id:int}/", action="realm.show")
def show_realm(context: ReadContext, realm_id: int) -> RealmView:
    """Show one realm."""
    return view_realm(REALMS.find(context, realm_id, "view"))


@routes.post("/realms/", action="realm.create", body=NewRealm)
def create_realm(context: WriteContext, request: NewRealm) -> RealmView:
    """Create a realm; permissions can be given in it once it has an object type."""
    tx = context.tx
    permissions.require(context.actor, "create", "realm")
    name, object_types = REALMS.check_free_name(tx, request.name), roles.check_object_types(request.object_types)
    permissions.require_widening(context.actor, object_types)
    realm = Realm(role_store.REALMS.new_id(tx), name, False, object_types)
    role_store.REALMS.insert(tx, realm)
    context.record(name, {"id": realm.id, "object_types": sorted(object_types)})
    return view_realm(realm)


@routes.patch("/realms/{realm_id:int}/", action="realm.modify", body=RealmChange)
def modify_realm(context: WriteContext, request: RealmChange, realm_id: int) -> RealmView:
    """Rename a realm that nobody uses yet, or give it another set of object types."""
    realm = REALMS.find(context, realm_id, "edit")
    roles.require_changeable(realm)
    wanted = realm
    if request.name is not UNSET and roles.check_realm_name(request.name) != realm.name:
        _require_unused(context.tx, realm, "renamed")
        wanted = replace(wanted, name=REALMS.check_free_name(context.tx, request.name))
    if request.object_types is not UNSET:
        wanted = replace(wanted, object_types=roles.check_object_types(request.object_types))
    return _update_realm(context, realm, wanted)


@routes.patch("/realms/{realm_id:int}/assign/", action="realm.assign", body=ObjectTypes)
def assign_object_types(context: WriteContext, request: ObjectTypes, realm_id: int) -> RealmView:
    """Add object types to a realm."""
    realm = REALMS.find(context, realm_id, "edit")
    added = roles.check_object_types(request.object_types)
    return _update_realm(context, realm, replace(realm, object_types=realm.object_types | added))


@routes.patch("/realms/{realm_id:int}/unassign/", action="realm.unassign", body=ObjectTypes)
def unassign_object_types(context: WriteContext, request: ObjectTypes, realm_id: int) -> RealmView:
    """Take object types from a realm; those that it has not are passed over."""
    realm = REALMS.find(context, realm_id, "edit")
    taken = roles.check_object_types(request.object_types)
    return _update_realm(context, realm, replace(realm, object_types=realm.object_types - taken))


@routes.delete("/realms/{realm_id:int}/", action="realm.delete")
def delete_realm(context: WriteContext, realm_id: int) -> None:
    """Delete a realm in which nobody holds a permission."""
    realm = REALMS.find(context, realm_id, "delete")
    roles.require_changeable(realm)
    _require_unused(context.tx, realm, "deleted")
    role_store.REALMS.delete(context.tx, realm.id)
    context.record(realm.name, {"id": realm.id})


def _update_realm(context: WriteContext, realm: Realm, wanted: Realm) -> RealmView:
    """Keep a changed realm, if it may be changed and its new object types may be given."""
    roles.require_changeable(realm)
    permissions.require_widening(context.actor, wanted.object_types - realm.object_types)
    REALMS.update(context, realm, wanted)
    return view_realm(wanted)


def _require_unused(tx: Reads, realm: Realm, fate: str) -> None:
    if role_store.is_realm_in_use(tx, realm.name):
        raise Conflict(
            f"somebody holds permissions in the realm {realm.name}, so it cannot be {fate}",
            f"Take them from the roles first: role unassign --realm {realm.name}",
        )


class PermissionView(msgspec.Struct, frozen=True):
    """A permission as it is shown; `resources` are the object types that it is about."""

    id: int
    codename: str
    name: str
    permission_type: str
    realm: str
    resources: list[str]


def view_permissions(realm: Realm) -> list[PermissionView]:
    """Show the permissions of a realm."""
    first, resources = (realm.id - 1) * len(permissions.ACTIONS) + 1, sorted(realm.object_types)
    name = realm.name
    return [
        PermissionView(number, f"{kind}_{name}", f"Can {kind} in {name}", kind, name, resources)
        for number, kind in enumerate(permissions.ACTIONS, first)
    ]


@routes.get("/permissions/", action="permission.list", query=paging.Paged)
def list_permissions(context: ReadContext, query: paging.Paged) -> Any:
    """List permissions by realm."""
    permissions.require(context.actor, "view", "permission")
    realms = role_store.REALMS.page(context.tx, None, role_store.REALMS.count(context.tx))
    found = sorted((each for realm in realms for each in view_permissions(realm)), key=lambda shown: shown.id)

    def fetch(size: int, after: str, skip: int) -> list[PermissionView]:
        return [each for each in found if each.id > paging.number(after)][skip : skip + size]

    return paging.list_page(query, "/api/permissions/", lambda: len(found), fetch, lambda shown: str(shown.id))
