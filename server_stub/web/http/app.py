"""The application: the way of a request to its answer, the same for every front door.

The way of a request: credential, actor (a read of the database), body or query, ``prepare``, then the handler.
A read-only handler runs on that same read; another runs in the writer, where the actor is found anew in the
transaction that acts, so that no right is older than the change it allows.
"""

import functools
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
from server_stub.domain.base.token_format import Presented
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import authentication, idempotency
from server_stub.operations.audit_throttle import AuditThrottle
from server_stub.operations.context import (
    Answer,
    Header,
    ReadContext,
    ServerContext,
    WriteContext,
    draft,
    not_signed_in,
)
from server_stub.store import Reads, StoreError, Transaction
from server_stub.store.database import Database
from server_stub.web.http import decoding
from server_stub.web.http.dialect import NATIVE_DIALECT, Dialect, ErrorResponse, FailedRequest, RequestInput, Route
from server_stub.web.http.routing import by_path
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
    local_admin: Presented
    throttle: AuditThrottle
    trusted: frozenset[str] = frozenset()
    proxies: frozenset[Network] = frozenset()


def build(app_context: AppContext, routes: list[Route]) -> "falcon.App[Any, Any]":
    """Make the WSGI application that serves these routes."""
    server = replace(app_context.server, is_local_admin=app_context.local_admin.is_same)
    app_context = replace(app_context, server=server)
    dialects = {prefix: route.dialect for route in routes for prefix in route.dialect.prefixes}
    app = falcon.App(middleware=[_Middleware(dialects)])
    app.req_options.strip_url_path_trailing_slash = True
    app.resp_options.default_media_type = falcon.MEDIA_JSON
    app.add_error_handler(falcon.HTTPError, _answer_http_error)
    app.add_error_handler(Exception, _answer_defect)
    for path, methods in by_path(routes).items():
        app.add_route(path or "/", _make_resource(app_context, methods))
    return app


def quick_paths(routes: list[Route]) -> set[str]:
    """Return the addresses of the quick read-only routes, with a slash at the end and without."""
    paths = {route.path.rstrip("/") for route in routes if route.execution.quick and not route.changes}
    return paths | {path + "/" for path in paths}


