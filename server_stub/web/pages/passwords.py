"""/password: a new password of one's own, also when the present one has expired; it takes the present one."""

from dataclasses import dataclass, replace

from server_stub.domain.accounts import passwords
from server_stub.domain.base.errors import Invalid, Refusal, Unauthenticated
from server_stub.operations import sessions
from server_stub.operations.context import Answer, ReadContext, SignedIn, WriteContext
from server_stub.operations.passwords import NewPassword
from server_stub.store import settings as setting_store
from server_stub.web.native import passwords as native
from server_stub.web.native.passwords import OwnPassword
from server_stub.web.pages.dialect import SIGN_IN, Form, PageQuery, routes
from server_stub.web.pages.session import visit
from server_stub.web.pages.templates_env import page, see


class PasswordQuery(PageQuery, frozen=True):
    """Whose password; it is asked for in the form."""

    username: str = ""


class PasswordForm(Form, frozen=True):
    """A name, the present password, and the new one twice."""

    username: str = ""
    password: str = ""
    new_password: str = ""
    repeated_password: str = ""

    @property
    def request(self) -> OwnPassword:
        """What the native API takes."""
        return OwnPassword(self.new_password)


@dataclass(frozen=True, slots=True)
class Checked:
    """A manager whose present password was right, and the new one."""

    signed_in: SignedIn
    new: NewPassword


@routes.get("/password", action="manager.password_page", query=PasswordQuery, anonymous=True)
def show(context: ReadContext, query: PasswordQuery) -> Answer:
    """Show the form of a new password."""
    return _form(context, query.username)


def _form(context: ReadContext, username: str, refusal: Refusal | None = None) -> Answer:
    form_key, kept = visit(context)
    settings = setting_store.load(context.tx).passwords
    return page(
        "password.html",
        cookies=kept,
        form_key=form_key,
        username=username,
        refusal=refusal,
        shortest=settings.min_pwd_length,
    )


def _again(context: ReadContext, refusal: Refusal, request: PasswordForm) -> Answer:
    """Show the form again, with one sentence for every wrong pair."""
    if refusal.code == Unauthenticated.code:
        refusal = Unauthenticated("the name or the present password is wrong", "Check both.")
    return _form(context, request.username, refusal)


def _check(context: ReadContext, request: PasswordForm) -> Checked:
    """Check the present password, counted when it is wrong, and the new one."""
    if request.new_password != request.repeated_password:
        raise Invalid("the two new passwords differ", "Type the new password twice.")
    signed_in = context.server.check_password(request.username, request.password, context.source)
    passwords.require_usable(signed_in.state, changing=True)
    oneself = replace(context, caller=sessions.actor_of(context, signed_in.manager, None, "password"))
    return Checked(signed_in, native.prepare_own_password(oneself, request.request))


@routes.post(
    "/password", action="manager.change_password", body=PasswordForm, prepare=_check, rerender=_again, anonymous=True
)
def change_own(context: WriteContext, request: PasswordForm) -> Answer:
    """Change one's own password; every sign-in of one's own ends."""
    checked: Checked = context.prepared
    manager = sessions.confirm_manager(context, checked.signed_in)
    caller = sessions.actor_of(context, manager, None, "password")
    native.change_own_password(replace(context, caller=caller, prepared=checked.new), request.request)
    return see(f"{SIGN_IN}?after=password")
