"""From a request to its answer: the one place that finds the actor, opens a transaction, gives a refusal its status.

The way of a request: credential, actor (a look at the database), body or query, ``prepare``, then the handler.
A look's handler runs on that same look; a change's runs in the writer, where the actor is found anew in the
transaction that acts, so that no right is older than the change it allows.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import falcon
import msgspec

from server_stub.domain.access import local_trust, proxies
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base import errors
from server_stub.domain.base.addresses import Network
from server_stub.domain.base.errors import Refusal
from server_stub.domain.tokens import projects
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import authentication, idempotency
from server_stub.operations.audit_throttle import AuditThrottle
from server_stub.operations.context import Answer, ReadContext, ServerContext, WriteContext, draft, not_signed_in
from server_stub.store import Reads, StoreError, Transaction
from server_stub.store.database import Database
from server_stub.web.http import decoding, default_dialect
from server_stub.web.http.dialect import Dialect, ErrorResponse, FailedRequest, RequestInput, Route
from server_stub.web.http.wsgi import header_of
from vshell.formats.text import without_token_forms

UNRECORDED = (errors.Invalid, errors.Unavailable)
LONGEST_TARGET = 128
VERSION = re.compile(r"^/api/(?:latest|v[0-9]+)(?=/)")
TRUE = ("true", "t", "1")  # as Go reads it
RESPONSE_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AppContext:
    """What the front doors stand on."""

    database: Database
    server: ServerContext
    local_admin: authentication.LocalAdmin
    refusals: AuditThrottle
    trusted: frozenset[str] = frozenset()
    proxies: frozenset[Network] = frozenset()


def build(server: AppContext, routes: list[Route]) -> "falcon.App[Any, Any]":
    """Make the WSGI application that serves these routes."""
    server = replace(server, server=replace(server.server, is_local_admin=server.local_admin.is_shown))
    doors = {prefix: route.dialect for route in routes if route.dialect for prefix in route.dialect.prefixes}
    app = falcon.App(middleware=[_Middleware(doors)])
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


def quick_paths(routes: list[Route]) -> set[str]:
    """Return the addresses of the looks that read a few rows and nothing more, with a slash at the end and without."""
    paths = {route.path.rstrip("/") for route in routes if route.quick and not route.changes}
    return paths | {path + "/" for path in paths}


class _Middleware:
    """What holds for every request, before it is routed and after it is answered."""

    def __init__(self, doors: Mapping[str, Dialect]):
        self._doors = doors
        self._begins = re.compile("|".join(map(re.escape, doors)) or "(?!)")

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Find the front door, and say the request in its words.

        The version is dropped from the path: all of /api/latest, /api/v1, ... are /api (VAST, "REST API"). No address
        holds a NUL, which PostgreSQL does not take, or an empty name, which Falcon passes over at the front.
        """
        context = req.context
        context.dialect = manners = self._door(req.path)
        req.path = path = VERSION.sub("/api", manners.path(req.path))
        if "\0" in path or "//" in path:
            raise falcon.HTTPNotFound
        context.serves_lists = manners.serves_lists and _lists(req)
        req.method = "GET" if context.serves_lists else manners.method_aliases.get(req.method, req.method)

    def _door(self, path: str) -> Dialect:
        begins = self._begins.match(path)
        return self._doors[begins[0]] if begins else default_dialect.DIALECT

    def process_response(self, req: falcon.Request, resp: falcon.Response, resource: object, fine: bool) -> None:
        """Have nothing kept by caches (answers hold secrets), and nothing taken for what it is not."""
        resp.set_headers(RESPONSE_HEADERS)


def _lists(req: falcon.Request) -> bool:
    return req.method == "LIST" or (bool(req.query_string) and (req.get_param("list") or "").lower() in TRUE)