class _Middleware:
    """What holds for every request, before it is routed and after it is answered."""

    def __init__(self, dialects: Mapping[str, Dialect]):
        self._dialects = dialects
        self._prefix = re.compile("|".join(map(re.escape, dialects)) or "(?!)")

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Find the dialect of a request, and bring its path and method into the form that routes have.

        The version is dropped from the path: all of /api/latest, /api/v1, ... are /api (VAST, "REST API"). No address
        holds a NUL, which PostgreSQL does not take, or an empty name, which Falcon passes over at the front.
        """
        prefix = self._prefix.match(req.path)
        dialect = self._dialects[prefix[0]] if prefix else NATIVE_DIALECT
        req.context.dialect = dialect
        req.path = path = VERSION.sub("/api", dialect.path(req.path))
        if "\0" in path or "//" in path:
            raise falcon.HTTPNotFound
        req.context.is_list = dialect.serves_lists and _is_list(req)
        req.method = "GET" if req.context.is_list else dialect.method_aliases.get(req.method, req.method)

    def process_response(self, req: falcon.Request, resp: falcon.Response, resource: object, fine: bool) -> None:
        """Have nothing stored by caches (answers hold secrets), and nothing taken for what it is not."""
        resp.set_headers(RESPONSE_HEADERS)


def _is_list(req: falcon.Request) -> bool:
    return req.method == "LIST" or (bool(req.query_string) and (req.get_param("list") or "").lower() in TRUE)


def _make_resource(app_context: AppContext, methods: dict[str, Route]) -> object:
    """Make the object that Falcon needs: a responder for each method."""
    allowed = [method for method in methods if method != "LIST"]

    def responder(method: str) -> Callable[..., None]:
        def respond(resource: object, req: falcon.Request, resp: falcon.Response, **names: Any) -> None:
            route = methods.get("LIST" if req.context.is_list else method)
            if route is None:
                raise falcon.HTTPMethodNotAllowed(allowed)
            _Exchange(app_context, route, req, names).respond(resp)

        return respond

    served = {"GET" if method == "LIST" else method for method in methods}
    # Falcon would answer OPTIONS, well and to anybody: a gateway that asks so would take it for a yes.
    responders = {f"on_{method.lower()}": responder(method) for method in (*served, "OPTIONS")}
    if "GET" in served:
        responders["on_head"] = responders["on_get"]
    return type("Resource", (), responders)()


class _Exchange:
    """One request on its way; ``caller``, ``context`` and ``request`` are there as soon as they were found."""

    def __init__(self, app_context: AppContext, route: Route, req: falcon.Request, names: Mapping[str, Any]):
        req.context.dialect = route.dialect
        self.app = app_context
        self.route = route
        self.req = req
        self.names = names
        self.header: Header = req.get_header
        self.peer = req.remote_addr or ""
        forwarded_for = self.header(proxies.FORWARDED_HEADER)
        self.source = proxies.find_source(app_context.proxies, self.peer, forwarded_for)
        self.caller: Actor | None = None
        self.context: ReadContext | None = None
        self.request: tuple[Any, ...] = ()

    def respond(self, resp: falcon.Response) -> None:
        """Answer the request, whatever becomes of it."""
        route, dialect = self.route, self.route.dialect
        try:
            answer = self._run()
        except Refusal as refusal:
            self._record(refusal)
            if dialect.render_refusal is None:
                _set_error(resp, dialect.render_error(refusal, route))
            else:
                failed = FailedRequest(route, self.req.relative_uri, self.names, self.context, self.request)
                _set_answer(resp, dialect.render_refusal(refusal, failed))
        except StoreError as error:
            _log.error("the database could not be used: %s", error)
            away = errors.Unavailable("the database cannot be used now", hint="the server's log says why")
            _set_error(resp, dialect.render_error(away, route))
        else:
            resp.status = route.status
            if isinstance(answer, Answer):
                _set_answer(resp, answer)
            elif answer is not None:
                resp.data = msgspec.json.encode(answer)
            elif dialect.empty_status is not None:
                resp.status = dialect.empty_status

    def _run(self) -> Any:
        """Do what the request is for and return the handler's answer."""
        route, database, req, names = self.route, self.app.database, self.req, self.names
        proof = self._prove()
        content = decoding.read_bytes(req.stream.read, req.content_length)
        reader = database.reader()
        token = self._find_token(reader, proof)
        request = route.dialect.read(route, RequestInput(req.query_string, content, req.content_type or ""))
        proof, written = authentication.use(database, proof, token, reader.now)
        if written:
            token = self._find_token(reader, proof)
        header, server, action, source = self.header, self.app.server, route.action, self.source
        context = ReadContext(reader, server, action, source, self.caller, token, header=header)
        self.context, self.request = context, request
        if not route.changes:
            if isinstance(proof, authentication.AddressProof):  # such a read is recorded, as a change is
                note = draft(0, action, self.caller, source, self._target())
                database.write(lambda tx: tx.record(replace(note, at=tx.now)))
            return route.handler(context, *request, **names)
        prepare = route.execution.prepare
        prepared = prepare(context, *request, **names) if prepare else None

        def make_context(tx: Transaction) -> WriteContext:
            token = self._find_token(tx, proof)
            return WriteContext(tx, server, action, source, self.caller, token, prepared, header, make_context)

        def act(tx: Transaction) -> Any:
            context, address = make_context(tx), f"{req.path}?{req.query_string}"
            handle = functools.partial(route.handler, context, *request, **names)
            return idempotency.once(context, route.method, address, content, handle)

        trouble = server.audit_hold()
        if trouble is not None:  # a copy of the audit trail that is required cannot be written
            hint = "Reads go on; changes do when it is back."
            raise errors.Unavailable(f"nothing is changed while {trouble}", hint)
        return database.write(act, unaudited=route.execution.unaudited)

    def _prove(self) -> authentication.Proof | None:
        access = self.route.access
        if access.anonymous:
            return None
        shown = self.route.dialect.find_credential(self.header)
        if shown is None:
            return None if access.open else self._prove_address()
        proof = authentication.prove(self.app.database, shown, self.source)
        authentication.require_usable(proof, changing=access.expired_password)
        return proof

    def _prove_address(self) -> authentication.Proof:
        """Take the trusted address of a peer for a credential, unless it is a proxy's; raise Unauthenticated."""
        trusted = frozenset[str]() if proxies.is_proxy(self.app.proxies, self.peer) else self.app.trusted
        req = self.req
        name = local_trust.find(trusted, self.peer, req.headers, req.env["SERVER_PROTOCOL"]) if trusted else None
        if name is None:
            raise not_signed_in()
        return authentication.AddressProof(name)

    def _find_token(self, tx: Reads, proof: authentication.Proof | None) -> Token | None:
        """Find the caller, and the token that was shown, if any."""
        if proof is None:
            return None
        rightless = self.route.access.personal
        found = authentication.find(tx, proof, self.source, self.app.local_admin, rightless=rightless)
        self.caller = found.actor
        if found.token is not None and found.token.project is not None:
            tokens.require_project(found.token.project, tokens.parse_project_header(self.header(tokens.PROJECT_HEADER)))
        return found.token

    def _record(self, refusal: Refusal) -> None:
        """Record a refusal, unless it is only a wrong value or a trouble of the server's own."""
        if not isinstance(refusal, UNRECORDED):
            detail = {"code": refusal.code} | ({"account": refusal.account} if refusal.account else {})
            note = draft(0, self.route.action, self.caller, self.source, self._target(), detail, "refused")
            self.app.throttle.note(note)

    def _target(self) -> str:
        """Return what the request is about, without a secret."""
        target = self.route.dialect.describe_target(self.header, self.names)
        return without_token_forms(target)[:LONGEST_TARGET]


def _set_answer(resp: falcon.Response, answer: Answer) -> None:
    """Answer what is no JSON; a status of the answer's own goes before what is set."""
    resp.status = answer.status or resp.status
    resp.data = answer.content
    resp.set_headers(answer.headers)
    for cookie in answer.cookies:
        resp.append_header("Set-Cookie", cookie)


def _set_error(resp: falcon.Response, error: ErrorResponse) -> None:
    resp.status = error.status
    resp.data = error.body if isinstance(error.body, bytes) else msgspec.json.encode(error.body)
    resp.set_headers(error.headers)


def _answer_http_error(
    req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, params: dict[str, Any]
) -> None:
    """Answer what Falcon itself refused (no such path, no such method) in the shape of the front door."""
    _set_error(resp, req.context.dialect.render_miss(error.status_code, req.method, req.path))
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
    _set_error(resp, req.context.dialect.render_error(defect, None))
