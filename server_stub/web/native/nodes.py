"""/api/nodes/: paths with a UUID, for the scopes of tokens to name.

A token with scopes reaches the nodes that lie within them, and no other. A UUID that scopes name already, of a node
that was deleted, is given a path by whoever holds every right: else its tokens would be turned to another part of the
tree.
"""

import uuid
from typing import Any

import msgspec

from server_stub.domain.access import file_gate
from server_stub.domain.access.file_gate import Step
from server_stub.domain.accounts import permissions
from server_stub.domain.base.errors import Conflict, Forbidden, Invalid, NotFound, quote
from server_stub.domain.base.timestamps import rfc3339
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Node
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import tokens as token_store
from server_stub.store.engine.connection import Duplicate
from server_stub.web.http import paging
from server_stub.web.http.decoding import Body
from server_stub.web.http.routing import Routes

routes = Routes("/api/nodes")


class NewNode(Body, frozen=True):
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


def view_node(node: Node) -> NodeView:
    """Show a node."""
    return NodeView(node.uuid, node.path, rfc3339(node.created_at))


@routes.get("/", action="node.list", query=NodeQuery)
def list_nodes(context: ReadContext, query: NodeQuery) -> Any:
    """List nodes in the order of their paths."""
    _require(context, "view", query.path or "/")
    if query.path is not None:
        node = token_store.find_node_by_path(context.tx, query.path)
        return [view_node(node)] if node else []

    def fetch(size: int, after: str, skip: int) -> list[NodeView]:
        return [view_node(node) for node in token_store.page_nodes(context.tx, size, after, skip, query.prefix or "")]

    return paging.list_page(query, "/api/nodes/", lambda: token_store.count_nodes(context.tx), fetch, lambda n: n.path)


@routes.post("/", action="node.create", body=NewNode)
def create_node(context: WriteContext, request: NewNode) -> NodeView:
    """Give a path a UUID."""
    path = tokens.check_path(request.path)
    _require(context, "create", path)
    node = Node(_make_uuid(context, request.uuid), path, context.now)
    try:
        token_store.insert_node(context.tx, node)
    except Duplicate:
        raise Conflict(f"there is a node {quote(node.path)} already", "See: node list") from None
    context.record(node.uuid, {"path": node.path})
    return view_node(node)


def _make_uuid(context: WriteContext, request: str | None) -> str:
    if not request:
        return str(uuid.UUID(bytes=context.server.fresh(16), version=4))
    try:
        given = str(uuid.UUID(request))
    except ValueError:
        raise Invalid(f"{quote(request)} is not a UUID", "Leave it out to have one made.") from None
    if not permissions.holds_every_right(context.actor) and token_store.is_scope(context.tx, given):
        raise Forbidden("scopes of tokens name this UUID, so giving it a path takes every right", "Leave out --uuid.")
    return given


@routes.get("/{node_uuid}/", action="node.show")
def show_node(context: ReadContext, node_uuid: str) -> NodeView:
    """Show one node."""
    return view_node(_find_node(context, node_uuid, "view"))


@routes.delete("/{node_uuid}/", action="node.delete")
def delete_node(context: WriteContext, node_uuid: str) -> None:
    """Delete a node; scopes that name it cover nothing from then on."""
    node = _find_node(context, node_uuid, "delete")
    token_store.delete_node(context.tx, node.uuid)
    context.record(node.uuid, {"path": node.path})


def _find_node(context: ReadContext, node_uuid: str, action: permissions.Action) -> Node:
    """Find a node that the actor may do this to; one beyond a token's scopes is as good as missing."""
    permissions.require(context.actor, action, "node")
    node = token_store.find_node(context.tx, node_uuid.lower())
    missing = NotFound(f"there is no node {quote(node_uuid)}", "See: node list")
    if node is None:
        raise missing
    try:
        _require(context, action, node.path)
    except Forbidden:
        raise missing from None
    return node


def _require(context: ReadContext, action: permissions.Action, path: str) -> None:
    """Raise Forbidden unless the actor may do this to a path, by their permissions and their token's scopes."""
    paths = token_store.find_node_paths(context.tx, [tokens.parse_scope(text).node for text in context.actor.scopes])
    file_gate.require(context.actor, (Step(path, "read" if action == "view" else "write", (action,)),), paths)
