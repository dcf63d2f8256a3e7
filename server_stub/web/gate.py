"""/auth/check: whether a caller may do that to a file service, for nginx's auth_request and Caddy.

The gateway sends the client's own headers on, with the request's target and method in ``X-Original-URI`` and
``X-Original-Method`` (nginx by its configuration) or ``X-Forwarded-Uri`` and ``X-Forwarded-Method`` (Caddy and Traefik
by themselves). The answer is 204 with who it is, or 401 with how to say so, or 403; it counts as a use of the token.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server_stub.domain.access import file_gate
from server_stub.domain.base.errors import Invalid, Refusal, Unauthenticated
from server_stub.domain.tokens import tokens
from server_stub.operations.authentication import Credential
from server_stub.operations.context import Answer, Header, ReadContext, not_signed_in
from server_stub.store import tokens as token_store
from server_stub.web.http import dialect
from server_stub.web.http.dialect import ErrorResponse, RequestInput, Route
from server_stub.web.http.routing import Routes

OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
"""By these some services take a request for one of another method; the gate would have judged the wrong one."""


def describe_target(header: Header, names: Mapping[str, Any]) -> str:
    """Say in a few words what a gateway asks about, without what stands behind the ``?``: it may hold secrets."""
    method = header("X-Original-Method") or header("X-Forwarded-Method") or ""
    target = header("X-Original-URI") or header("X-Forwarded-Uri") or ""
    return f"{method} {target.partition('?')[0]}".strip()


def _read_nothing(route: Route, sent: RequestInput) -> tuple[Any, ...]:
    """Read nothing: a gateway sends on what stands behind the ``?`` of another address."""
    return ()


def _render_error(refusal: Refusal, route: Route | None = None) -> ErrorResponse:
    """Say 401 or 403: nginx turns every other refusal into a 500 of its own."""
    refused = dialect.render_error(refusal, route)
    if refused.status < 500 and not isinstance(refusal, Unauthenticated):
        return replace(refused, status=403)
    return refused


def _find_credential(header: Header) -> Credential:
    """Find the credential of the client, for whom a gateway asks: whom an address is trusted for is the gateway."""
    shown = dialect.find_credential(header)
    if shown is None:
        raise not_signed_in()
    return shown


DIALECT = replace(
    dialect.NATIVE_DIALECT,
    find_credential=_find_credential,
    read=_read_nothing,
    render_error=_render_error,
    describe_target=describe_target,
)

routes = Routes("/auth", DIALECT)


@routes.get("/check/", action="gate.check", status=204, quick=True)
def check(context: ReadContext) -> Answer:
    """Tell a gateway whether a caller may send a request on, and who they are."""
    header, actor = context.header, context.actor
    if any(header(name) for name in OVERRIDES):
        raise Invalid("a header asks for another method than the request's", "Send the request with that method.")
    target = file_gate.require_agreement("address", header("X-Original-URI"), header("X-Forwarded-Uri"))
    method = file_gate.require_agreement("method", header("X-Original-Method"), header("X-Forwarded-Method"))
    wanted = file_gate.steps(method, target, header("Destination"), header("Overwrite"))
    paths = token_store.find_node_paths(context.tx, [tokens.parse_scope(text).node for text in actor.scopes])
    file_gate.require(actor, wanted, paths)
    said = {
        "X-Vshell-User": actor.name,
        "X-Vshell-Token-Id": actor.token_id or "",
        "X-Vshell-Permissions": ",".join(sorted(actor.permissions)),
    }
    return Answer(said)
