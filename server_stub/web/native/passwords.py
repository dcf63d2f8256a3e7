"""/api/managers/: passwords, one's own and others', and failed sign-ins (vcli.md section 3.4).

Changing one's own takes the present password, shown with the request or at the sign-in: whoever finds an API
token cannot take the account over. Setting another's takes edit on managers and every right that they hold.
"""

from server_stub.domain.accounts import passwords
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import Conflict, Forbidden
from server_stub.operations import passwords as new_passwords
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.operations.passwords import NewPassword
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http.dialect import Body
from server_stub.web.http.routing import Routes
from server_stub.web.native.managers import find_manager, find_to_set_password, no_password_given

routes = Routes("/api/managers")


class OwnPassword(Body, frozen=True):
    """One's own new password."""

    password: str


class SetPassword(Body, frozen=True):
    """Another's new password; a temporary one has to be replaced in time."""

    password: str
    is_temporary_password: bool = False


class UnlockRequest(Body, frozen=True):
    """A new password, if there is to be one."""

    password: str | None = None
    is_temporary_password: bool = False


def prepare_own_password(context: ReadContext, request: OwnPassword) -> NewPassword:
    """Check and hash one's own new password; raise the refusal of what stands against it."""
    manager = _find_oneself(context)
    settings = setting_store.load(context.tx).passwords
    passwords.require_change_due(settings, manager, context.now)
    return new_passwords.prepare_password(context, request.password, manager.username, manager)


@routes.patch(
    "/password/",
    action="manager.change_password",
    body=OwnPassword,
    prepare=prepare_own_password,
    status=204,
    expired_password=True,
)
def change_own_password(context: WriteContext, request: OwnPassword) -> None:
    """Change one's own password, also one that has expired; every sign-in of one's own ends."""
    manager = _find_oneself(context)
    revoked = new_passwords.set_password(context, manager, context.prepared, temporary=False)
    context.record(manager.username, {"id": manager.id, "sign_ins_revoked": revoked})


def _find_oneself(context: ReadContext) -> Manager:
    """Return the actor as a manager who has shown their password."""
    actor = context.actor
    manager = None if actor.id is None else manager_store.find(context.tx, actor.id)
    if manager is None:
        raise Conflict("local-admin has no password", "Name a manager: manager set_password --username NAME")
    if actor.token_id is not None:
        token = token_store.find(context.tx, actor.token_id)
        if token is None or token.kind != "session":
            raise Forbidden("an API token cannot change its owner's password", "Sign in by password: login")
    return manager


def _prepare_set(context: ReadContext, request: SetPassword, manager_id: int) -> NewPassword:
    manager = find_to_set_password(context, manager_id)
    return new_passwords.prepare_password(context, request.password, manager.username, manager)


@routes.patch(
    "/{manager_id:int}/password/", action="manager.set_password", body=SetPassword, prepare=_prepare_set, status=204
)
def set_password(context: WriteContext, request: SetPassword, manager_id: int) -> None:
    """Set a manager's password; every sign-in of theirs ends."""
    manager = find_to_set_password(context, manager_id)
    revoked = new_passwords.set_password(context, manager, context.prepared, request.is_temporary_password)
    facts = {"id": manager.id, "is_temporary_password": request.is_temporary_password, "sign_ins_revoked": revoked}
    context.record(manager.username, facts)


def _prepare_unlock(context: ReadContext, request: UnlockRequest, manager_id: int) -> NewPassword | None:
    if request.password is not None:
        return _prepare_set(context, SetPassword(request.password), manager_id)
    if request.is_temporary_password:
        raise no_password_given()
    return None


@routes.patch(
    "/{manager_id:int}/unlock/", action="manager.unlock", body=UnlockRequest, prepare=_prepare_unlock, status=204
)
def unlock_manager(context: WriteContext, request: UnlockRequest, manager_id: int) -> None:
    """Clear a manager's failed sign-ins, and set a new password if one is given."""
    manager = find_manager(context, manager_id, "edit")
    facts: dict[str, int | bool] = {"id": manager.id}
    if context.prepared is not None:
        find_to_set_password(context, manager_id)
        facts["sign_ins_revoked"] = new_passwords.set_password(
            context, manager, context.prepared, request.is_temporary_password
        )
        facts["is_temporary_password"] = request.is_temporary_password
    manager_store.forget_failures(context.tx, manager.username)
    context.record(manager.username, facts)
