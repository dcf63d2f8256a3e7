"""/api/token/, /api/login/, /api/logout/: sign-ins by password (vcli.md section 5.1).

A sign-in makes two tokens: `refresh`, good for nothing but new access tokens, and its child `access`, of the
kind session. So revoking the first ends all that came of it. Neither outlives the refresh token's end; a
password that has ended, a new password and disabling the manager end them too.

An owner who was talked into approving a terminal that is not theirs (RFC 8628, 5.4) does not see it, and whoever took
their browser for a minute says nothing. So the shell says at each ``login``, and the panel above its list, which live
device tokens were made within the last ``device_flow.SHOWN_FOR``. A length of time and not "since the last sign-in": a
script that signs in, or whoever does so in the owner's name, would else take the notice away.
"""

import msgspec

from server_stub.domain import settings
from server_stub.domain.accounts import managers, permissions
from server_stub.domain.accounts.managers import Manager, PasswordSettings
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Conflict
from server_stub.domain.devices import device_flow
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import ReadContext, SignedIn, WriteContext, wrong_credential
from server_stub.operations.issuing import root_of
from server_stub.operations.sessions import actor_of, check_sign_in, create_token, find_refresh_token, open_session
from server_stub.store import devices as device_store
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http.decoding import Body, Secret
from server_stub.web.http.routing import Routes
from server_stub.web.native.managers import ManagerView, view_manager, view_managers
from server_stub.web.native.tokens import TokenView, format_time, view_token

routes = Routes("/api")


class SignIn(Body, frozen=True):
    """A manager's name and password."""

    username: str
    password: str


class Refresh(Body, frozen=True):
    """The refresh token of a sign-in."""

    refresh: str


class Session(Secret, frozen=True):
    """The tokens of a sign-in: `access` goes with every request, `refresh` gets the next `access`."""

    access: str
    refresh: str


class CallerView(ManagerView, frozen=True):
    """The caller as a manager, with how they showed who they are and until when that holds (null: for ever).

    `renewable_until` is the end of a sign-in, whose access tokens follow one another (null: this is none).
    """

    auth_method: str
    token_id: str | None
    expires_at: str | None
    renewable_until: str | None


def _prepare_sign_in(context: ReadContext, request: SignIn) -> SignedIn:
    """Check the password; slow, and counted when it is wrong."""
    return check_sign_in(context, request.username, request.password)


@routes.post(
    "/token/", action="session.create", body=SignIn, prepare=_prepare_sign_in, status=200, takes_form=True, open=True
)
def create_session(context: WriteContext, request: SignIn) -> Session:
    """Sign in by password."""
    refresh, access = open_session(context, context.prepared, "refreshed")
    return Session(access.secret, refresh.secret)


@routes.post("/token/refresh/", action="session.refresh", body=Refresh, status=200, takes_form=True, open=True)
def refresh_session(context: WriteContext, request: Refresh) -> Session:
    """Go on with a sign-in: get another access token for its refresh token, which stays the same."""
    tx = context.tx
    root = find_refresh_token(context, request.refresh)
    manager = manager_store.find(tx, root.owner_id)
    if manager is None or not manager.enabled or root.expires_at is None:
        raise wrong_credential()
    present = setting_store.load(tx)
    managers.require_usable_password(managers.password_state(present.passwords, manager, tx.now))
    token_store.delete_ended_sessions(tx, manager.id)
    ends_at = min(tx.now + settings.access_lifetime(present.server), root.expires_at)
    access = create_token(context, manager, "session", ends_at, parent_id=root.id)
    context.record(access.token.id, {"refresh": root.id}, actor_of(context, manager, root.id, "refresh token"))
    return Session(access.secret, request.refresh)


@routes.get("/login/", action="session.show")
def show_session(context: ReadContext) -> CallerView:
    """Show who the caller is, what they may do now, and how long their credential holds."""
    actor, token = context.actor, context.token
    manager = None if actor.id is None else manager_store.find(context.tx, actor.id)
    person = _view_local_admin() if manager is None else view_managers(context.tx, [manager])[0]
    now_held = {"permissions": sorted(actor.permissions)}  # a token may carry less than its owner has
    return CallerView(
        **msgspec.structs.asdict(person) | now_held,
        auth_method=actor.auth_method,
        token_id=actor.token_id,
        expires_at=None if token is None else format_time(token.expires_at),
        renewable_until=None if token is None else _renewable_until(context, token),
    )


def _renewable_until(context: ReadContext, token: Token) -> str | None:
    """Return when the sign-in ends that an access token belongs to, None for a token of another kind."""
    sign_in = token_store.bearer(context.tx, token.parent_id) if token.kind == "session" and token.parent_id else None
    return None if sign_in is None else format_time(sign_in.token.expires_at)


def _view_local_admin() -> ManagerView:
    person = Manager(0, permissions.LOCAL_ADMIN, "", "", True, True, frozenset(), 0, password_expiration_disabled=True)
    return msgspec.structs.replace(view_manager(person, [], 0, PasswordSettings()), id=None)


@routes.post("/logout/", action="session.end")
def end_session(context: WriteContext) -> None:
    """Sign out: the access token shown, its refresh token and all that came of it are revoked."""
    token = context.token
    if token is None or token.kind != "session":
        raise _no_session_to_end(context.actor)
    revoked = token_store.revoke(context.tx, root_of(token))
    context.record(token.id, {"revoked": revoked})


def _no_session_to_end(actor: Actor) -> Conflict:
    """Say why there is nothing to sign out of."""
    if actor.kind == "local-admin":
        return Conflict("local-admin does not sign in, so there is no session to end", "Just leave the shell.")
    if actor.token_id is None:
        return Conflict("a password shown with a request makes no session", "There is nothing to end.")
    return Conflict(
        "an API token is no session, so there is nothing to sign out of",
        f"To put an end to the token, revoke it: apitoken revoke --id {actor.token_id}",
    )


@routes.get("/login/approved/", action="session.approved")
def list_approved(context: ReadContext) -> list[TokenView]:
    """List the live device tokens of the caller that were made within the last 7 days, newest first, at most 10."""
    owner_id = context.actor.id
    if owner_id is None or context.actor.is_narrowed:
        return []
    made = device_store.made_since(context.tx, owner_id, context.now - device_flow.SHOWN_FOR)
    found = (token_store.find(context.tx, token_id) for token_id in made)
    return [view_token(token, context.now) for token in found if token is not None]
