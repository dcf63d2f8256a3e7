"""realm: named sets of object types, in which permissions are given.

Source: VAST, "Managing User-Defined Permission Realms". A realm is named by ``--name`` or ``--id``.
"""

from typing import Annotated

from vshell.commands._objects import acted, changed, deleted, given, row_of
from vshell.kinds import ListOf, RealmId, RealmName, Text
from vshell.registry.tree import Column, View, command, describe_object
from vshell.session import Session

describe_object("realm", "Realms, named sets of object types in which permissions are given.")

PATH = "/realms/"
COLUMNS = (Column("id"), Column("name"), Column("object_types"), Column("is_default", "Default"))
LIST = View(COLUMNS)
SHOW = View(COLUMNS, layout="vertical")
CREATED = View(COLUMNS, sentence="Realm {name} with id: {id} has been created")
MODIFIED = View(COLUMNS, sentence="Realm {name} with id: {id} has been modified")
DELETED = View((Column("id"), Column("name")), sentence="Realm {name} with id: {id} has been deleted")

OBJECT_TYPES = ListOf(
    Text("OBJECT_TYPE", "an object type, as the realm's permissions are about; permission list shows them"),
)

Name = Annotated[str | None, RealmName("NAME"), "Specifies the realm by its name."]
Number = Annotated[int | None, RealmId(), "Specifies the realm by its id."]
NAMED = (("name", "id"),)


@command("realm list", view=LIST, examples=("realm list",))
def list_(session: Session, /) -> object:
    """List realms and their object types."""
    return session.api.request("GET", PATH)


@command("realm show", view=SHOW, examples=("realm show --name security", "realm show --id 5"), one_of=NAMED)
def show(session: Session, /, *, name: Name = None, id_: Number = None) -> object:
    """Show one realm."""
    return row_of(session, PATH, "name", name, id_)


@command(
    "realm create",
    view=CREATED,
    examples=("realm create --name tokens --object-types apitoken,audit",),
    changes=True,
)
def create(
    session: Session,
    /,
    *,
    name: Annotated[str, Text("NAME"), "Names the new realm."],
    object_types: Annotated[list[str] | None, OBJECT_TYPES, "Gives it these object types."] = None,
) -> object:
    """Create a realm; permissions can be given in it as soon as it has an object type."""
    return session.api.request("POST", PATH, given(name=name, object_types=object_types))


@command(
    "realm modify",
    view=MODIFIED,
    examples=("realm modify --name tokens --object-types apitoken",),
    one_of=NAMED,
    changes=True,
)
def modify(
    session: Session,
    /,
    *,
    name: Name = None,
    id_: Number = None,
    new_name: Annotated[
        str | None, Text("NAME"), "Changes the name, while nobody has a permission in the realm."
    ] = None,
    object_types: Annotated[
        list[str] | None, OBJECT_TYPES, "Gives it these object types and no others; '' takes all away."
    ] = None,
) -> object:
    """Modify the name of a realm, or all of its object types at once; predefined realms stay as they are."""
    row = row_of(session, PATH, "name", name, id_)
    return changed(session, PATH, row, given(name=new_name, object_types=object_types))


@command(
    "realm assign",
    view=MODIFIED,
    examples=("realm assign --name tokens --object-types manager,role",),
    one_of=NAMED,
    changes=True,
)
def assign(
    session: Session,
    /,
    *,
    name: Name = None,
    id_: Number = None,
    object_types: Annotated[list[str], OBJECT_TYPES, "Names the object types to add."],
) -> object:
    """Assign object types to a realm; who has a permission in it has it for them at once."""
    return acted(session, PATH, "assign", name, id_, {"object_types": object_types})


@command(
    "realm unassign",
    view=MODIFIED,
    examples=("realm unassign --name tokens --object-types role",),
    one_of=NAMED,
    changes=True,
)
def unassign(
    session: Session,
    /,
    *,
    name: Name = None,
    id_: Number = None,
    object_types: Annotated[list[str], OBJECT_TYPES, "Names the object types to take away."],
) -> object:
    """Take object types from a realm; who has a permission in it loses it for them at once."""
    return acted(session, PATH, "unassign", name, id_, {"object_types": object_types})


@command(
    "realm delete",
    view=DELETED,
    examples=("realm delete --name tokens",),
    one_of=NAMED,
    changes=True,
    confirm="Delete realm {target}?",
)
def delete(session: Session, /, *, name: Name = None, id_: Number = None) -> object:
    """Delete a realm in which nobody has a permission; predefined realms cannot be deleted."""
    return deleted(session, PATH, name, id_)
