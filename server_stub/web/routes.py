"""All routes of the server, front door by front door, and the document that describes them."""

import functools

import msgspec

from server_stub.operations.context import ReadContext
from server_stub.web import gate, oauth, pages, vault
from server_stub.web.http import openapi
from server_stub.web.http.dialect import Route
from server_stub.web.http.routing import Routes
from server_stub.web.native import audit, managers, nodes, own_tokens, realms, rehearsals, roles, sessions, tokens, vms

routes = Routes("")


@routes.get("/openapi.json", action="server.describe", open=True)
def describe(context: ReadContext) -> msgspec.Raw:
    """Describe every address of this server (OpenAPI 3.1)."""
    return _encode_document()


@functools.cache
def _encode_document() -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(openapi.document(ROUTES)))


class Action(msgspec.Struct, frozen=True):
    """What may stand as the action of an audit record."""

    name: str


@routes.get("/api/audit/actions/", action="audit.actions")
def actions(context: ReadContext) -> list[Action]:
    """List the actions that the audit chain knows."""
    return [Action(name) for name in sorted({route.action for route in ROUTES} | OWN_ACTIONS)]


OWN_ACTIONS = {
    "server.founded",
    "audit.key",
    "many.refusals",
    "device.shown",
    "device.approved",
    "device.denied",
    "device.expired",
    "device.withdrawn",
}
"""What the server records of its own acts, or for the page of the device flow."""

DOORS = (openapi, sessions, tokens, nodes, managers, realms, roles, vms, own_tokens, audit, gate)
ROUTES: list[Route] = [
    *routes.all,
    *(route for door in DOORS for route in door.routes.all),
    *oauth.ROUTES,
    *vault.ROUTES,
]
"""What programs ask for; the document describes these."""

ROUTES += rehearsals.declare(tuple(ROUTES)).all

SERVED: list[Route] = [*ROUTES, *pages.ROUTES]
"""All routes: those and the pages for people."""
