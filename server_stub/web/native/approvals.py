"""/api/login/approved/: what was approved in one's name of late, for whoever signs in to see.

Somebody who was talked into approving a terminal that is not theirs (RFC 8628, 5.4) does not know it, and whoever took
their browser for a minute does not tell. So the shell says at each ``login``, and the panel above its list, which live
device tokens were made within the last ``devices.TOLD_FOR``. A length of time and not "since the last sign-in": a
script that signs in, or whoever does so in the owner's name, would else take the notice away.
"""

from server_stub.domain.devices import device_flow
from server_stub.operations.context import ReadContext
from server_stub.store import devices as device_store
from server_stub.store import tokens as token_store
from server_stub.web.http.routing import Routes
from server_stub.web.native.tokens import TokenView, view_token

routes = Routes("/api")


@routes.get("/login/approved/", action="session.approved")
def list_approved(context: ReadContext) -> list[TokenView]:
    """List the live device tokens of the caller that were made within the last 7 days, newest first, at most 10."""
    owner_id = context.actor.id
    if owner_id is None or context.actor.is_narrowed:
        return []
    made = device_store.made_since(context.tx, owner_id, context.now - device_flow.TOLD_FOR)
    found = (token_store.find(context.tx, token_id) for token_id in made)
    return [view_token(token, context.now) for token in found if token is not None]
