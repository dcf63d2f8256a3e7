"""Where the device flow begins at the OAuth front door (RFC 8628, 3.1 and 3.2); the rest of it is in ``oauth``.

POST /oauth/device_authorization, with a token, as Bearer, or without a credential
    client_id (any name; ``vshell`` is ours), scope (``node:UUID:r`` and the like, for a narrower token), and of our
    own: client_name (the program), host (what the terminal says it is), name (of the token), terminal_key (base64url,
    an Ed25519 public key), project.
    200: device_code, user_code ``XXXX-XXXX``, verification_uri, expires_in 300, interval 5 (seconds). There is no
    verification_uri_complete: a link that holds the code is what phishing sends.
    400: invalid_request, invalid_scope, unauthorized_client (the flow is switched off); 429 slow_down, Retry-After.

Whoever shows a token of their own, a session too, is not among the strangers whose number is bounded, and the page says
whose it was; one that is no good is refused (401), not passed over. A credential of the client (Basic; RFC 6749, 2.3.1)
proves nothing here and is not read.
"""

from typing import Any

from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.devices import device_flow as flow
from server_stub.operations import device_flow
from server_stub.operations.context import WriteContext
from server_stub.operations.device_flow import Asked
from server_stub.web.http.headers import base_url
from server_stub.web.oauth.dialect import Form, starts

PAGE = "/device"

routes = starts


class Beginning(Form, frozen=True):
    """What a terminal says when it begins (RFC 8628, 3.1); see above for the fields of our own."""

    client_id: str = ""
    scope: str = ""
    client_name: str = ""
    host: str = ""
    name: str = ""
    terminal_key: str = ""
    project: str = ""


@routes.post(
    "/oauth/device_authorization",
    action="device.requested",
    body=Beginning,
    prepare=device_flow.require_beginning,
    status=200,
    open=True,
)
def begin(context: WriteContext, wish: Beginning) -> Any:
    """Begin the device flow: get a code for people to type, and one to poll with."""
    asked = Asked(
        client_id=wish.client_id,
        interval=flow.INTERVAL,
        program=wish.client_name,
        host=wish.host,
        name=wish.name,
        scope=wish.scope,
        terminal_key=wish.terminal_key,
        project=wish.project,
    )
    request, device_code = device_flow.begin(context, asked)
    return {
        "device_code": device_code,
        "user_code": flow.format_code(request.user_code),
        "verification_uri": base_url(context) + PAGE,
        "expires_in": flow.LIFETIME // SECOND,
        "interval": request.interval // SECOND,
    }
