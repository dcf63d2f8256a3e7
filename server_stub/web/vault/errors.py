"""What Vault says when a rule says no: its statuses and its very words, for its clients match on them.

A refusal of ours that Vault has no words for is told in ours, with the next step.
"""

from collections.abc import Mapping

import msgspec

from server_stub.domain.base import errors
from server_stub.domain.base.errors import Refusal
from server_stub.web.http.default_dialect import SPECIAL_STATUSES
from server_stub.web.http.dialect import ErrorResponse, Route

STATUSES: Mapping[type[Refusal], int] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 403,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 400,
    errors.SlowDown: 429,
    errors.Unavailable: 503,
    Refusal: 500,
}


class Problem(msgspec.Struct, frozen=True):
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
"""What Vault says to the codes of our refusals; a route may have words of its own (``Route.says``)."""


def render_error(refusal: Refusal, route: Route | None = None) -> ErrorResponse:
    """Say a refusal as Vault does: in the route's words, else in those for its code, else (or where empty) in ours."""
    said = (route.status_overrides if route else {}).get(refusal.code) or WORDS.get(refusal.code)
    headers = {"Retry-After": str(refusal.retry_after_seconds)} if isinstance(refusal, errors.SlowDown) else {}
    if said is not None:
        return ErrorResponse(said[0], {"errors": [said[1] or refusal.sentence]}, headers)
    if refusal.code == errors.NotFound.code:
        return ErrorResponse(404, {"errors": []}, headers)
    status = SPECIAL_STATUSES.get(refusal.code) or next(
        STATUSES[sort] for sort in type(refusal).__mro__ if sort in STATUSES
    )
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
