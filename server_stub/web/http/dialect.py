"""The manners of a front door, as data: what it takes for a credential and a body, how it answers and refuses.

Every front door serves the same rules; what differs between the systems that they imitate stands in here, so that the
way of a request (see ``app``) is one and the same for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from server_stub.domain.base.errors import Refusal
from server_stub.operations.credentials import Credential

if TYPE_CHECKING:
    from server_stub.web.http.routing import Answer, FailedRequest, Route

Header = Callable[[str], str | None]
"""Gives a request's header by its name."""

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

    admit: Callable[[Header], Credential | None]
    read: Callable[[Route, RequestInput], tuple[Any, ...]]
    refuse: Callable[[Refusal, Route | None], ErrorResponse]
    miss: Callable[[int, str, str], ErrorResponse]
    about: Callable[[Header, Mapping[str, Any]], str]
    prefixes: tuple[str, ...] = ()
    verbs: Mapping[str, str] = field(default_factory=dict)
    lists: bool = False
    empty: int | None = None
    joins_slashes: bool = False
    problem: type[msgspec.Struct] | None = None
    retell: Callable[[Refusal, FailedRequest], Answer] | None = None

    def path(self, path: str) -> str:
        """Return a path as the door takes it."""
        return _SLASHES.sub("/", path) if self.joins_slashes else path
