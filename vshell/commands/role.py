"""role: named sets of permissions that managers hold.

Source: VAST's pages "role list", "role assign" and "role unassign". A role is named by ``--name`` or ``--id``.
"""

from typing import Annotated

from vshell.commands._objects import acted, changed, deleted, given, row_of
from vshell.kinds import Choice, ListOf, PermissionName, RealmName, RoleId, RoleName, Text
from vshell.registry.tree import Column, Reversal, View, command, describe_object
from vshell.session import Session

describe_object("role", "Roles, named sets of permissions that managers hold.")

PATH = "/roles/"
COLUMNS = (
    Column("id"),
    Column("name"),
    Column("managers"),
    Column("ldap_groups"),
    Column("tenants"),
    Column("is_default", "Default"),
    Column("is_admin", "Is Admin"),
    Column("tenant_id"),
    Column("tenant_name", "Tenant name"),
)
LIST = View(COLUMNS, more=("permissions",))
SHOW = View((*COLUMNS, Column("permissions")), layout="vertical")
CREATED = View(SHOW.columns, sentence="Role {name} with id: {id} has been created")
MODIFIED = View(SHOW.columns, sentence="Role {name} with id: {id} has been modified")
DELETED = View((Column("id"), Column("name")), sentence="Role {name} with id: {id} has been deleted")

TYPES = ListOf(Choice("create", "view", "edit", "delete"), metavar="create|view|edit|delete")

Name = Annotated[str | None, RoleName(), "Specifies the role by its name."]
Number = Annotated[int | None, RoleId(), "Specifies the role by its id."]
Types = Annotated[
    list[str] | None, TYPES, "Names the type of permission, or several with commas; all four if not given."
]
NAMED = (("name", "id"),)


BACK = Reversal(
    f"{PATH}{{id}}/",
    lambda session, values: row_of(session, PATH, "name", values.get("name"), values.get("id")),
    {"name": lambda row: row.get("name"), "permissions_list": lambda row: row.get("permissions")},
)


@command("role list", view=LIST, examples=("role list",))
def list_(session: Session, /) -> object:
    """List roles and who holds them."""
    return session.api.request("GET", PATH)


@command("role show", view=SHOW, examples=("role show --name read_only", "role show --id 2"), one_of=NAMED)
def show(session: Session, /, *, name: Name = None, id_: Number = None) -> object:
    """Show one role with its permissions."""
    return row_of(session, PATH, "name", name, id_)


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
def create(
    session: Session,
    /,
    *,
    name: Annotated[str, Text("NAME"), "Names the new role."],
    permissions_list: Annotated[
        list[str] | None, ListOf(PermissionName()), "Gives it these permissions; then realm and type are passed over."
    ] = None,
    realm: Annotated[str | None, RealmName(), "Gives it the permissions in this realm."] = None,
    permissions: Types = None,
) -> object:
    """Create a role; nobody can give it more rights than they have themselves.

    With a type and no realm it gets the permissions of that type in every predefined realm. Without any of them
    it is empty; "role assign" fills it.
    """
    wishes = given(name=name, permissions_list=permissions_list, realm=realm, permissions=permissions)
    return session.api.request("POST", PATH, wishes)


@command(
    "role modify",
    view=MODIFIED,
    examples=("role modify --name auditors --new-name reviewers",),
    one_of=NAMED,
    changes=True,
    undo=BACK,
)
def modify(
    session: Session,
    /,
    *,
    name: Name = None,
    id_: Number = None,
    new_name: Annotated[str | None, Text("NAME"), "Changes the name of the role."] = None,
    permissions_list: Annotated[
        list[str] | None, ListOf(PermissionName()), "Gives it these permissions and no others; '' takes all away."
    ] = None,
) -> object:
    """Modify the name of a role, or all of its permissions at once; default roles stay as they are."""
    row = row_of(session, PATH, "name", name, id_)
    return changed(session, PATH, row, given(name=new_name, permissions_list=permissions_list))


@command(
    "role assign",
    view=MODIFIED,
    examples=("role assign --id 2 --realm logical --permissions create", "role assign --name auditors --realm events"),
    one_of=NAMED,
    changes=True,
    undo=BACK,
)
def assign(
    session: Session,
    /,
    *,
    name: Name = None,
    id_: Number = None,
    realm: Annotated[str, RealmName(), "Names the realm of the permissions."],
    permissions: Types = None,
) -> object:
    """Assign permissions in a realm to a role; those that it has already stay.

    Without --permissions the role gets all four types. Nobody can assign what they lack themselves.
    """
    return acted(session, PATH, "assign", name, id_, given(realm=realm, permissions=permissions))


@command(
    "role unassign",
    view=MODIFIED,
    examples=("role unassign --name auditors --realm events --permissions delete",),
    one_of=NAMED,
    changes=True,
    undo=BACK,
)
def unassign(
    session: Session,
    /,
    *,
    name: Name = None,
    id_: Number = None,
    realm: Annotated[str, RealmName(), "Names the realm of the permissions."],
    permissions: Types = None,
) -> object:
    """Take permissions in a realm from a role; whoever holds it loses them at once."""
    return acted(session, PATH, "unassign", name, id_, given(realm=realm, permissions=permissions))


@command(
    "role delete",
    view=DELETED,
    examples=("role delete --name auditors",),
    one_of=NAMED,
    changes=True,
    confirm="Delete role {target}? Whoever holds it loses at once what it gave.",
    undo="Create the role anew with: role create",
)
def delete(session: Session, /, *, name: Name = None, id_: Number = None) -> object:
    """Delete a role; default roles cannot be deleted."""
    return deleted(session, PATH, name, id_)
