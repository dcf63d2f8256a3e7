"""The pages' dialect: how a page is declared, read and refused, and whom it is for.

A page is asked for by GET, and something is changed by POST with a form and nothing else. A page needs a session unless
it says ``anonymous=True``; without one, its visitor signs in first. What a rule refuses is shown in the page that asked
(``rerender``), or else in one of its own. No answer is a 401: a browser would open a question of its own.

- A sign-in at ``/sign-in`` is a `session` token of the engine in a cookie; only its digest is kept. Each use moves its
  end by the access token's lifetime, up to that of a refresh token or the end of the password. Signing out, revoking
  it, a new password, disabling the manager: the next request goes to the sign-in page.
- Nothing else counts on a page: no header, no API token in the cookie, nor what a device token gave, no address that
  is trusted.
- Each form holds a key made from its browser's cookie: the session's, or, where nobody is signed in yet, one that the
  form's own page has set (``open_visit``). Another site has neither, nor may it send them.
- A form must also say that it comes from our own pages, by `Sec-Fetch-Site` and `Origin`, where a browser says it at
  all. Both must agree.

A new page is declared on ``routes``: whoever asks for it signs in first and is then sent to where they wanted to be.
Its handler gets the session from ``require_session``, its template gives ``session.form_key`` to each form, and its
form's body is a ``Form``: the checks of this module then run before the page's own.
"""

import base64
import functools
import hmac
import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import falcon

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Forbidden, Invalid, NotFound, Refusal, Unauthenticated
from server_stub.operations.authentication import Credential, TokenShown
from server_stub.operations.context import Answer, Header, ReadContext, ServerContext, wrong_credential
from server_stub.operations.issuing import DERIVED_PATH
from server_stub.web.http import decoding, dialect, headers
from server_stub.web.http.decoding import Body, Query
from server_stub.web.http.dialect import ErrorResponse, FailedRequest, RequestInput, Route
from server_stub.web.http.routing import Handler, Routes
from server_stub.web.pages import templates_env
from server_stub.web.pages.templates_env import FOLDER, HEADERS, see

SESSION = "vshell-session"
VISIT = "vshell-visit"
SIGN_IN_FIRST = "sign_in_first"
VISIT_BYTES = 16
OUR_SITES = (None, "same-origin", "none")  # "none": typed, or reloaded by the person at the browser

_VISIT = re.compile(r"[A-Za-z0-9_-]{22}")

HOME = "/"
SIGN_IN = "/sign-in"
PROBLEM = "problem.html"
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


@dataclass(frozen=True, slots=True)
class PageSession:
    """Who is signed in at a browser, and the key that their forms must hold."""

    username: str
    form_key: str = field(repr=False)


def is_secure(site: ServerContext) -> bool:
    """Tell whether browsers reach the server by TLS, its own or a proxy's."""
    return site.url.startswith("https://")


def find_session_cookie(header: Header) -> tuple[str, bool] | None:
    """Return the session's cookie and whether it has the name that only TLS can give; None if there is none."""
    for secure in (True, False):
        value = headers.find_cookie(header, headers.cookie_name(SESSION, secure))
        if value:
            return value, secure
    return None


def require_session(context: ReadContext) -> PageSession:
    """Return who is signed in at the browser; raise the refusal that leads to the sign-in page."""
    found = find_session_cookie(context.header)
    if context.caller is None or found is None:
        # How everybody begins is no refused try, and is not recorded as one.
        raise Invalid("this page needs a sign-in", "Sign in.", SIGN_IN_FIRST)
    value, secure = found
    token, may_be_planted = context.token, is_secure(context.server) and not secure
    if token is None or token.kind != "session" or token.path == DERIVED_PATH or may_be_planted:
        raise wrong_credential()
    return PageSession(token.owner, derive_key(value, "form key"))


def open_visit(context: ReadContext) -> tuple[str, tuple[str, ...]]:
    """Return the key for a form of a visitor who is not signed in, and the cookie to set for it, if any."""
    value = _find_visit(context)
    cookies: tuple[str, ...] = ()
    if value is None:
        value = base64.urlsafe_b64encode(context.server.fresh(VISIT_BYTES)).rstrip(b"=").decode()
        cookies = (headers.write_cookie(VISIT, value, is_secure(context.server)),)
    return derive_key(value, "form key"), cookies


