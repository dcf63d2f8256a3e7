"""permission: what roles and managers can be given, a type in a realm.

Source: VAST, "Authorizing VMS Access and Permissions".
"""

from typing import Annotated

from vshell.kinds import RealmName
from vshell.registry.tree import Column, View, command, describe_object
from vshell.session import Session

describe_object("permission", "Permissions, each a type of action in a realm.")

LIST = View(
    (Column("id"), Column("codename"), Column("permission_type"), Column("realm"), Column("resources")),
    more=("name",),
)


@command("permission list", view=LIST, examples=("permission list", "permission list --realm security"))
def list_(
    session: Session,
    /,
    *,
    realm: Annotated[str | None, RealmName(), "Lists only the permissions in this realm."] = None,
) -> object:
    """List permissions: create, view, edit and delete in each realm, and what each is about."""
    rows = session.api.request("GET", "/permissions/")
    if realm is None or not isinstance(rows, list):
        return rows
    return [row for row in rows if isinstance(row, dict) and row.get("realm") == realm.lower()]
