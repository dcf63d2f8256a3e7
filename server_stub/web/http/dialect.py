"""Front doors and routes as data: what each takes for a credential and a body, how it answers and refuses.

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
from server_stub.operations.context import Answer, Header, ReadContext
from server_stub.operations.credentials import Credential

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

    ``prefixes`` are its addresses, for what is not served there: ``miss`` answers that, by status, method and path.
    ``admit`` finds the credential in the headers, ``read`` decodes what the handler is handed, ``refuse`` gives a
    refusal its status and shape, ``about`` says what its audit record is about without a secret. ``verbs`` maps methods
    to those they mean; with ``lists``, LIST and GET ``?list=true`` are one. ``empty`` is the status of an answer
    without a body (None: the route's own). ``joins_slashes`` takes doubled slashes for one.
    ``problem`` describes what its refusals look like (None: as the native ones). ``retell`` goes before ``refuse``
    where a refusal is told by what was asked for, as in a form that is shown again.
    """

    find_credential: Callable[[Header], Credential | None]
    read: Callable[[Route, RequestInput], tuple[Any, ...]]
    render_error: Callable[[Refusal, Route | None], ErrorResponse]
    render_miss: Callable[[int, str, str], ErrorResponse]
    describe_target: Callable[[Header, Mapping[str, Any]], str]
    prefixes: tuple[str, ...] = ()
    method_aliases: Mapping[str, str] = field(default_factory=dict)
    serves_lists: bool = False
    empty_status: int | None = None
    joins_slashes: bool = False
    error_type: type[msgspec.Struct] | None = None
    render_refusal: Callable[[Refusal, FailedRequest], Answer] | None = None

    def path(self, path: str) -> str:
        """Return a path as the door takes it."""
        return _SLASHES.sub("/", path) if self.joins_slashes else path


class Body(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """What a request may send; a field that is not declared is refused. It may be a secret: none is shown."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Query(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What may stand behind the ``?`` of an address."""


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """What was asked for and refused: the route, the address as it was asked, the names in it.

    ``look`` and what was read of the request, ``wish``, are there as soon as they were found.
    """

    route: Route
    address: str
    names: Mapping[str, Any]
    context: ReadContext | None = None
    request: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path.

    ``query`` (of a GET) or ``body`` is what the handler is handed, None when nothing may be sent; ``forms``
    takes a form as well as JSON; ``expired_password`` lets a manager in whose password must be changed;
    ``looks`` says that the handler only looks although something is sent to it. ``personal`` says that it is about the
    caller's own token alone and asks for no right: none is looked up, and the caller comes without any. ``quick`` says
    that it reads a few rows and nothing more (see ``waiting``). To an
    ``anonymous`` route whoever asks is nobody: what they show is not even read. ``manners`` are those of its front
    door (None: the native ones), and ``says`` maps codes of refusals to the statuses and words that this very route of
    a front door has for them. ``again`` answers a refusal where the front door retells it (see ``Manners``).
    ``bookkeeping`` says that it may change what no audit record is about, as when somebody polls.
    """

    method: str
    path: str
    action: str
    handler: Callable[..., Any]
    query: type[Query] | None = None
    body: type[Body] | None = None
    status: int = 200
    open: bool = False
    prepare: Callable[..., Any] | None = None
    takes_form: bool = False
    expired_password: bool = False
    read_only: bool = False
    personal: bool = False
    quick: bool = False
    anonymous: bool = False
    dialect: Dialect | None = None
    status_overrides: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    rerender: Callable[..., Answer] | None = None
    unaudited: bool = False

    @property
    def changes(self) -> bool:
        """Tell whether the handler runs in the writer."""
        return self.method not in ("GET", "LIST") and not self.read_only

    @property
    def summary(self) -> str:
        """Return the first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]