def _resource(server: AppContext, methods: dict[str, Route]) -> object:
    """Make the object that Falcon wants: a responder for each method."""
    allowed = [method for method in methods if method != "LIST"]

    def responder(method: str) -> Callable[..., None]:
        def respond(resource: object, req: falcon.Request, resp: falcon.Response, **names: Any) -> None:
            route = methods.get("LIST" if req.context.serves_lists else method)
            if route is None:
                raise falcon.HTTPMethodNotAllowed(allowed)
            _respond(server, route, req, resp, names)

        return respond

    served = {"GET" if method == "LIST" else method for method in methods}
    # Falcon would answer OPTIONS by itself, well and to anybody: a gateway that asks so would take it for a yes.
    responders = {f"on_{method.lower()}": responder(method) for method in (*served, "OPTIONS")}
    if "GET" in served:
        responders["on_head"] = responders["on_get"]
    return type("Resource", (), responders)()


def _respond(
    server: AppContext, route: Route, req: falcon.Request, resp: falcon.Response, names: dict[str, Any]
) -> None:
    """Answer a request, whatever becomes of it."""
    manners = req.context.dialect = route.dialect or default_dialect.DIALECT
    work = _Work(server, route, manners, req, names)
    try:
        answer = work.do()
    except Refusal as refusal:
        work.note(refusal)
        work.tell(refusal, resp)
    except StoreError as error:
        _log.error("the database could not be used: %s", error)
        away = errors.Unavailable("the database cannot be used now", hint="the server's log says why")
        _refuse(resp, manners.render_error(away, route))
    else:
        resp.status = route.status
        if isinstance(answer, Answer):
            _answer(resp, answer)
        elif answer is not None:
            resp.data = msgspec.json.encode(answer)
        elif manners.empty_status is not None:
            resp.status = manners.empty_status


class _Work:
    """One request on its way; it knows the caller as soon as that is found, for a refusal's record."""

    def __init__(
        self, server: AppContext, route: Route, manners: Dialect, request: falcon.Request, names: Mapping[str, Any]
    ):
        self.server = server
        self.route = route
        self.dialect = manners
        self.request = request
        self.names = names
        self.header = header_of(request.env)
        self.peer = request.remote_addr or ""
        self.source = proxies.source(server.proxies, self.peer, self.header(proxies.HEADER))
        self.caller: Actor | None = None
        self.context: ReadContext | None = None
        self.wish: tuple[Any, ...] = ()

    def do(self) -> Any:
        """Do what the request asks and return the handler's answer."""
        route, database, req, names = self.route, self.server.database, self.request, self.names
        proof = self._prove()
        content = decoding.read_bytes(req.stream, req.content_length)
        reader = database.reader()
        token = self._find(reader, proof)
        wish = self.dialect.read(route, RequestInput(req.query_string, content, req.content_type or ""))
        proof, written = authentication.use(database, proof, token, reader.now)
        if written:
            token = self._find(reader, proof)
        look = ReadContext(
            reader, self.server.server, route.action, self.source, self.caller, token, header=self.header
        )
        self.context, self.wish = look, wish
        if not route.changes:
            if isinstance(proof, authentication.AddressProof):
                self._record_trust()
            return route.handler(look, *wish, **names)
        prepared = route.prepare(look, *wish, **names) if route.prepare else None

        def handed(tx: Transaction) -> WriteContext:
            token = self._find(tx, proof)
            site, header = self.server.server, self.header
            return WriteContext(tx, site, route.action, self.source, self.caller, token, prepared, header, handed)

        def act(tx: Transaction) -> Any:
            change = handed(tx)
            address = f"{req.path}?{req.query_string}"
            return idempotency.once(
                change, route.method, address, content, lambda: route.handler(change, *wish, **names)
            )

        _require_audit(self.server.server)
        return database.write(act, unaudited=route.unaudited)

    def note(self, refusal: Refusal) -> None:
        """Have the refusal recorded, unless it is only a wrong value or a trouble of the server's own."""
        if not isinstance(refusal, UNRECORDED):
            detail = {"code": refusal.code} | ({"account": refusal.account} if refusal.account else {})
            note = draft(0, self.route.action, self.caller, self.source, self._target(), detail, "refused")
            self.server.refusals.note(note)

    def tell(self, refusal: Refusal, resp: falcon.Response) -> None:
        """Answer a refusal as the front door says it."""
        if self.dialect.render_refusal is None:
            _refuse(resp, self.dialect.render_error(refusal, self.route))
        else:
            attempt = FailedRequest(self.route, self.request.relative_uri, self.names, self.context, self.wish)
            _answer(resp, self.dialect.render_refusal(refusal, attempt))

    def _prove(self) -> authentication.Proof | None:
        if self.route.anonymous:
            return None
        shown = self.dialect.find_credential(self.header)
        if shown is None and not self.route.open:
            return self._trusted()
        proof = authentication.prove(self.server.database, shown, self.source) if shown else None
        if proof is not None:
            authentication.require_usable(proof, changing=self.route.expired_password)
        return proof

    def _trusted(self) -> authentication.Proof:
        """Take the trusted address of a peer for a credential, unless it is a proxy's; raise Unauthenticated."""
        trusted = frozenset[str]() if proxies.is_proxy(self.server.proxies, self.peer) else self.server.trusted
        request, protocol = self.request, self.request.env["SERVER_PROTOCOL"]
        name = local_trust.find(trusted, self.peer, request.headers, protocol) if trusted else None
        if name is None:
            raise not_signed_in()
        return authentication.AddressProof(name)

    def _record_trust(self) -> None:
        """Have a look that only an address allowed recorded before it is answered; a change records itself."""
        note = draft(0, self.route.action, self.caller, self.source, self._target())
        self.server.database.write(lambda tx: tx.record(replace(note, at=tx.now)))

    def _target(self) -> str:
        """Say what the request is about, without a secret."""
        return without_token_forms(self.dialect.describe_target(self.header, self.names))[:LONGEST_TARGET]

    def _find(self, tx: Reads, proof: authentication.Proof | None) -> Token | None:
        """Find who asks, and the token that was shown, if any."""
        if proof is None:
            return None
        found = authentication.find(tx, proof, self.source, self.server.local_admin, rightless=self.route.personal)
        self.caller = found.actor
        if found.token is not None and found.token.project is not None:
            projects.require(found.token.project, projects.parse_header(self.header(projects.HEADER)))
        return found.token


