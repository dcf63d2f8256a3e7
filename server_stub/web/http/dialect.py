"""Dialects and routes as data: how a front door reads, answers and refuses, and what it serves.

Every front door serves the same rules; what differs between the systems that they imitate stands in here, so that the
way of a request (see ``app``) is one and the same for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from server_stub.domain.base.errors import Refusal
from server_stub.operations.authentication import Credential
from server_stub.operations.context import Answer, Header, ReadContext

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
    """How a front door speaks.

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


class Secret(msgspec.Struct, frozen=True):
    """What may hold a secret: its repr shows no field."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Body(Secret, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """What a request may send; a field that is not declared is refused."""


class Query(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What may stand behind the ``?`` of an address."""


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
