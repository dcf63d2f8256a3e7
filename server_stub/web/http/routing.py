"""Routes as data: from one declaration come the router, the OpenAPI document and the tests' list of routes.

A handler is a plain function of what it is handed and of the names in its path:

    @routes.patch("/apitokens/{token_id}/", action="apitoken.modify", body=TokenChange)
    def modify(change: Change, wish: TokenChange, token_id: str) -> str: ...

Rules:

* A route needs a credential unless it says ``open=True``; nothing is open by leaving something out.
* A route of any method but GET changes something: its handler runs inside the writer, with a ``WriteContext``.
* What is slow (password hashing) happens before, in ``prepare``, on a ``ReadContext``; its result is ``prepared``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.audit import chain
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Unauthenticated
from server_stub.domain.tokens import projects
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.password_check import SignedIn
from server_stub.store import Reads, Transaction
from server_stub.web.http.dialect import Dialect, Header


def no_trouble() -> str | None:
    """Say that nothing is wrong with the audit chain."""
    return None


def every_one(note: chain.Draft) -> chain.Draft | None:
    """Say that a record is the first of its kind."""
    return note


def nobody(shown: token_format.Presented) -> bool:
    """Say that a token is not local-admin's."""
    return False


Handler = TypeVar("Handler", bound=Callable[..., Any])


class Body(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """What a request may send; a field that is not declared is refused. It may be a secret: none is shown."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Query(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What may stand behind the ``?`` of an address."""


@dataclass(frozen=True, slots=True)
class ServerContext:
    """What a server is, the same for every request: its id, its token prefix, fresh random bytes.

    ``check_password`` takes a name, a password and a source (see ``sign_in``); it belongs into a ``prepare``.
    ``dc`` is the name of its data centre, if any, ``url`` the one under which clients reach the server,
    ``audit_trouble`` says what is wrong with the audit chain, and ``audit_hold`` why no change may be made until that
    is over. ``first`` tells whether what strangers do is recorded or only counted (see ``refusals``), and
    ``is_local_admin`` whether a token is local-admin's, which no table holds.
    """

    server_id: str
    token_prefix: str
    fresh: Callable[[int], bytes]
    check_password: Callable[[str, str, str], SignedIn]
    url: str = ""
    audit_trouble: Callable[[], str | None] = no_trouble
    audit_hold: Callable[[], str | None] = no_trouble
    dc: str = ""
    first: Callable[[chain.Draft], chain.Draft | None] = every_one
    is_local_admin: Callable[[token_format.Presented], bool] = nobody


def no_header(name: str) -> str | None:
    """Return nothing: no header was sent."""
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answers that is no JSON: headers, cookies to set, content as it goes out.

    A ``status`` goes before the route's.
    """

    headers: Mapping[str, str]
    content: bytes = field(default=b"", repr=False)
    cookies: tuple[str, ...] = field(default=(), repr=False)
    status: int | None = None


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a handler that looks is handed. ``now`` is UTC microseconds, ``source`` an address.

    ``token`` is the one that was shown, as this request's use has left it: None for a password and for local-admin's.
    ``header`` gives a request's header by its name.
    """

    tx: Reads
    site: ServerContext
    route: "Route"
    source: str
    caller: Actor | None = None
    token: Token | None = None
    prepared: Any = None
    header: Header = no_header

    @property
    def now(self) -> int:
        """The moment of this request, the same for all that it does."""
        return self.tx.now

    @property
    def project(self) -> str | None:
        """The project that this request is for, if any; raise Invalid for what names none."""
        return projects.named(self.header(projects.HEADER))

    @property
    def actor(self) -> Actor:
        """Who asks; raise Unauthenticated on an open route that nobody signed in to."""
        if self.caller is None:
            raise not_signed_in()
        return self.caller


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """What was asked for and refused: the route, the address as it was asked, the names in it.

    ``look`` and what was read of the request, ``wish``, are there as soon as they were found.
    """

    route: "Route"
    address: str
    names: Mapping[str, Any]
    look: ReadContext | None = None
    request: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteContext(ReadContext):
    """What a handler that changes is handed: a transaction of the writer.

    ``anew`` makes another one of a transaction, with the caller as they are by then, for a handler that does several
    things in turn.
    """

    tx: Transaction
    anew: "Callable[[Transaction], WriteContext] | None" = None

    def record(self, target: str, detail: Mapping[str, Any] | None = None, caller: Actor | None = None) -> None:
        """Say in the audit chain that the route's action was done to a target."""
        project = self.project
        if project is not None:
            detail = {"project": project, **(detail or {})}
        note = draft(self.now, self.route.action, caller or self.caller, self.source, target, detail)
        self.tx.record(note)


def not_signed_in() -> Unauthenticated:
    """Make the refusal of a request that shows no credential where one is needed."""
    return Unauthenticated("this needs a credential", hint="sign in with login, or send a token")


def draft(
    now: int,
    action: str,
    caller: Actor | None,
    source: str,
    target: str,
    detail: Mapping[str, Any] | None = None,
    outcome: chain.Outcome = "done",
) -> chain.Draft:
    """Make the draft of an audit record, of somebody unknown too."""
    name, method = (caller.name, caller.auth_method) if caller else ("", "none")
    if caller is not None and caller.meta:
        detail = {**(detail or {}), "meta": dict(caller.meta)}
    return chain.Draft(now, name, method, source, action, target, outcome, detail or {})


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
    forms: bool = False
    expired_password: bool = False
    looks: bool = False
    personal: bool = False
    quick: bool = False
    anonymous: bool = False
    manners: Dialect | None = None
    says: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    again: Callable[..., Answer] | None = None
    bookkeeping: bool = False

    @property
    def changes(self) -> bool:
        """Tell whether the handler runs in the writer."""
        return self.method not in ("GET", "LIST") and not self.looks

    @property
    def summary(self) -> str:
        """Return the first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]


class Routes:
    """The routes of one front door, in the order of their declaration, with its manners (None: the native ones)."""

    def __init__(self, base: str, manners: Dialect | None = None):
        self.base = base
        self.manners = manners
        self.all: list[Route] = []

    def get(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a look."""
        return self._declare("GET", path, action, options)

    def list(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a look at what lies below a path, by LIST or GET ``?list=true``."""
        return self._declare("LIST", path, action, options)

    def post(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a change that makes something; its status is 201 unless told otherwise."""
        return self._declare("POST", path, action, {"status": 201, **options})

    def patch(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a change of something that stands."""
        return self._declare("PATCH", path, action, options)

    def delete(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a removal, answered by 204."""
        return self._declare("DELETE", path, action, {"status": 204, **options})

    def _declare(self, method: str, path: str, action: str, options: dict[str, Any]) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            route = Route(method, self.base + path, action, handler, manners=self.manners, **options)
            if not handler.__doc__:
                raise TypeError(f"{method} {route.path}: the handler has no docstring")
            if any((other.method, other.path) == (method, route.path) for other in self.all):
                raise TypeError(f"{method} {route.path} is declared twice")
            self.all.append(route)
            return handler

        return declare