def _find_visit(context: ReadContext) -> str | None:
    value = headers.find_cookie(context.header, headers.cookie_name(VISIT, is_secure(context.server)))
    return value if value is not None and _VISIT.fullmatch(value) else None


def derive_key(value: str, purpose: str) -> str:
    """Make a key from a cookie's value, from which nobody finds the value."""
    mac = hmac.digest(value.encode(), f"vshell {purpose}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def require_ours(context: ReadContext, form_key: str, anonymous: bool) -> None:
    """Raise unless a form comes from a page of ours, made for this very browser and session."""
    _require_own_site(context)
    if anonymous:
        value = _find_visit(context)
        expected = None if value is None else derive_key(value, "form key")
    else:
        expected = require_session(context).form_key
    if expected is None or not hmac.compare_digest(expected.encode(), form_key.encode()):
        raise Forbidden(
            "the form is out of date, or the browser did not send our cookie",
            "Open the page again and allow cookies of this site. Nothing has been changed.",
            "stale_form",
        )


def _require_own_site(context: ReadContext) -> None:
    origin, site = context.header("Origin"), context.header("Sec-Fetch-Site")
    if site in OUR_SITES and (origin is None or _is_own(context, origin)):
        return
    raise Forbidden(
        "the form came from another site",
        "Open the page here and send it again. Behind a proxy, the server is started with --public-url.",
        "foreign_form",
    )


def _is_own(context: ReadContext, origin: str) -> bool:
    """Tell whether an origin (RFC 6454) is ours: the URL that clients use, or the host that was asked."""
    sent = urllib.parse.urlsplit(origin)
    if is_secure(context.server) and sent.scheme != "https":
        return False
    hosts = (urllib.parse.urlsplit(context.server.url).netloc, context.header("Host") or "")
    return bool(sent.netloc) and sent.netloc.lower() in [host.lower() for host in hosts]


def _find_credential(header: Header) -> Credential | None:
    """Return the session in the cookie; no header counts."""
    found = find_session_cookie(header)
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
    return ErrorResponse(status_of(refusal), templates_env.render(PROBLEM, refusal=refusal), headers)


def _render_refusal(refusal: Refusal, failed: FailedRequest) -> Answer:
    """Say a refusal where it was met: at the sign-in page, in the form that was sent, or on a page of its own."""
    route, context = failed.route, failed.context
    if not route.access.anonymous and (isinstance(refusal, Unauthenticated) or refusal.code == SIGN_IN_FIRST):
        return see(sign_in_address(failed.address if route.method == "GET" else HOME))
    if route.rerender is None or context is None or refusal.code in NOT_AGAIN:
        whose = require_session(context) if context is not None and context.token is not None else None
        answer = Answer(templates_env.HEADERS, templates_env.render(PROBLEM, refusal=refusal, session=whose))
    else:
        answer = route.rerender(context, refusal, *failed.request, **failed.names)
    headers = {**answer.headers, **_headers_of(refusal)}
    return replace(answer, headers=headers, status=status_of(refusal))


def _render_miss(status: int, method: str, path: str) -> ErrorResponse:
    """Say that there is no such page."""
    sentence = "this page does not take that method" if status == 405 else "there is no page at this address"
    return replace(_render_error(NotFound(sentence, "Begin at the list of tokens.")), status=status)


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
            declare(handler if options.get("anonymous") else _for_session(handler))
            return handler

        return declare_for_session


def _guard_form(prepare: Callable[..., Any] | None, anonymous: bool) -> Callable[..., Any]:
    """Have a form looked at before its route's own ``prepare``."""

    def guard(context: ReadContext, request: Form, **names: Any) -> Any:
        require_ours(context, request.form_key, anonymous)
        return None if prepare is None else prepare(context, request, **names)

    return guard


def _for_session(handler: Handler) -> Callable[..., Any]:
    """Have a handler run for a browser that is signed in, and for no other."""

    @functools.wraps(handler)
    def handle(context: ReadContext, *request: Any, **names: Any) -> Any:
        require_session(context)
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
