"""Roles: /api/roles/, named sets of permissions that managers hold (vcli.md section 3.1).

Default roles keep their names and are never deleted. Adding a permission to a role, or giving a new role one, takes
every right that goes with it, for whoever holds the role gains it. Giving a role a name that tokens are narrowed to
takes every right: a role of that name is gone, or was never there, and they would gain what this one holds.
`ldap_groups`, `tenants` and what follows them are VAST's columns; this server has neither directories nor tenants, so
they are empty.
"""

from dataclasses import replace
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from server_stub.domain.accounts import permissions, roles
from server_stub.domain.accounts.roles import Role
from server_stub.domain.base.errors import Forbidden, Invalid, quote
from server_stub.operations import grants
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import Reads
from server_stub.store import roles as role_store
from server_stub.store import tokens as token_store
from server_stub.web.http.decoding import Body
from server_stub.web.http.routing import Routes
from server_stub.web.native.named_resources import NamedResource, NameQuery

routes = Routes("/api")


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
