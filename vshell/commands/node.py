"""node: paths with a UUID, for the scopes of tokens to name."""

from typing import Annotated, Any, TypedDict, Unpack

from vshell.commands._objects import drop_none
from vshell.errors import NotFound
from vshell.formats.text import quote
from vshell.kinds import NodeId, NodePath
from vshell.registry.tree import command, describe_object
from vshell.registry.view import Column, View, columns
from vshell.session import Session

describe_object("node", "Paths with a UUID, which the scopes of tokens name.")

PATH = "/nodes/"
COLUMNS = columns(Column("uuid", "UUID"), "path")
LIST = View(COLUMNS, more=("created",))
SHOW = View((*COLUMNS, Column("created")), layout="vertical")
CREATED = View(COLUMNS, sentence="Node {path} has been created with the UUID {uuid}")
DELETED = View(COLUMNS, sentence="Node {path} with the UUID {uuid} has been deleted")
NAMED = (("uuid", "path"),)


class Named(TypedDict, total=False):
    """What names a node."""

    uuid: Annotated[str, NodeId(), "Specifies the node by its UUID."]
    path: Annotated[str, NodePath(), "Specifies the node by its path."]


@command("node create", view=CREATED, examples=("node create --path /projects/x",), changes=True)
def create(
    session: Session,
    /,
    *,
    path: Annotated[str, NodePath(), "Names the path, as clients of the file service write it."],
    uuid: Annotated[str | None, NodeId(), "Gives it this UUID; one is made up if not given."] = None,
) -> object:
    """Give a path a UUID, so that scopes can name it and all that lies below it.

    Behind a gateway the path is the one of the client's request: see "help gateway". Upper and lower case differ.
    """
    return session.client.request("POST", PATH, drop_none(path=path, uuid=uuid))


@command("node list", view=LIST, examples=("node list",))
def list_(session: Session, /) -> object:
    """List nodes in the order of their paths."""
    return session.client.request("GET", PATH)


@command("node show", view=SHOW, examples=("node show --path /projects/x",), one_of=NAMED)
def show(session: Session, /, **node: Unpack[Named]) -> object:
    """Show one node."""
    return _find(session, **node)


@command(
    "node delete",
    view=DELETED,
    examples=("node delete --path /projects/x",),
    one_of=NAMED,
    changes=True,
    confirm="Delete node {uuid}{path}? Tokens with a scope that names it reach nothing by that scope from then on.",
)
def delete(session: Session, /, **node: Unpack[Named]) -> object:
    """Delete a node; nothing is done to the files at its path."""
    row = _find(session, **node)
    session.client.request("DELETE", f"{PATH}{row['uuid']}/")
    return {"uuid": row["uuid"], "path": row["path"]}


def _find(session: Session, uuid: str = "", path: str = "") -> dict[str, Any]:
    """Return a node by its UUID or its path; raises NotFound."""
    answer = session.client.request("GET", f"{PATH}{uuid}/" if uuid else PATH, query={"path": path or None})
    rows = answer if isinstance(answer, list) else [answer]
    if not rows or not isinstance(rows[0], dict):
        raise NotFound(f"There is no node at {quote(path or uuid)}.", "See the nodes there are: node list")
    return rows[0]
