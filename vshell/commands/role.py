"""role: named sets of permissions that managers hold.

Source: VAST's pages "role list", "role assign" and "role unassign". A role is named by ``--name`` or ``--id``.
"""

from typing import Annotated, Required, TypedDict, Unpack

from vshell.commands._objects import Collection
from vshell.kinds import Choice, ListOf, PermissionName, RealmName, RoleId, RoleName, Text
from vshell.registry.tree import command, describe_object
from vshell.registry.view import Column, View, columns
from vshell.session import Session

describe_object("role", "Roles, named sets of permissions that managers hold.")

ROLES = Collection("/roles/")
COLUMNS = columns(
    "id",
    "name",
    "managers",
    "ldap_groups",
    "tenants",
    Column("is_default", "Default"),
    Column("is_admin", "Is Admin"),
    "tenant_id",
    Column("tenant_name", "Tenant name"),
)
LIST = View(COLUMNS, more=("permissions",))
SHOW = View((*COLUMNS, Column("permissions")), layout="vertical")
CREATED = View(SHOW.columns, sentence="Role {name} with id: {id} has been created")
MODIFIED = View(SHOW.columns, sentence="Role {name} with id: {id} has been modified")
DELETED = View(columns("id", "name"), sentence="Role {name} with id: {id} has been deleted")

TYPES = ListOf(Choice("create", "view", "edit", "delete"), metavar="create|view|edit|delete")
Types = Annotated[list[str], TYPES, "Names the type of permission, or several with commas; all four if not given."]
NAMED = (("name", "id"),)
BACK = ROLES.reversal({"name": lambda row: row.get("name"), "permissions_list": lambda row: row.get("permissions")})


class Named(TypedDict, total=False):
    """What names a role."""

    name: Annotated[str, RoleName(), "Specifies the role by its name."]
    id_: Annotated[int, RoleId(), "Specifies the role by its id."]


class NewRole(TypedDict, total=False):
    """What a new role is to be."""

    name: Required[Annotated[str, Text("NAME"), "Names the new role."]]
    permissions_list: Annotated[
        list[str], ListOf(PermissionName()), "Gives it these permissions; then realm and type are passed over."
    ]
    realm: Annotated[str, RealmName(), "Gives it the permissions in this realm."]
    permissions: Types


class Changes(Named, total=False):
    """What a role is to become."""

    new_name: Annotated[str, Text("NAME"), "Changes the name of the role."]
    permissions_list: Annotated[
        list[str], ListOf(PermissionName()), "Gives it these permissions and no others; '' takes all away."
    ]


class Assignment(Named, total=False):
    """Permissions in a realm that a role gets or loses."""

    realm: Required[Annotated[str, RealmName(), "Names the realm of the permissions."]]
    permissions: Types


@command("role list", view=LIST, examples=("role list",))
def list_(session: Session, /) -> object:
    """List roles and who holds them."""
    return session.client.request("GET", ROLES.path)


@command("role show", view=SHOW, examples=("role show --name read_only", "role show --id 2"), one_of=NAMED)
def show(session: Session, /, **role: Unpack[Named]) -> object:
    """Show one role with its permissions."""
    return ROLES.find(session, role)


@command(
    "role create",
    view=CREATED,
    examples=(
        "role create --name token_admins --realm security",
        "role create --name auditors --permissions-list view_security,view_events",
    ),
    changes=True,
    undo="Delete it with: role delete --id {id}",
)
def create(session: Session, /, **fields: Unpack[NewRole]) -> object:
    """Create a role; nobody can give it more rights than they have themselves.

    With a type and no realm it gets the permissions of that type in every predefined realm. Without any of them
    it is empty; "role assign" fills it.
    """
    return session.client.request("POST", ROLES.path, fields)


@command(
    "role modify",
    view=MODIFIED,
    examples=("role modify --name auditors --new-name reviewers",),
    one_of=NAMED,
    changes=True,
    undo=BACK,
)
def modify(session: Session, /, **fields: Unpack[Changes]) -> object:
    """Modify the name of a role, or all of its permissions at once; default roles stay as they are."""
    return ROLES.change(session, fields)


@command(
    "role assign",
    view=MODIFIED,
    examples=("role assign --id 2 --realm logical --permissions create", "role assign --name auditors --realm events"),
    one_of=NAMED,
    changes=True,
    undo=BACK,
)
def assign(session: Session, /, **fields: Unpack[Assignment]) -> object:
    """Assign permissions in a realm to a role; those that it has already stay.

    Without --permissions the role gets all four types. Nobody can assign what they lack themselves.
    """
    return ROLES.act(session, "assign", fields)


@command(
    "role unassign",
    view=MODIFIED,
    examples=("role unassign --name auditors --realm events --permissions delete",),
    one_of=NAMED,
    changes=True,
    undo=BACK,
)
def unassign(session: Session, /, **fields: Unpack[Assignment]) -> object:
    """Take permissions in a realm from a role; whoever holds it loses them at once."""
    return ROLES.act(session, "unassign", fields)


@command(
    "role delete",
    view=DELETED,
    examples=("role delete --name auditors",),
    one_of=NAMED,
    changes=True,
    confirm="Delete role {target}? Whoever holds it loses at once what it gave.",
    undo="Create the role anew with: role create",
)
def delete(session: Session, /, **role: Unpack[Named]) -> object:
    """Delete a role; default roles cannot be deleted."""
    return ROLES.delete(session, role)
