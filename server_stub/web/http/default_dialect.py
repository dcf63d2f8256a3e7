"""The dialect of the native API: VMS's credentials and bodies, and our shape of refusals."""

from collections.abc import Mapping
from typing import Any

import falcon
import msgspec

from server_stub.domain.base import errors, token_format
from server_stub.domain.base.errors import Refusal
from server_stub.operations import authentication
from server_stub.operations.authentication import Credential
from server_stub.operations.context import Header
from server_stub.web.http import decoding
from server_stub.web.http.dialect import Body, Dialect, ErrorResponse, Query, RequestInput, Route

STATUSES: Mapping[type[Refusal], int] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.SlowDown: 429,
    errors.Unavailable: 503,
    Refusal: 500,
}
SPECIAL_STATUSES: Mapping[str, int] = {"too_slow": 408, "too_large": 413, "idempotency_key_reused": 422}
"""The statuses of codes that say more than their sort."""

CHALLENGE = 'Bearer realm="vshell", Basic realm="vshell", charset="UTF-8"'


class Problem(msgspec.Struct, frozen=True):
    """What every refusal of the native API looks like."""

    detail: str
    code: str
    hint: str | None


def status_of(refusal: Refusal, statuses: Mapping[type[Refusal], int] = STATUSES) -> int:
    """Return the HTTP status of a refusal by its sort, or by its code where that says more."""
    return SPECIAL_STATUSES.get(refusal.code) or next(
        statuses[sort] for sort in type(refusal).__mro__ if sort in statuses
    )


def find_credential(header: Header) -> Credential | None:
    """Return the credential that a request shows, if any; raise Unauthenticated and Invalid."""
    return authentication.find_credential(header("Authorization"), header("X-Vault-Token"))


def read(route: Route, sent: RequestInput) -> tuple[Any, ...]:
    """Decode what the route takes: nothing, or the one value that the handler is handed."""
    wanted = route.input
    if route.method == "GET":
        query = decoding.query(sent.query, wanted.query or Query)
        return (query,) if wanted.query else ()
    form = wanted.takes_form and sent.content_type.startswith(falcon.MEDIA_URLENCODED)
    body = decoding.body(sent.content, wanted.body or Body, form)
    return (body,) if wanted.body else ()


def render_error(refusal: Refusal, route: Route | None = None) -> ErrorResponse:
    """Say a refusal with its code for programs and its next step for people."""
    body = {"detail": refusal.sentence, "code": refusal.code, "hint": refusal.hint}
    return ErrorResponse(status_of(refusal), body, headers_of(refusal))


def headers_of(refusal: Refusal) -> Mapping[str, str]:
    """Return the headers that HTTP wants with a refusal (RFC 9110, sections 10.2.3 and 11.6.1)."""
    if isinstance(refusal, errors.Unauthenticated):
        return {"WWW-Authenticate": CHALLENGE}
    if isinstance(refusal, errors.SlowDown):
        return {"Retry-After": str(refusal.retry_after_seconds)}
    return {}


def render_miss(status: int, method: str, path: str) -> ErrorResponse:
    """Say that an address or a method is not served."""
    sentence = {404: "there is nothing at this address", 405: "this address does not take that method"}
    body = {
        "detail": sentence.get(status, "the request cannot be served"),
        "code": {404: "not_found", 405: "method_not_allowed"}.get(status, "invalid"),
        "hint": "the addresses are listed at /openapi.json",
    }
    return ErrorResponse(status, body)


def describe_target(header: Header, names: Mapping[str, Any]) -> str:
    """Return what a request is about: the first name in its path, unless it is no id where a token's belongs."""
    about = str(next(iter(names.values()), ""))
    return "***" if "token_id" in names and not token_format.is_id(about) else about


DIALECT = Dialect(find_credential, read, render_error, render_miss, describe_target, Problem)
