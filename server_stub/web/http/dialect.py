"""Dialects and routes as data: how a front door reads, answers and refuses, and what it serves.

Every front door serves the same rules; what differs between the systems that they imitate stands in here, so that the
way of a request (see ``app``) is one and the same for all of them. The dialect of the native API, VMS's credentials
and bodies and our shape of refusals, is the one that the others begin from, and that answers where no route is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import falcon
import msgspec

from server_stub.domain.base import errors, token_format
from server_stub.domain.base.errors import Refusal
from server_stub.operations import authentication
from server_stub.operations.authentication import Credential
from server_stub.operations.context import Answer, Header, ReadContext
from server_stub.web.http import decoding
from server_stub.web.http.decoding import Body, Query

_SLASHES = re.compile("//+")


@dataclass(frozen=True, slots=True)
class RequestInput:
    """What a request brings beside its address and headers: what stands behind the ``?``, and its body."""

    query: str = field(repr=False)
    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """A refusal as a front door answers it."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a front door reads, answers and refuses.

    ``prefixes`` are its addresses, for what is not served there: ``render_miss`` answers that, by status, method and
    path. ``find_credential`` looks in the headers, ``read`` decodes what the handler is handed, ``render_error`` gives
    a refusal its status and shape, which ``error_type`` describes, and ``describe_target`` names what an audit record
    is about, without a secret. ``method_aliases`` maps methods to those they mean; with ``serves_lists``, LIST and GET
    ``?list=true`` are one. ``empty_status`` is the status of an answer without a body (None: the route's own).
    ``joins_slashes`` takes doubled slashes for one. ``render_refusal`` goes before ``render_error`` where a refusal is
    answered by what was asked for, as in a form that is shown again.
    """

    find_credential: Callable[[Header], Credential | None]
    read: Callable[[Route, RequestInput], tuple[Any, ...]]
    render_error: Callable[[Refusal, Route | None], ErrorResponse]
    render_miss: Callable[[int, str, str], ErrorResponse]
    describe_target: Callable[[Header, Mapping[str, Any]], str]
    error_type: type[msgspec.Struct]
    prefixes: tuple[str, ...] = ()
    method_aliases: Mapping[str, str] = field(default_factory=dict)
    serves_lists: bool = False
    empty_status: int | None = None
    joins_slashes: bool = False
    render_refusal: Callable[[Refusal, FailedRequest], Answer] | None = None

    def path(self, path: str) -> str:
        """Return a path as this front door takes it."""
        return _SLASHES.sub("/", path) if self.joins_slashes else path


@dataclass(frozen=True, slots=True)
class Access:
    """Who may send a request, beside what the rules say of its action.

    An ``open`` route needs no credential. To an ``anonymous`` one every caller is nobody: what they show is not even
    read. A ``personal`` one is about the caller's own token alone and needs no right: none is looked up, and the caller
    comes without any. ``expired_password`` lets a manager in whose password must be changed.
    """

    open: bool = False
    anonymous: bool = False
    personal: bool = False
    expired_password: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """What a handler is handed of a request: a ``query`` (of a GET) or a ``body``, None where nothing may be sent.

    ``takes_form`` takes a form as well as JSON.
    """

    query: type[Query] | None = None
    body: type[Body] | None = None
    takes_form: bool = False


@dataclass(frozen=True, slots=True)
class Execution:
    """Where and how a handler runs.

    ``prepare`` does what is slow before the writer. A ``read_only`` handler changes nothing although something is sent
    to it; a ``quick`` one reads a few rows and nothing more (see ``store.database``); an ``unaudited`` one may
    change what no audit record is about, as a poll does.
    """

    prepare: Callable[..., Any] | None = None
    read_only: bool = False
    quick: bool = False
    unaudited: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path at one front door.

    ``status_overrides`` maps codes of refusals to the statuses and words that this very route has for them, and
    ``rerender`` answers a refusal where the front door has a ``render_refusal``.
    """

    method: str
    path: str
    action: str
    handler: Callable[..., Any]
    dialect: Dialect
    access: Access = Access()
    input: Input = Input()
    execution: Execution = Execution()
    status: int = 200
    status_overrides: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    rerender: Callable[..., Answer] | None = None

    @property
    def changes(self) -> bool:
        """Whether the handler runs in the writer."""
        return self.method not in ("GET", "LIST") and not self.execution.read_only

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """What was asked for and refused: the route, the address as it was asked, the names in it.

    ``context``, and what was read as the ``request``, are there as soon as they were found.
    """

    route: Route
    address: str
    names: Mapping[str, Any]
    context: ReadContext | None = None
    request: tuple[Any, ...] = ()


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


class NativeError(msgspec.Struct, frozen=True):
    """What every refusal of the native API looks like."""

    detail: str
    code: str
    hint: str | None


def status_of(refusal: Refusal, statuses: Mapping[type[Refusal], int] = STATUSES) -> int:
    """Return the HTTP status of a refusal by its sort, or by its code where that says more."""
    by_sort = next(statuses[sort] for sort in type(refusal).__mro__ if sort in statuses)
    return SPECIAL_STATUSES.get(refusal.code, by_sort)


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
    """Return the headers that belong to a refusal (RFC 9110, sections 10.2.3 and 11.6.1)."""
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


NATIVE_DIALECT = Dialect(find_credential, read, render_error, render_miss, describe_target, NativeError)
