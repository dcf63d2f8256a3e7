"""The dialects of OAuth's front doors: forms and queries as they come, refusals as in RFC 6749, 5.2."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import falcon
import msgspec

from server_stub.domain.base import errors
from server_stub.domain.base.errors import Invalid, Refusal
from server_stub.operations.authentication import Credential
from server_stub.operations.context import Header
from server_stub.web.http import decoding, dialect
from server_stub.web.http.decoding import Body
from server_stub.web.http.dialect import ErrorResponse, RequestInput, Route
from server_stub.web.http.routing import Routes

OWN_CODES = frozenset({"invalid_scope", "invalid_grant", "unsupported_grant_type", "unauthorized_client"})
"""Codes of refusals that are OAuth's already."""

CODES: Mapping[str, str] = {
    "device_flow_off": "unauthorized_client",
    "quota_exceeded": "access_denied",
    "not_authenticated": "invalid_token",
    "permission_denied": "insufficient_scope",
}
SORTS: Mapping[type[Refusal], tuple[int, str]] = {
    errors.Invalid: (400, "invalid_request"),
    errors.Unauthenticated: (401, "invalid_token"),
    errors.Forbidden: (400, "access_denied"),
    errors.NotFound: (404, "invalid_request"),
    errors.Conflict: (400, "access_denied"),
    errors.SlowDown: (429, "slow_down"),
    errors.Unavailable: (503, "temporarily_unavailable"),
    Refusal: (500, "server_error"),
}
_UNSAYABLE = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")


class OAuthError(msgspec.Struct, frozen=True):
    """What every refusal looks like: a code, and a sentence with the next step."""

    error: str
    error_description: str


class Form(Body, frozen=True, forbid_unknown_fields=False):
    """What is sent; fields that are not known are ignored, and an empty one is absent (RFC 6749, 3.1)."""


def _no_client(header: Header) -> Credential | None:
    """Return the token that is shown, in any form but Basic: that is the client's own credential (RFC 6749, 2.3.1)."""
    scheme, _, _ = (header("Authorization") or "").partition(" ")
    return None if scheme.lower() == "basic" else dialect.find_credential(header)


def _pairs(route: Route, sent: RequestInput) -> tuple[Any, ...]:
    """Read a form; raise Invalid for a body of another kind."""
    if route.method == "GET" or route.input.body is None:
        return ()
    if sent.content and not sent.content_type.lower().startswith(falcon.MEDIA_URLENCODED):
        raise Invalid("the body is no form", "Send it as application/x-www-form-urlencoded.")
    return (decoding.body(sent.content, route.input.body, form=True),)


def _pairs_anywhere(route: Route, sent: RequestInput) -> tuple[Any, ...]:
    """Read a form that stands behind the ``?``, in the body, or in part here and there, as Zoho's clients send it."""
    if route.method == "GET" or route.input.body is None:
        return ()
    content = b"&".join(part for part in (sent.query.encode(), sent.content) if part)
    return (decoding.body(content, route.input.body, form=True),)


def describe_refusal(sentence: str, hint: str | None = None) -> str:
    """Return a sentence and its next step in the characters that a description may have (RFC 6749, 5.2)."""
    text = sentence if hint is None else f"{sentence}. {hint}"
    return _UNSAYABLE.sub("?", text.replace('"', "'"))


def render_error(refusal: Refusal, route: Route | None = None) -> ErrorResponse:
    """Say a refusal as OAuth does."""
    status, code = next(SORTS[sort] for sort in type(refusal).__mro__ if sort in SORTS)
    code = refusal.code if refusal.code in OWN_CODES else CODES.get(refusal.code, code)
    status = 403 if code == "insufficient_scope" else dialect.SPECIAL_STATUSES.get(refusal.code, status)
    body = OAuthError(code, describe_refusal(refusal.sentence, refusal.hint))
    return ErrorResponse(status, body, dialect.headers_of(refusal))


def _render_miss(status: int, method: str, path: str) -> ErrorResponse:
    sentence = "this address does not take that" if status == 405 else "no such address"
    return ErrorResponse(status, OAuthError("invalid_request", sentence))


DIALECT = replace(
    dialect.NATIVE_DIALECT,
    read=_pairs,
    render_error=render_error,
    render_miss=_render_miss,
    error_type=OAuthError,
    prefixes=("/oauth/", "/.well-known/oauth-"),
)
"""An audit record says nothing of what a request is about: no address here names anything, and forms hold secrets."""

rfc = Routes("", DIALECT)
starts = Routes("", replace(DIALECT, find_credential=_no_client, prefixes=()))
zoho = Routes("", replace(DIALECT, read=_pairs_anywhere, prefixes=("/oauth/v2/", "/oauth/v3/", "/baas/")))
