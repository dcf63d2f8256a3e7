"""Contexts: what an operation and a handler are handed of server, request and transaction.

Rules:

* A context holds the time of its transaction; nothing below it reads a clock.
* A ``WriteContext`` exists in the writer alone, and records what it did in the same transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server_stub.domain.accounts import managers
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.audit import chain
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Unauthenticated
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.store import Reads, Transaction

Header = Callable[[str], str | None]
"""Gives a request's header by its name."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A manager whose password was right, and the state of that password."""

    manager: Manager
    state: managers.PasswordState


@dataclass(frozen=True, slots=True)
class ServerContext:
    """What a server is, the same for every request: its id, its token prefix, fresh random bytes.

    ``check_password`` takes a name, a password and a source (see ``passwords``); it belongs into a ``prepare``.
    ``dc`` is the name of its data centre, if any, ``url`` the one under which clients reach the server,
    ``audit_trouble`` says what is wrong with the audit chain, and ``audit_hold`` why no change may be made until that
    is over. ``is_first`` says of an action and a source whether what a stranger does is recorded or only counted
    (see ``audit_throttle``), and ``is_local_admin`` whether a token is local-admin's, which no table holds.
    """

    server_id: str
    token_prefix: str
    fresh: Callable[[int], bytes]
    check_password: Callable[[str, str, str], SignedIn]
    url: str = ""
    audit_trouble: Callable[[], str | None] = lambda: None
    audit_hold: Callable[[], str | None] = lambda: None
    dc: str = ""
    is_first: Callable[[str, str], bool] = lambda action, source: True
    is_local_admin: Callable[[token_format.Presented], bool] = lambda shown: False


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
    """What a handler that reads is handed. ``now`` is UTC microseconds, ``source`` an address.

    ``action`` is what an audit record of it says was done,
    ``token`` the one that was shown, as this request's use has left it: None for a password and for local-admin's.
    ``header`` gives a request's header by its name.
    """

    tx: Reads
    server: ServerContext
    action: str
    source: str
    caller: Actor | None = None
    token: Token | None = None
    prepared: Any = None
    header: Header = lambda name: None

    @property
    def now(self) -> int:
        """The moment of this request, the same for all that it does."""
        return self.tx.now

    @property
    def project(self) -> str | None:
        """The project that this request is for, if any; raise Invalid for what names none."""
        return tokens.parse_project_header(self.header(tokens.PROJECT_HEADER))

    @property
    def actor(self) -> Actor:
        """Who asks; raise Unauthenticated on an open route that nobody signed in to."""
        if self.caller is None:
            raise not_signed_in()
        return self.caller


@dataclass(frozen=True, slots=True)
class WriteContext(ReadContext):
    """What a handler that changes is handed: a transaction of the writer.

    ``rebind`` makes another one on a transaction, with the caller as they are by then, for a handler that does several
    things in turn.
    """

    tx: Transaction
    rebind: "Callable[[Transaction], WriteContext] | None" = None

    def record(self, target: str, detail: Mapping[str, Any] | None = None, caller: Actor | None = None) -> None:
        """Record that the action was done to a target."""
        project = self.project
        if project is not None:
            detail = {"project": project, **(detail or {})}
        note = draft(self.now, self.action, caller or self.caller, self.source, target, detail)
        self.tx.record(note)


def not_signed_in() -> Unauthenticated:
    """Make the refusal of a request that shows no credential where one is needed."""
    return Unauthenticated("this needs a credential", hint="sign in with login, or send a token")


def wrong_credential() -> Unauthenticated:
    """Make the one answer to every credential that is no good, whatever the reason."""
    return Unauthenticated(
        "the credential is not valid",
        hint="Check the name and the password, or use a token that is neither revoked nor expired; to sign in: login",
    )


def draft(
    now: int,
    action: str,
    caller: Actor | None,
    source: str,
    target: str,
    detail: Mapping[str, Any] | None = None,
    outcome: chain.Outcome = "done",
) -> chain.Draft:
    """Make the draft of an audit record, of an unknown caller too."""
    name, method = (caller.name, caller.auth_method) if caller else ("", "none")
    if caller is not None and caller.meta:
        detail = {**(detail or {}), "meta": dict(caller.meta)}
    return chain.Draft(now, name, method, source, action, target, outcome, detail or {})
