"""/sign-in and /sign-out: a sign-in by password is a session in a cookie, by the same rules as the API's.

The session is new at every sign-in, whatever the browser showed before, so nobody can have one planted.
"""

from server_stub.domain.accounts import passwords
from server_stub.domain.accounts.hashing import SALT_BYTES
from server_stub.domain.base.errors import Refusal, Unauthenticated
from server_stub.operations import sessions
from server_stub.operations.context import Answer, ReadContext, SignedIn, WriteContext
from server_stub.operations.passwords import renew_hash
from server_stub.store import settings as setting_store
from server_stub.web.http.headers import write_cookie
from server_stub.web.native.sessions import end_session
from server_stub.web.pages.dialect import HOME, SIGN_IN, Form, PageQuery, own, routes
from server_stub.web.pages.session import SESSION, VISIT, is_secure, visit
from server_stub.web.pages.templates_env import page, see

CHANGE_DUE = "password_change_due"
NOTICES = {"sign-out": "You are signed out.", "password": "The new password is set. Sign in with it."}


class SignInQuery(PageQuery, frozen=True):
    """Where to go after the sign-in, and what was done just before it."""

    next: str = HOME
    after: str = ""


class SignInForm(Form, frozen=True):
    """A manager's name and password, and where to go then."""

    username: str = ""
    password: str = ""
    next: str = HOME


@routes.get(SIGN_IN, action="session.page", query=SignInQuery, anonymous=True)
def show(context: ReadContext, query: SignInQuery) -> Answer:
    """Show the form of a sign-in."""
    return _form(context, own(query.next), notice=NOTICES.get(query.after))


def _form(
    context: ReadContext, wanted: str, username: str = "", refusal: Refusal | None = None, notice: str | None = None
) -> Answer:
    form_key, kept = visit(context)
    return page(
        "sign_in.html",
        cookies=kept,
        form_key=form_key,
        wanted=wanted,
        username=username,
        refusal=refusal,
        notice=notice,
        banner=setting_store.load(context.tx).server.login_banner,
        change_due=refusal is not None and refusal.code == CHANGE_DUE,
    )


def _again(context: ReadContext, refusal: Refusal, request: SignInForm) -> Answer:
    """Show the form again, with one sentence for every wrong pair."""
    if refusal.code == Unauthenticated.code:
        refusal = Unauthenticated("the name or the password is wrong", "Check both, also for capital letters.")
    return _form(context, own(request.next), request.username, refusal)


def _check(context: ReadContext, request: SignInForm) -> SignedIn:
    """Check the password; slow, and counted when it is wrong."""
    signed_in = context.server.check_password(request.username, request.password, context.source)
    if signed_in.state == "expired":
        raise Unauthenticated("the password has expired", "Set a new one to sign in.", CHANGE_DUE)
    passwords.require_usable(signed_in.state)
    return renew_hash(signed_in, request.password, context.server.fresh(SALT_BYTES))


@routes.post(SIGN_IN, action="session.create", body=SignInForm, prepare=_check, rerender=_again, anonymous=True)
def sign_in(context: WriteContext, request: SignInForm) -> Answer:
    """Sign in, and go where one wanted to be."""
    made, _ = sessions.open_session(context, context.prepared, "sliding", {"page": SIGN_IN})
    secure = is_secure(context.server)
    return see(own(request.next), write_cookie(SESSION, made.secret, secure), write_cookie(VISIT, "", secure))


@routes.post("/sign-out", action="session.end")
def sign_out(context: WriteContext, request: Form) -> Answer:
    """Sign out: the session ends on the server, not only in the browser."""
    end_session(context)
    return see(f"{SIGN_IN}?after=sign-out", write_cookie(SESSION, "", is_secure(context.server)))
