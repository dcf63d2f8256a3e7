"""/api/nodes/: paths with a UUID, for the scopes of tokens to name."""

import uuid
from typing import Any

import msgspec

from server_stub import rights, scopes
from server_stub.errors import Conflict, Invalid, NotFound, quoted
from server_stub.moments import rfc3339
from server_stub.scopes import Node
from server_stub.store import nodes as node_store
from server_stub.store.connection import Duplicate
from server_stub.web import paging
from server_stub.web.routing import Body, Change, Look, Routes

routes = Routes("/api/nodes")


class NodeWish(Body, frozen=True):
    """The path of a new node, and its UUID if that is not to be made up."""

    path: str
    uuid: str | None = None


class NodeQuery(paging.Searched, frozen=True):
    """Which nodes to list."""

    path: str | None = None


class NodeView(msgspec.Struct, frozen=True):
    """A node as it is shown."""

    uuid: str
    path: str
    created: str


def view(node: Node) -> NodeView:
    """Show a node."""
    return NodeView(node.uuid, node.path, rfc3339(node.created_at))


@routes.get("/", action="node.list", query=NodeQuery)
def list_nodes(look: Look, query: NodeQuery) -> Any:
    """List nodes in the order of their paths."""
    rights.require(look.actor, "view", "node")
    if query.path is not None:
        node = node_store.find_by_path(look.tx, query.path)
        return [view(node)] if node else []

    def fetch(size: int, after: str, skip: int) -> list[NodeView]:
        return [view(node) for node in node_store.page(look.tx, size, after, skip, query.prefix or "")]

    return paging.listed(query, "/api/nodes/", lambda: node_store.count(look.tx), fetch, lambda shown: shown.path)


@routes.post("/", action="node.create", body=NodeWish)
def create(change: Change, wish: NodeWish) -> NodeView:
    """Give a path a UUID."""
    rights.require(change.actor, "create", "node")
    node = Node(_uuid(change, wish.uuid), scopes.check_path(wish.path), change.now)
    try:
        node_store.insert(change.tx, node)
    except Duplicate:
        raise Conflict(f"there is a node {quoted(node.path)} already", "See: node list") from None
    change.record(node.uuid, {"path": node.path})
    return view(node)


def _uuid(change: Change, wish: str | None) -> str:
    try:
        return str(uuid.UUID(wish) if wish else uuid.UUID(bytes=change.site.fresh(16), version=4))
    except ValueError:
        raise Invalid(f"{quoted(wish or '')} is not a UUID", "Leave it out to have one made.") from None


@routes.get("/{node_uuid}/", action="node.show")
def show(look: Look, node_uuid: str) -> NodeView:
    """Show one node."""
    rights.require(look.actor, "view", "node")
    return view(_found(look, node_uuid))


@routes.delete("/{node_uuid}/", action="node.delete")
def delete(change: Change, node_uuid: str) -> None:
    """Delete a node; scopes that name it cover nothing from then on."""
    rights.require(change.actor, "delete", "node")
    node = _found(change, node_uuid)
    node_store.delete(change.tx, node.uuid)
    change.record(node.uuid, {"path": node.path})


def _found(look: Look, node_uuid: str) -> Node:
    node = node_store.find(look.tx, node_uuid.lower())
    if node is None:
        raise NotFound(f"there is no node {quoted(node_uuid)}", "See: node list")
    return node
