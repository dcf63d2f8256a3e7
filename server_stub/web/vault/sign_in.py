"""auth/userpass/login/NAME: signing in by password through Vault's door.

Vault's clients know one token of a sign-in and renew it, where the native API has a refresh token beside it. So it
lasts as long as an access token does, can be renewed, and ends for good when a refresh token would.
"""

from server_stub.domain import settings
from server_stub.domain.accounts import passwords
from server_stub.domain.base.errors import Invalid
from server_stub.operations import sessions
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.operations.password_check import SignedIn
from server_stub.store import managers as manager_store
from server_stub.store import sessions as session_store
from server_stub.store import settings as setting_store
from server_stub.web.http.dialect import Body
from server_stub.web.vault import responses
from server_stub.web.vault.decoding import Read, Text
from server_stub.web.vault.dialect import today
from server_stub.web.vault.responses import Envelope

SAYS = {"not_authenticated": (400, "invalid username or password")}


class Password(Body, frozen=True):
    """A manager's password."""

    password: Text = None


def _check(context: ReadContext, read: Read[Password], username: str) -> SignedIn:
    """Check the password; slow, and counted when it is wrong."""
    if not read.request.password:
        raise Invalid("missing password")
    signed_in = context.server.check_password(username, read.request.password, context.source)
    passwords.require_usable(signed_in.state)
    return signed_in


@today.post(
    "/auth/userpass/login/{username}",
    action="session.create",
    status=200,
    body=Password,
    prepare=_check,
    open=True,
    anonymous=True,
    status_overrides=SAYS,
)
def login(context: WriteContext, read: Read[Password], username: str) -> Envelope:
    """Sign in by password."""
    tx, manager = context.tx, sessions.confirm_manager(context, context.prepared)
    server = setting_store.load(tx).server
    session_store.forget_ended(tx, manager.id)
    length, longest = settings.access_lifetime(server), settings.refresh_lifetime(server)
    made = sessions.create_token(context, manager, "session", None, tx.now + length, tx.now + longest)
    manager_store.note_sign_in(tx, manager.id)
    context.record(made.token.id, {}, sessions.actor_of(context, manager, None, "password"))
    return responses.envelope(context, auth=responses.auth(context, made.token, made.secret), warnings=read.warnings)
