"""From a request to its answer: the one place that finds the actor, opens a transaction, gives a refusal its status.

The way of a request: credential, actor (a look at the database), body or query, ``prepare``, then the handler.
A look's handler runs on that same look; a change's runs in the writer, where the actor is found anew in the
transaction that acts, so that no right is older than the change it allows.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import falcon
import msgspec

from server_stub import errors
from server_stub.errors import Refusal
from server_stub.rights import Actor
from server_stub.store import Reads, StoreError, Transaction
from server_stub.store.database import Database
from server_stub.tokens import Token
from server_stub.web import actors, credentials, decoding
from server_stub.web.refusals import Refusals
from server_stub.web.routing import Answer, Change, Look, Route, Site, draft, not_signed_in

STATUSES: Mapping[type[Refusal], int] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.SlowDown: 429,
    errors.Unavailable: 503,
}
SPECIAL_STATUSES: Mapping[str, int] = {"too_slow": 408, "too_large": 413}
"""The statuses of codes that say more than their sort."""

CHALLENGE = 'Bearer realm="vshell", Basic realm="vshell", charset="UTF-8"'
UNRECORDED = (errors.Invalid, errors.Unavailable)
LONGEST_TARGET = 128
VERSION = re.compile(r"/api/(?:latest|v[0-9]+)(?=/)")
MANNERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """What the front doors stand on."""

    database: Database
    site: Site
    local_admin: actors.LocalAdmin
    refusals: Refusals


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal by its sort, or by its code where that says more."""
    return SPECIAL_STATUSES.get(refusal.code) or next(
        STATUSES[sort] for sort in type(refusal).__mro__ if sort in STATUSES
    )


def build(server: Server, routes: list[Route]) -> "falcon.App[Any, Any]":
    """Make the WSGI application that serves these routes."""
    app = falcon.App(middleware=[_Manners()])
    app.req_options.strip_url_path_trailing_slash = True
    app.resp_options.default_media_type = falcon.MEDIA_JSON
    app.add_error_handler(falcon.HTTPError, _answer_http_error)
    app.add_error_handler(Exception, _answer_defect)
    paths: dict[str, dict[str, Route]] = {}
    for route in routes:
        paths.setdefault(route.path.rstrip("/") or "/", {})[route.method] = route
    for path, methods in paths.items():
        app.add_route(path, _resource(server, methods))
    return app


class _Manners:
    """What holds for every request, before it is routed and after it is answered."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Drop the version from the path: all of /api/latest, /api/v1, ... are /api (VAST, "REST API").

        No address holds a NUL, which PostgreSQL does not take, or an empty name, which Falcon passes over at the front.
        """
        if "\0" in req.path or "//" in req.path:
            raise falcon.HTTPNotFound
        req.path = VERSION.sub("/api", req.path, count=1)

    def process_response(self, req: falcon.Request, resp: falcon.Response, resource: object, fine: bool) -> None:
        """Have nothing kept by caches (answers hold secrets), and nothing taken for what it is not."""
        resp.set_headers(MANNERS)


def _resource(server: Server, methods: dict[str, Route]) -> object:
    """Make the object that Falcon wants: a responder for each method."""

    def responder(route: Route) -> Callable[..., None]:
        def respond(resource: object, req: falcon.Request, resp: falcon.Response, **names: Any) -> None:
            _respond(server, route, req, resp, names)

        return respond

    responders = {f"on_{method.lower()}": responder(route) for method, route in methods.items()}
    if "GET" in methods:
        responders["on_head"] = responders["on_get"]
    return type("Resource", (), responders)()


def _respond(server: Server, route: Route, req: falcon.Request, resp: falcon.Response, names: dict[str, Any]) -> None:
    """Answer a request, whatever becomes of it."""
    work = _Work(server, route, req.remote_addr or "")
    try:
        answer = work.do(req, names)
    except Refusal as refusal:
        about = route.asks(req.get_header) if route.asks else next(iter(names.values()), "")
        work.note(refusal, str(about))
        _answer_refusal(resp, refusal)
        if route.asks and 400 <= resp.status_code < 500 and not isinstance(refusal, errors.Unauthenticated):
            resp.status = 403  # nginx turns every other one into a 500 of its own
    except StoreError as error:
        _log.error("the database could not be used: %s", error)
        _answer_refusal(resp, errors.Unavailable("the database cannot be used now", hint="the server's log says why"))
    else:
        resp.status = route.status
        if isinstance(answer, Answer):
            resp.set_headers(answer.headers)
        elif answer is not None:
            resp.data = msgspec.json.encode(answer)


