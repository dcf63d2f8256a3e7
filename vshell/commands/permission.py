"""permission: what roles and managers can be given, a type in a realm.

Source: VAST, "Authorizing VMS Access and Permissions".
"""

from typing import Annotated

from vshell.kinds import RealmName
from vshell.registry.tree import command, describe_object
from vshell.registry.view import View, columns
from vshell.session import Session

describe_object("permission", "Permissions, each a type of action in a realm.")

LIST = View(columns("id", "codename", "permission_type", "realm", "resources"), more=("name",))


@command("permission list", view=LIST, examples=("permission list", "permission list --realm security"))
def list_(
    session: Session,
    /,
    *,
    realm: Annotated[str | None, RealmName(), "Lists only the permissions in this realm."] = None,
) -> object:
    """List permissions: create, view, edit and delete in each realm, and what each is about."""
    rows = session.client.get_list("/permissions/")
    if realm is None:
        return rows
    return [row for row in rows if isinstance(row, dict) and row.get("realm") == realm.lower()]
