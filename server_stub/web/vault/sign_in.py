"""auth/userpass/login/NAME: signing in by password through Vault's door.

Vault's clients know one token of a sign-in and renew it, where the native API has a refresh token beside it. So it
lasts as long as an access token does, can be renewed, and ends for good when a refresh token would.
"""

from server_stub.domain.base.errors import Invalid
from server_stub.operations import sessions
from server_stub.operations.context import ReadContext, SignedIn, WriteContext
from server_stub.web.http.dialect import Body
from server_stub.web.vault import responses
from server_stub.web.vault.decoding import Decoded, Text
from server_stub.web.vault.dialect import current
from server_stub.web.vault.responses import Envelope

SAYS = {"not_authenticated": (400, "invalid username or password")}


class Password(Body, frozen=True):
    """A manager's password."""

    password: Text = None


def _check(context: ReadContext, decoded: Decoded[Password], username: str) -> SignedIn:
    """Check the password; slow, and counted when it is wrong."""
    if not decoded.request.password:
        raise Invalid("missing password")
    return sessions.check_sign_in(context, username, decoded.request.password)


@current.post(
    "/auth/userpass/login/{username}",
    action="session.create",
    status=200,
    body=Password,
    prepare=_check,
    open=True,
    anonymous=True,
    status_overrides=SAYS,
)
def login(context: WriteContext, decoded: Decoded[Password], username: str) -> Envelope:
    """Sign in by password."""
    made, _ = sessions.open_session(context, context.prepared, "renewable")
    return responses.make_envelope(
        context, auth=responses.make_auth(context, made.token, made.secret), warnings=decoded.warnings
    )
