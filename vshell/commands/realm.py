"""realm: named sets of object types, in which permissions are given.

Source: VAST, "Managing User-Defined Permission Realms". A realm is named by ``--name`` or ``--id``.
"""

from typing import Annotated, Required, TypedDict, Unpack

from vshell.commands._objects import Collection
from vshell.kinds import ListOf, RealmId, RealmName, Text
from vshell.registry.tree import command, describe_object
from vshell.registry.view import Column, View, columns
from vshell.session import Session

describe_object("realm", "Realms, named sets of object types in which permissions are given.")

REALMS = Collection("/realms/")
COLUMNS = columns("id", "name", "object_types", Column("is_default", "Default"))
LIST = View(COLUMNS)
SHOW = View(COLUMNS, layout="vertical")
CREATED = View(COLUMNS, sentence="Realm {name} with id: {id} has been created")
MODIFIED = View(COLUMNS, sentence="Realm {name} with id: {id} has been modified")
DELETED = View(columns("id", "name"), sentence="Realm {name} with id: {id} has been deleted")

OBJECT_TYPES = ListOf(
    Text("OBJECT_TYPE", "an object type, as the realm's permissions are about; permission list shows them"),
)

NAMED = (("name", "id"),)


class Named(TypedDict, total=False):
    """What names a realm."""

    name: Annotated[str, RealmName("NAME"), "Specifies the realm by its name."]
    id_: Annotated[int, RealmId(), "Specifies the realm by its id."]


class NewRealm(TypedDict, total=False):
    """What a new realm is to be."""

    name: Required[Annotated[str, Text("NAME"), "Names the new realm."]]
    object_types: Annotated[list[str], OBJECT_TYPES, "Gives it these object types."]


class Changes(Named, total=False):
    """What a realm is to become."""

    new_name: Annotated[str, Text("NAME"), "Changes the name, while nobody has a permission in the realm."]
    object_types: Annotated[list[str], OBJECT_TYPES, "Gives it these object types and no others; '' takes all away."]


class Added(Named):
    """Object types that a realm gets."""

    object_types: Annotated[list[str], OBJECT_TYPES, "Names the object types to add."]


class Removed(Named):
    """Object types that a realm loses."""

    object_types: Annotated[list[str], OBJECT_TYPES, "Names the object types to take away."]


@command("realm list", view=LIST, examples=("realm list",))
def list_(session: Session, /) -> object:
    """List realms and their object types."""
    return session.client.request("GET", REALMS.path)


@command("realm show", view=SHOW, examples=("realm show --name security", "realm show --id 5"), one_of=NAMED)
def show(session: Session, /, **realm: Unpack[Named]) -> object:
    """Show one realm."""
    return REALMS.find(session, realm)


@command(
    "realm create",
    view=CREATED,
    examples=("realm create --name tokens --object-types apitoken,audit",),
    changes=True,
)
def create(session: Session, /, **fields: Unpack[NewRealm]) -> object:
    """Create a realm; permissions can be given in it as soon as it has an object type."""
    return session.client.request("POST", REALMS.path, fields)


@command(
    "realm modify",
    view=MODIFIED,
    examples=("realm modify --name tokens --object-types apitoken",),
    one_of=NAMED,
    changes=True,
)
def modify(session: Session, /, **fields: Unpack[Changes]) -> object:
    """Modify the name of a realm, or all of its object types at once; predefined realms stay as they are."""
    return REALMS.change(session, fields)


@command(
    "realm assign",
    view=MODIFIED,
    examples=("realm assign --name tokens --object-types manager,role",),
    one_of=NAMED,
    changes=True,
)
def assign(session: Session, /, **fields: Unpack[Added]) -> object:
    """Assign object types to a realm; who has a permission in it has it for them at once."""
    return REALMS.act(session, "assign", fields)


@command(
    "realm unassign",
    view=MODIFIED,
    examples=("realm unassign --name tokens --object-types role",),
    one_of=NAMED,
    changes=True,
)
def unassign(session: Session, /, **fields: Unpack[Removed]) -> object:
    """Take object types from a realm; who has a permission in it loses it for them at once."""
    return REALMS.act(session, "unassign", fields)


@command(
    "realm delete",
    view=DELETED,
    examples=("realm delete --name tokens",),
    one_of=NAMED,
    changes=True,
    confirm="Delete realm {target}?",
)
def delete(session: Session, /, **realm: Unpack[Named]) -> object:
    """Delete a realm in which nobody has a permission; predefined realms cannot be deleted."""
    return REALMS.delete(session, realm)
