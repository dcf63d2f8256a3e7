"""/sign-in, /sign-out, /password: a sign-in is a session in a cookie, by the same rules as the API's.

The session is new at every sign-in, whatever the browser showed before, so nobody can have one planted. A new password
of one's own takes the present one, also when that has expired.
"""

from dataclasses import replace
from typing import Any

from server_stub.domain.accounts import managers
from server_stub.domain.base.errors import Invalid, Refusal, Unauthenticated
from server_stub.operations import sessions
from server_stub.operations.context import Answer, ReadContext, SignedIn, WriteContext
from server_stub.operations.passwords import NewPassword, confirm_manager
from server_stub.store import settings as setting_store
from server_stub.web.http.headers import write_cookie
from server_stub.web.native import managers as native
from server_stub.web.native.managers import OwnPassword
from server_stub.web.native.sessions import end_session
from server_stub.web.pages import dialect
from server_stub.web.pages.dialect import HOME, SIGN_IN, Form, PageQuery, routes, safe_address
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
    return _form(context, safe_address(query.next), notice=NOTICES.get(query.after))


def _form(
    context: ReadContext, wanted: str, username: str = "", refusal: Refusal | None = None, notice: str | None = None
) -> Answer:
    return _visitor_page(
        context,
        "sign_in.html",
        wanted=wanted,
        username=username,
        refusal=refusal,
        notice=notice,
        banner=setting_store.load(context.tx).server.login_banner,
        change_due=refusal is not None and refusal.code == CHANGE_DUE,
    )


def _visitor_page(context: ReadContext, template: str, **values: Any) -> Answer:
    """Answer a page with a form for a visitor who is not signed in."""
    form_key, set_cookies = dialect.open_visit(context)
    return page(template, cookies=set_cookies, form_key=form_key, **values)


def _rerender(context: ReadContext, refusal: Refusal, request: SignInForm) -> Answer:
    """Show the form again, with one sentence for every wrong pair."""
    if refusal.code == Unauthenticated.code:
        refusal = Unauthenticated("the name or the password is wrong", "Check both, also for capital letters.")
    return _form(context, safe_address(request.next), request.username, refusal)


def _check(context: ReadContext, request: SignInForm) -> SignedIn:
    """Check the password; slow, and counted when it is wrong."""
    signed_in = context.server.check_password(request.username, request.password, context.source)
    if signed_in.state == "expired":
        raise Unauthenticated("the password has expired", "Set a new one to sign in.", CHANGE_DUE)
    managers.require_usable_password(signed_in.state)
    return signed_in


@routes.post(SIGN_IN, action="session.create", body=SignInForm, prepare=_check, rerender=_rerender, anonymous=True)
def sign_in(context: WriteContext, request: SignInForm) -> Answer:
    """Sign in, and go where one wanted to be."""
    made, _ = sessions.open_session(context, context.prepared, "sliding", {"page": SIGN_IN})
    secure = dialect.is_secure(context.server)
    session = write_cookie(dialect.SESSION, made.secret, secure)
    return see(safe_address(request.next), session, write_cookie(dialect.VISIT, "", secure))


@routes.post("/sign-out", action="session.end")
def sign_out(context: WriteContext, request: Form) -> Answer:
    """Sign out: the session ends on the server, not only in the browser."""
    end_session(context)
    return see(f"{SIGN_IN}?after=sign-out", write_cookie(dialect.SESSION, "", dialect.is_secure(context.server)))


class PasswordQuery(PageQuery, frozen=True):
    """Whose password is to change; the form has a field for it."""

    username: str = ""


class PasswordForm(Form, frozen=True):
    """A name, the present password, and the new one twice."""

    username: str = ""
    password: str = ""
    new_password: str = ""
    repeated_password: str = ""


@routes.get("/password", action="manager.password_page", query=PasswordQuery, anonymous=True)
def show_password_form(context: ReadContext, query: PasswordQuery) -> Answer:
    """Show the form of a new password."""
    return _change_form(context, query.username)


def _change_form(context: ReadContext, username: str, refusal: Refusal | None = None) -> Answer:
    shortest = setting_store.load(context.tx).passwords.min_pwd_length
    return _visitor_page(context, "password.html", username=username, refusal=refusal, shortest=shortest)


def _rerender_change(context: ReadContext, refusal: Refusal, request: PasswordForm) -> Answer:
    """Show the form again, with one sentence for every wrong pair."""
    if refusal.code == Unauthenticated.code:
        refusal = Unauthenticated("the name or the present password is wrong", "Check both.")
    return _change_form(context, request.username, refusal)


def _check_change(context: ReadContext, request: PasswordForm) -> tuple[SignedIn, NewPassword]:
    """Check the present password, counted when it is wrong, and the new one; return both as they were checked."""
    if request.new_password != request.repeated_password:
        raise Invalid("the two new passwords differ", "Type the new password twice.")
    signed_in = context.server.check_password(request.username, request.password, context.source)
    managers.require_usable_password(signed_in.state, changing=True)
    oneself = replace(context, caller=sessions.actor_of(context, signed_in.manager, None, "password"))
    return signed_in, native.prepare_own_password(oneself, OwnPassword(request.new_password))


@routes.post(
    "/password",
    action="manager.change_password",
    body=PasswordForm,
    prepare=_check_change,
    rerender=_rerender_change,
    anonymous=True,
)
def change_password(context: WriteContext, request: PasswordForm) -> Answer:
    """Change one's own password; every sign-in of one's own ends."""
    signed_in, new = context.prepared
    manager = confirm_manager(context.tx, signed_in)
    oneself = replace(context, caller=sessions.actor_of(context, manager, None, "password"), prepared=new)
    native.change_own_password(oneself, OwnPassword(request.new_password))
    return see(f"{SIGN_IN}?after=password")
