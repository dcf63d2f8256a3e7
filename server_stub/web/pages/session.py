"""Browser sessions and the keys of forms, on which every page stands.

- A sign-in at ``/sign-in`` is a `session` token of the engine in a cookie; only its digest is kept. Each use moves its
  end by the access token's lifetime, up to that of a refresh token or the end of the password. Signing out, revoking
  it, a new password, disabling the manager: the next request goes to the sign-in page.
- Nothing else counts on a page: no header, no API token in the cookie, nor what a device token gave, no address that
  is trusted.
- Each form holds a key made from its browser's cookie: the session's, or, where nobody is signed in yet, one that the
  form's own page has set (``open_visit``). Another site knows neither, nor may it send them.
- A form must also say that it comes from our own pages, by `Sec-Fetch-Site` and `Origin`, where a browser says it at
  all. Both must agree.

A new page is declared on ``dialect.routes``: whoever asks for it signs in first and is then sent to where they wanted
to be. Its handler gets the session from ``require``, its template gives ``session.form_key`` to each form, and its
form's body is a ``dialect.Form``: the checks of this module then run by themselves before the page's own.
"""

import base64
import hmac
import re
import urllib.parse
from dataclasses import dataclass, field

from server_stub.domain.base.errors import Forbidden, Invalid
from server_stub.operations.context import Header, ReadContext, ServerContext, wrong_credential
from server_stub.operations.issuing import DERIVED_PATH
from server_stub.web.http import headers

SESSION = "vshell-session"
VISIT = "vshell-visit"
SIGN_IN_FIRST = "sign_in_first"
VISIT_BYTES = 16
OUR_SITES = (None, "same-origin", "none")  # "none": typed, or reloaded by the person at the browser

_VISIT = re.compile(r"[A-Za-z0-9_-]{22}")


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


def require(context: ReadContext) -> PageSession:
    """Return who is signed in at the browser; raise the refusal that leads to the sign-in page."""
    found = find_session_cookie(context.header)
    if context.caller is None or found is None:
        # How everybody begins is no refused try, and is not recorded as one.
        raise Invalid("this page needs a sign-in", "Sign in.", SIGN_IN_FIRST)
    value, secure = found
    token = context.token
    if (
        token is None
        or token.kind != "session"
        or token.path == DERIVED_PATH
        or (is_secure(context.server) and not secure)
    ):
        raise wrong_credential()
    return PageSession(token.owner, derive_key(value, "form key"))


def open_visit(context: ReadContext) -> tuple[str, tuple[str, ...]]:
    """Return the key for a form of a visitor who is not signed in, and the cookie to set for it, if any."""
    secure = is_secure(context.server)
    value = _find_visit(context)
    if value is not None:
        return derive_key(value, "form key"), ()
    value = base64.urlsafe_b64encode(context.server.fresh(VISIT_BYTES)).rstrip(b"=").decode()
    return derive_key(value, "form key"), (headers.write_cookie(VISIT, value, secure),)


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
        expected = require(context).form_key
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
