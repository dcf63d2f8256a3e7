"""Realms and permissions: /api/realms/, /api/permissions/ (vcli.md sections 3.3, 3.5).

Predefined realms stay as they are (VAST, "Managing User-Defined Permission Realms"). Adding an object type to a realm
takes all four rights on it, for whoever holds a permission in the realm gains it. A realm in which anyone holds a
permission keeps its name and stays.

There are four permissions for each realm. They are made from the realms; their numbers follow from the realms' numbers,
so that they stay the same.
"""

from dataclasses import replace
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from server_stub.domain.accounts import permissions, roles
from server_stub.domain.accounts.roles import Realm
from server_stub.domain.base.errors import Conflict
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import Reads
from server_stub.store import roles as role_store
from server_stub.web.http import paging
from server_stub.web.http.decoding import Body
from server_stub.web.http.routing import Routes
from server_stub.web.native.named_resources import NamedResource, NameQuery

routes = Routes("/api")

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

    return paging.list_page(query, "/api/permissions/", lambda: len(found), fetch)
