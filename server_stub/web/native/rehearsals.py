"""Rehearsals: what would become of some requests, run one after the other and all undone.

The requests run in one transaction of the writer, each seeing what those before it changed, with the caller found anew
before each: so rights, names and quotas are those that a script would meet. Then the transaction's part is rolled
back. What remains is one audit record that a rehearsal was held, with how many requests and refusals: it answers
questions about others' things, as the requests would.

Rules:

* A request with the same ``seed`` in a rehearsal with the same ``at`` gets the same ids, so that a client may send the
  earlier lines again with a later one. The tokens in its answers are good for nothing.
* What cannot be undone or must not run in the writer (a sign-in, a password of a manager who is not there yet) is
  answered 202: it was not tried.
* Other writers wait meanwhile, so a rehearsal is bounded: in requests, in reads, in rows read. What would go beyond is
  not tried.
"""

import hashlib
import itertools
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import msgspec
from falcon.routing import CompiledRouter

from server_stub.domain.base.errors import Invalid, NotFound, Refusal
from server_stub.domain.base.timestamps import SECOND
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store.engine.connection import NO_VALUES, Row, Values
from server_stub.store.writer import Transaction, attempt, discard_changes
from server_stub.web.http.decoding import Body
from server_stub.web.http.dialect import RequestInput, Route
from server_stub.web.http.routing import Routes, by_path

MOST_REQUESTS = 500
MOST_READS = 10
MOST_ROWS = 50_000
MOST_HASHES = 50
"""How many passwords are hashed for one rehearsal; a request beyond that is not tried."""

OLDEST_SECONDS = 3600
NOT_TRIED = 202


class Rehearsed(Body, frozen=True):
    """One request as it would be sent: ``body`` is its JSON. Random values are made of ``seed``."""

    method: str
    path: str
    body: Any = None
    seed: str = ""


class RehearsalRequest(Body, frozen=True):
    """The requests in their order; ``at`` is the time that the first rehearsal of a script answered."""

    requests: list[Rehearsed]
    at: int | None = None


class Outcome(msgspec.Struct, frozen=True):
    """How one request would be answered."""

    status: int
    body: Any = None


class Rehearsal(msgspec.Struct, frozen=True):
    """How the requests would be answered, and the time for which that holds, in UTC microseconds."""

    at: int
    outcomes: list[Outcome]


Prepared = dict[int, Any]


def declare(rehearsable: Iterable[Route]) -> Routes:
    """Declare the rehearsal of these routes: of those that need a credential and answer in JSON."""
    rehearsals, routes = Rehearsals(rehearsable), Routes("/api/rehearsals")
    declared = routes.post("/", action="rehearsal", body=RehearsalRequest, status=200, prepare=rehearsals.prepare)
    declared(rehearsals.rehearse)
    return routes


