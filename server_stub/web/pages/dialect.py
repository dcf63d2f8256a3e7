"""The pages' dialect: how a page is declared, read and refused, and which addresses one is sent on to.

A page is asked for by GET, and something is changed by POST with a form and nothing else. A page needs a session unless
it says ``anonymous=True``; without one, its visitor signs in first. What a rule refuses is shown in the page that asked
(``rerender``), or else in one of its own. No answer is a 401: a browser would ask for a password by itself.
"""

import functools
import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import falcon

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid, NotFound, Refusal, Unauthenticated
from server_stub.operations.authentication import Credential, TokenShown
from server_stub.operations.context import Answer, Header, ReadContext, wrong_credential
from server_stub.web.http import decoding, dialect
from server_stub.web.http.decoding import Body, Query
from server_stub.web.http.dialect import ErrorResponse, FailedRequest, RequestInput, Route
from server_stub.web.http.routing import Handler, Routes
from server_stub.web.pages import session, templates_env
from server_stub.web.pages.session import SIGN_IN_FIRST
from server_stub.web.pages.templates_env import FOLDER, HEADERS, see

HOME = "/"
SIGN_IN = "/sign-in"
PREFIXES = ("/sign-in", "/sign-out", "/password", "/tokens", "/device", "/pages/")
NOT_AGAIN = ("stale_form", "foreign_form")
"""Refusals after which what was sent is not shown again: it may be another site's."""

LONGEST_ADDRESS = 500

_ADDRESS = re.compile(r"(?:/[A-Za-z0-9_.~-]*)+(?:\?[A-Za-z0-9=&%+_.~-]*)?")


class Form(Body, frozen=True):
    """What every form of a page sends: the key that shows that it is ours."""

    form_key: str = ""


class PageQuery(Query, frozen=True, forbid_unknown_fields=False):
    """What may stand behind the ``?`` of a page; people come by links that others have added to."""


def _find_credential(header: Header) -> Credential | None:
    """Return the session in the cookie; no header counts."""
    found = session.find_session_cookie(header)
    presented = None if found is None else token_format.parse(found[0])
    if found is not None and presented is None:
        raise wrong_credential()
    return None if presented is None else TokenShown(presented, "browser session")


def _read(route: Route, sent: RequestInput) -> tuple[Any, ...]:
    """Read the fields of a page's address, or a form as browsers send it; raise Invalid for anything else."""
    if route.method == "GET":
        return (decoding.query(sent.query, route.input.query),) if route.input.query else ()
    if not sent.content_type.startswith(falcon.MEDIA_URLENCODED):
        raise Invalid("a page takes a form and nothing else", "Programs use the API: /openapi.json")
    return (decoding.body(sent.content, route.input.body or Form, form=True),)


def status_of(refusal: Refusal) -> int:
    """Return the status of a page that says a refusal."""
    status = dialect.status_of(refusal)
    return 403 if status == 401 else status


def _headers_of(refusal: Refusal) -> Mapping[str, str]:
    return {} if isinstance(refusal, Unauthenticated) else dialect.headers_of(refusal)


def _render_error(refusal: Refusal, route: Route | None = None) -> ErrorResponse:
    """Say a refusal on a page of its own, to nobody in particular."""
    headers = {**templates_env.HEADERS, **_headers_of(refusal)}
    return ErrorResponse(status_of(refusal), templates_env.render_problem(refusal), headers)


def _render_refusal(refusal: Refusal, failed: FailedRequest) -> Answer:
    """Say a refusal where it was met: at the sign-in page, in the form that was sent, or on a page of its own."""
    route, context = failed.route, failed.context
    if not route.access.anonymous and (isinstance(refusal, Unauthenticated) or refusal.code == SIGN_IN_FIRST):
        return see(sign_in_address(failed.address if route.method == "GET" else HOME))
    if route.rerender is None or context is None or refusal.code in NOT_AGAIN:
        whose = session.require(context) if context is not None and context.token is not None else None
        answer = Answer(templates_env.HEADERS, templates_env.render_problem(refusal, session=whose))
    else:
        answer = route.rerender(context, refusal, *failed.request, **failed.names)
    headers = {**answer.headers, **_headers_of(refusal)}
    return replace(answer, headers=headers, status=status_of(refusal))


def _render_miss(status: int, method: str, path: str) -> ErrorResponse:
    """Say that there is no such page."""
    sentence = "this page does not take that method" if status == 405 else "there is no page at this address"
    refusal = NotFound(sentence, "Begin at the list of tokens.")
    return ErrorResponse(status, templates_env.render_problem(refusal), templates_env.HEADERS)


DIALECT = replace(
    dialect.NATIVE_DIALECT,
    find_credential=_find_credential,
    read=_read,
    render_error=_render_error,
    render_miss=_render_miss,
    prefixes=PREFIXES,
    render_refusal=_render_refusal,
)


class Pages(Routes):
    """The routes of the pages; what must hold for each of them is added to its declaration."""

    def post(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare what a form does; its ``body`` is a ``Form``, and it is ours before anything else is looked at."""
        prepare = _guard_form(options.pop("prepare", None), options.get("anonymous", False))
        return super().post(path, action=action, **{"status": 200, "body": Form, **options, "prepare": prepare})

    def _declare(self, method: str, path: str, action: str, options: dict[str, Any]) -> Callable[[Handler], Handler]:
        declare = super()._declare(method, path, action, {"open": True, **options})

        def declare_for_session(handler: Handler) -> Handler:
            declare(handler if options.get("anonymous") else _require_session(handler))
            return handler

        return declare_for_session


def _guard_form(prepare: Callable[..., Any] | None, anonymous: bool) -> Callable[..., Any]:
    """Have a form looked at before its route's own ``prepare``."""

    def guard(context: ReadContext, request: Form, **names: Any) -> Any:
        session.require_ours(context, request.form_key, anonymous)
        return None if prepare is None else prepare(context, request, **names)

    return guard


def _require_session(handler: Handler) -> Callable[..., Any]:
    """Have a handler run for a browser that is signed in, and for no other."""

    @functools.wraps(handler)
    def handle(context: ReadContext, *request: Any, **names: Any) -> Any:
        session.require(context)
        return handler(context, *request, **names)

    return handle


routes = Pages("", DIALECT)


def sign_in_address(wanted: str = HOME) -> str:
    """Return the address of the sign-in page, which sends its visitor on to where they wanted to be."""
    wanted = safe_address(wanted)
    return SIGN_IN if wanted == HOME else f"{SIGN_IN}?{urllib.parse.urlencode({'next': wanted})}"


def safe_address(address: str) -> str:
    """Return an address of a page of ours that one may be sent on to, or home for any other."""
    path = address.partition("?")[0]
    known = (route.path for route in routes.all if route.method == "GET" and not route.access.anonymous)
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address) or "//" in address:
        return HOME
    return address if any(_pattern(template).fullmatch(path) for template in known) else HOME


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{\w+(?::\w+)?}", "[^/]+", template))


STYLE = (FOLDER / "style.css").read_bytes()
PICTURE = (FOLDER / "picture.svg").read_bytes()


@routes.get("/pages/style.css", action="page.style", anonymous=True)
def style(context: ReadContext) -> Answer:
    """Answer the style of all pages."""
    return Answer({**HEADERS, "Content-Type": "text/css; charset=utf-8"}, STYLE)


@routes.get("/pages/picture.svg", action="page.picture", anonymous=True)
def picture(context: ReadContext) -> Answer:
    """Answer the picture that stands in a browser's tab."""
    return Answer({**HEADERS, "Content-Type": "image/svg+xml"}, PICTURE)
