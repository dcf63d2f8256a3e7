"""Vault's dialect at both addresses, today's and the early ones, and how a route is declared on both.

- A token comes in ``X-Vault-Token`` or as a Bearer; every other scheme is ignored, as Vault does. On the early
  addresses a cookie named ``token`` counts when no header does. A browser sends cookies unasked, so one counts only
  when the request does not come from a page of another origin: no ``Origin``, no ``Sec-Fetch-Site`` but a harmless one.
- PUT is POST, and LIST is GET ``?list=true``.
- Response wrapping and namespaces are not there; a request that asks for one is refused, not served without.
- A refusal has Vault's status and its very words, for its clients match on them. One that Vault has no words for is
  written in ours, with the next step.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from server_stub.domain.base import errors, token_format
from server_stub.domain.base.errors import Invalid, NotFound, Refusal
from server_stub.operations import authentication
from server_stub.operations.authentication import Credential
from server_stub.operations.context import Header
from server_stub.web.http import dialect, headers
from server_stub.web.http.dialect import Dialect, ErrorResponse, Route
from server_stub.web.http.routing import Handler, Routes
from server_stub.web.vault import decoding

NO_WRAPPING = "response wrapping is not supported by this server"
HARMLESS = (None, "none", "same-origin")

STATUSES = {**dialect.STATUSES, errors.Unauthenticated: 403, errors.Conflict: 400}


def _bearer(header: Header) -> str | None:
    scheme, _, rest = (header("Authorization") or "").partition(" ")
    return rest.strip() or None if scheme == "Bearer" else None


def find_cookie(header: Header) -> str | None:
    """Return the one cookie named ``token``, unless a page of another origin may have sent it (RFC 6265, 5.4)."""
    if header("Origin") is not None or header("Sec-Fetch-Site") not in HARMLESS:
        return None
    return headers.find_cookie(header, "token")


def find_token_text(header: Header) -> str:
    """Return the token that the caller was let in by."""
    return (header("X-Vault-Token") or "").strip() or _bearer(header) or find_cookie(header) or ""


def find_credential(header: Header) -> Credential | None:
    """Return the credential in a request's headers; raise the refusal of what is not served here."""
    if (header("X-Vault-Namespace") or "").strip("/ ") not in ("", "root"):
        raise NotFound("namespace not found", code="no_namespace")
    if header("X-Vault-Wrap-TTL"):
        raise Invalid(NO_WRAPPING)
    bearer = _bearer(header)
    return authentication.find_credential(f"Bearer {bearer}" if bearer else None, header("X-Vault-Token") or None)


def admit_by_cookie(header: Header) -> Credential | None:
    """Return the credential in a request's headers, or in its cookie when there is none."""
    found = find_credential(header)
    token = find_cookie(header) if found is None else None
    return authentication.find_credential(None, token) if token else found


def about(header: Header, names: Mapping[str, Any]) -> str:
    """Return what a request is about; of a token in the path only its public id."""
    if "token" in names:
        presented = token_format.parse_any(names["token"])
        return presented.id if presented else ""
    return str(next(iter(names.values()), ""))


class VaultError(msgspec.Struct, frozen=True):
    """What every refusal of Vault's door looks like."""

    errors: list[str]


def format_multierror(message: str) -> str:
    """Write a message as Go's multierror does, which Vault's own refusals went through."""
    return f"1 error occurred:\n\t* {message}\n\n"


DENIED = "permission denied"
SUBSET = "child policies must be subset of parent"
_SUDO = "root or sudo privileges required to"

WORDS: Mapping[str, tuple[int, str]] = {
    "not_authenticated": (403, DENIED),
    "permission_denied": (403, format_multierror(DENIED)),
    "orphan_denied": (400, f"{_SUDO} create orphan token"),
    "naming_denied": (400, f"{_SUDO} specify token id"),
    "period_denied": (400, f"{_SUDO} create periodic token"),
    "limited_token": (400, "restricted use token cannot generate child tokens"),
    "policy_beyond": (400, SUBSET),
    "policy_unknown": (400, SUBSET),
    "endless_token": (400, "expiring root tokens cannot create non-expiring root tokens"),
    "duplicate_id": (400, "cannot create a token with a duplicate ID"),
    "not_renewable": (400, "lease is not renewable"),
}
"""What Vault says to the codes of our refusals; a route may have words of its own (``Route.status_overrides``)."""


def render_error(refusal: Refusal, route: Route | None = None) -> ErrorResponse:
    """Say a refusal as Vault does: in the route's words, else in those for its code, else (or where empty) in ours."""
    said = (route.status_overrides if route else {}).get(refusal.code) or WORDS.get(refusal.code)
    headers = {"Retry-After": str(refusal.retry_after_seconds)} if isinstance(refusal, errors.SlowDown) else {}
    if said is not None:
        return ErrorResponse(said[0], {"errors": [said[1] or refusal.sentence]}, headers)
    if refusal.code == errors.NotFound.code:
        return ErrorResponse(404, {"errors": []}, headers)
    status = dialect.status_of(refusal, STATUSES)
    # One message: `bao` puts several on one line.
    message = refusal.sentence if refusal.hint is None else f"{refusal.sentence}. {refusal.hint}"
    return ErrorResponse(status, {"errors": [message]}, headers)


def render_miss(status: int, method: str, path: str) -> ErrorResponse:
    """Say that an address or a method is not served."""
    below = path.removeprefix("/v1/").strip("/")
    if status == 405:
        words = format_multierror("unsupported operation")
    elif below.startswith(("auth/token/", "sys/")) or path.startswith("/auth/token/"):
        words = format_multierror("unsupported path")
    elif status == 404:
        words = f'no handler for route "{below}". route entry not found.'
    else:
        words = "the request cannot be served"
    return ErrorResponse(status, {"errors": [words]})


DIALECT = Dialect(
    find_credential,
    decoding.decode,
    render_error,
    render_miss,
    about,
    VaultError,
    prefixes=("/v1/",),
    method_aliases={"PUT": "POST"},
    serves_lists=True,
    empty_status=204,
    joins_slashes=True,
)
current = Routes("/v1", DIALECT)
early = Routes("", replace(DIALECT, find_credential=admit_by_cookie, prefixes=("/auth/token/",)))


def on_both(
    method: str, path: str, action: str, *, named_in_path: bool = False, **options: Any
) -> Callable[[Handler], Handler]:
    """Declare routes of the token backend at both addresses; a change answers 200, or 204 without a body.

    With ``named_in_path`` the token's string may stand at the end of the path, too.
    """
    if method == "post":
        options = {"status": 200, **options}

    def declare(handler: Handler) -> Handler:
        for routes in (current, early):
            for end in ("", "/{token:path}") if named_in_path else ("",):
                getattr(routes, method)(f"/auth/token/{path}{end}", action=action, **options)(handler)
        return handler

    return declare