class Rehearsals:
    """The handler of a rehearsal, and the routes that it can find."""

    def __init__(self, routes: Iterable[Route]):
        self._routes = routes

    @cached_property
    def _router(self) -> CompiledRouter:
        router = CompiledRouter()
        closed = [route for route in self._routes if not (route.access.open or route.access.anonymous)]
        for path, methods in by_path(closed).items():
            if path.startswith(("/api/", "/v1/")):
                router.add_route(path, methods)  # as a resource without responders: it is only looked up
        return router

    def _find(self, request: Rehearsed) -> tuple[Route, dict[str, Any]] | None:
        """Find the route of a request, and the names in its path; None for what is not rehearsed."""
        path = urllib.parse.unquote(request.path.partition("?")[0]).rstrip("/")
        found = self._router.find(path)
        methods: Any = found[0] if found else {}
        route = methods.get(request.method.upper())
        return (route, found[2]) if found and route else None

    def prepare(self, context: ReadContext, rehearsal: RehearsalRequest) -> Prepared:
        """Do what is slow before the writer has its turn; return the results by the numbers of their requests."""
        if len(rehearsal.requests) > MOST_REQUESTS:
            raise Invalid(f"a rehearsal has at most {MOST_REQUESTS} requests", hint="Send the newest ones.")
        prepared: Prepared = {}
        hashes = 0
        for number, request in enumerate(rehearsal.requests):
            found = self._find(request)
            if found is None:
                continue
            route, names = found
            prepare = route.execution.prepare
            if prepare is None or (_has_password(request) and hashes == MOST_HASHES):
                continue
            hashes += _has_password(request)
            try:
                prepared[number] = prepare(replace(context, action=route.action), *_read(route, request), **names)
            except NotFound:
                continue  # It may be made by a request before; then it is not tried.
            except Refusal as refusal:
                prepared[number] = refusal
        return prepared

    def rehearse(self, context: WriteContext, rehearsal: RehearsalRequest) -> Rehearsal:
        """Say how these requests would be answered, one after the other, and change nothing."""
        tx, now = context.tx, context.now
        at = now if rehearsal.at is None else rehearsal.at
        if not now - OLDEST_SECONDS * SECOND <= at <= now:
            raise Invalid("a rehearsal is of this hour", hint="Leave out the moment to begin anew.")
        with discard_changes(tx):
            stage = _Stage(tx, at)
            outcomes = [self._try(context, stage, *numbered) for numbered in enumerate(rehearsal.requests)]
        refused = sum(outcome.status >= 400 for outcome in outcomes)
        context.record("", {"requests": len(outcomes), "refused": refused})
        return Rehearsal(at, outcomes)

    def _try(self, context: WriteContext, stage: "_Stage", number: int, request: Rehearsed) -> Outcome:
        """Run one request on what those before it have left."""
        found = self._find(request)
        if found is None:
            return Outcome(NOT_TRIED)
        route, names = found
        done: Prepared = context.prepared
        late = route.execution.prepare if number not in done else None
        if late is not None and _has_password(request):
            return Outcome(NOT_TRIED)  # Hashing it would hold up the writer.
        if not route.changes:
            stage.reads_left -= 1
            if stage.reads_left < 0:
                return Outcome(NOT_TRIED)
        prepared = done.get(number)
        try:
            with attempt(stage):
                if isinstance(prepared, Refusal):
                    raise prepared
                assert context.rebind is not None  # the application hands it to every change
                server = replace(context.server, fresh=_stream(request.seed))
                read = _read(route, request)
                inner = replace(context.rebind(stage), action=route.action, server=server, prepared=prepared)
                if late is not None:
                    inner = replace(inner, prepared=late(inner, *read, **names))
                answer = route.handler(inner, *read, **names)
                encoded = None if answer is None else msgspec.Raw(msgspec.json.encode(answer))
        except TooMuch:
            return Outcome(NOT_TRIED)
        except Refusal as refusal:
            error = route.dialect.render_error(refusal, route)
            return Outcome(error.status, error.body)
        return Outcome(route.status, encoded)


class _Stage(Transaction):
    """The transaction as a rehearsal has it, at the time of its first part; ``reads_left`` are still allowed."""

    def __init__(self, tx: Transaction, now: int):
        super().__init__(tx.connection, now)
        self.reads_left = MOST_READS
        self._rows = MOST_ROWS

    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Read rows; raise TooMuch when the rehearsal has read more than it may."""
        found = super().rows(sql, values)
        self._rows -= len(found)
        if found and self._rows < 0:
            raise TooMuch
        return found


class TooMuch(Exception):
    """A rehearsal would hold up the other writers for too long."""


def _has_password(request: Rehearsed) -> bool:
    return isinstance(request.body, dict) and "password" in request.body


def _read(route: Route, request: Rehearsed) -> tuple[Any, ...]:
    content = b"" if request.body is None else msgspec.json.encode(request.body)
    return route.dialect.read(route, RequestInput(request.path.partition("?")[2], content, "application/json"))


def _stream(seed: str) -> Callable[[int], bytes]:
    """Return a source of bytes that a seed determines; nothing that is made of them stays."""
    numbers = itertools.count(1)
    return lambda size: hashlib.shake_256(f"rehearsal {next(numbers)} {seed}".encode()).digest(size)