def _answer(resp: falcon.Response, answer: Answer) -> None:
    """Answer what is no JSON; a status of the answer's own goes before what is set."""
    resp.status = answer.status or resp.status
    resp.data = answer.content
    resp.set_headers(answer.headers)
    for cookie in answer.cookies:
        resp.append_header("Set-Cookie", cookie)


def _require_audit(site: ServerContext) -> None:
    """Raise Unavailable while a copy of the audit trail that is required cannot be kept."""
    trouble = site.audit_hold()
    if trouble is not None:
        raise errors.Unavailable(f"nothing is changed while {trouble}", hint="Reads go on; changes do when it is back.")


def _refuse(resp: falcon.Response, refused: ErrorResponse) -> None:
    resp.status = refused.status
    resp.data = refused.body if isinstance(refused.body, bytes) else msgspec.json.encode(refused.body)
    resp.set_headers(refused.headers)


def _answer_http_error(
    req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, params: dict[str, Any]
) -> None:
    """Answer what Falcon itself refused (no such path, no such method) in the shape of the front door."""
    _refuse(resp, req.context.dialect.render_miss(error.status_code, req.method, req.path))
    headers = dict(error.headers or {})
    if "Allow" in headers:
        headers["Allow"] = ", ".join(method for method in headers["Allow"].split(", ") if method != "OPTIONS")
    resp.set_headers(headers)


def _answer_defect(req: falcon.Request, resp: falcon.Response, error: Exception, params: dict[str, Any]) -> None:
    """Answer what should not have happened: the whole of it goes to the log, nothing of it to the caller.

    The log names the template of the address, for the address itself may hold a token.
    """
    _log.error("a defect while serving %s %s", req.method, req.uri_template, exc_info=error)
    defect = Refusal("the server met a defect of its own", "the server's log has the details", "internal")
    _refuse(resp, req.context.dialect.render_error(defect, None))