class _Work:
    """One request on its way; it knows the caller as soon as that is found, for a refusal's record."""

    def __init__(self, server: Server, route: Route, source: str):
        self.server = server
        self.route = route
        self.source = source
        self.caller: Actor | None = None

    def do(self, req: falcon.Request, names: dict[str, Any]) -> Any:
        """Do what the request asks and return the handler's answer."""
        route, database = self.route, self.server.database
        proof = self._prove(req)
        content = decoding.read_bytes(req.stream, req.content_length)
        reader = database.reader()
        token = self._find(reader, proof)
        wish = self._wish(req, content)
        proof = actors.use(database, proof, token, reader.now)
        look = Look(reader, self.server.site, route, self.source, self.caller, header=req.get_header)
        if not route.changes:
            return route.handler(look, *wish, **names)
        prepared = route.prepare(look, *wish, **names) if route.prepare else None

        def act(tx: Transaction) -> Any:
            self._find(tx, proof)
            change = Change(tx, self.server.site, route, self.source, self.caller, prepared)
            return route.handler(change, *wish, **names)

        return database.write(act)

    def note(self, refusal: Refusal, target: str) -> None:
        """Have the refusal recorded, unless it is only a wrong value or a trouble of the server's own."""
        if not isinstance(refusal, UNRECORDED):
            detail = {"code": refusal.code}
            note = draft(0, self.route.action, self.caller, self.source, target[:LONGEST_TARGET], detail, "refused")
            self.server.refusals.note(note)

    def _prove(self, req: falcon.Request) -> actors.Proof | None:
        shown = credentials.shown(req.get_header("Authorization"), req.get_header("X-Vault-Token"))
        if shown is None and not self.route.open:
            raise not_signed_in()
        proof = actors.prove(self.server.database, shown, self.source) if shown else None
        if proof is not None:
            actors.require_usable(proof, changing=self.route.expired_password)
        return proof

    def _find(self, tx: Reads, proof: actors.Proof | None) -> Token | None:
        """Find who asks, and the token that was shown, if any."""
        if proof is None:
            return None
        found = actors.find(tx, proof, self.source, self.server.local_admin)
        self.caller = found.actor
        return found.token

    def _wish(self, req: falcon.Request, content: bytes) -> tuple[Any, ...]:
        """Decode what the route takes: nothing, or the one value that the handler is handed."""
        route = self.route
        if route.asks:
            return ()
        if route.method == "GET":
            query = decoding.query(req.query_string, route.query or decoding.EmptyQuery)
            return (query,) if route.query else ()
        form = route.forms and (req.content_type or "").startswith(falcon.MEDIA_URLENCODED)
        body = decoding.body(content, route.body or decoding.Empty, form)
        return (body,) if route.body else ()


def _answer_refusal(resp: falcon.Response, refusal: Refusal) -> None:
    resp.status = status_of(refusal)
    resp.data = msgspec.json.encode({"detail": refusal.sentence, "code": refusal.code, "hint": refusal.hint})
    if isinstance(refusal, errors.Unauthenticated):
        resp.set_header("WWW-Authenticate", CHALLENGE)
    if isinstance(refusal, errors.SlowDown):
        resp.set_header("Retry-After", str(refusal.retry_after_seconds))


def _answer_http_error(
    req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, params: dict[str, Any]
) -> None:
    """Answer what Falcon itself refused (no such path, no such method) in our shape."""
    status = error.status_code
    sentence = {404: "there is nothing at this address", 405: "this address does not take that method"}
    body = {
        "detail": sentence.get(status, error.title or "the request cannot be served"),
        "code": {404: "not_found", 405: "method_not_allowed"}.get(status, "invalid"),
        "hint": "the addresses are listed at /openapi.json",
    }
    resp.status = error.status
    resp.data = msgspec.json.encode(body)
    for name, value in dict(error.headers or {}).items():
        resp.set_header(name, value)


def _answer_defect(req: falcon.Request, resp: falcon.Response, error: Exception, params: dict[str, Any]) -> None:
    """Answer what should not have happened: the whole of it goes to the log, nothing of it to the caller."""
    _log.error("a defect while serving %s %s", req.method, req.path, exc_info=error)
    resp.status = 500
    resp.data = (
        b'{"detail":"the server met a defect of its own","code":"internal","hint":"the server\'s log has the details"}'
    )
