"""The OAuth front door: device flow, revocation, introspection, metadata (RFC 8628, 7009, 7662, 8414).

A request is a form; empty is absent, unknown fields are ignored, one given twice is an error. An answer is JSON, and
so is a refusal (RFC 6749, 5.2): ``{"error": code, "error_description": sentence and next step}``.

POST /oauth/device_authorization, with a token, as Bearer, or without a credential
    client_id (any name; ``vshell`` is ours), scope (``node:UUID:r`` and the like, for a narrower token), and of our
    own: client_name (the program), host (what the terminal says it is), name (of the token), terminal_key (base64url,
    an Ed25519 public key), project.
    200: device_code, user_code ``XXXX-XXXX``, verification_uri, expires_in 300, interval 5 (seconds). There is no
    verification_uri_complete: a link that holds the code is what phishing sends.
    400: invalid_request, invalid_scope, unauthorized_client (the flow is switched off); 429 slow_down, Retry-After.
    Whoever shows a token of their own, a session too, is not among the strangers whose number is bounded, and the page
    says whose it was; one that is no good is refused (401), not passed over. A credential of the client (Basic; RFC
    6749, 2.3.1) proves nothing here and is not read.
POST /oauth/token, without a credential
    grant_type ``urn:ietf:params:oauth:grant-type:device_code``, device_code, client_id (the one that began).
    200: access_token (the device token's whole string), token_type ``Bearer``, token_id, approved_by; and where there
    is something to say: expires_in (seconds; it ends), scope, dc (this server's data centre), project.
    400: authorization_pending, slow_down (with the ``interval`` to keep from now on), access_denied (the description
    says who denied, or why nothing is given: the quota, an approver who may not any more, another data centre),
    expired_token, invalid_grant, invalid_request, unsupported_grant_type.
    With an ``Idempotency-Key``, the same for each poll, an answer that got lost is given again (see ``idempotency``).
POST /oauth/revoke, without a credential: the token is the proof
    token, token_type_hint (ignored), client_id (if given, it must be the one that the token was made for).
    A device_code is a token here too, with the client_id that it was given to: the terminal takes its request back,
    nobody can approve it any more, and a token that was made of it is revoked.
    200 and nothing else, also for what is no token. 400: invalid_request, invalid_grant (another client's token).
POST /oauth/introspect, with a credential of the native API
    token, token_type_hint (ignored). 200: active, and of a live token of the caller's own, or of anybody's with view on
    Security: scope, client_id, username, token_type, exp, iat, sub, iss, jti (the id), kind, dc, project. Anything else
    is ``{"active": false}``. Nothing of this is a use of the token. 401: invalid_token.
GET /.well-known/oauth-authorization-server: the metadata, with ``dc`` where the server has one. What has no elements is
    left out (RFC 8414, 3.2), so there are no response_types_supported: no grant of ours has an authorization endpoint.
    The device grant is named also where the flow is off, for without it a reader would suppose two that are not served;
    then there is no device_authorization_endpoint.
"""

from typing import Any

import msgspec

from server_stub.domain.accounts import permissions
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.devices import device_flow as flow
from server_stub.domain.tokens import expiry, tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import authentication, device_flow, idempotency
from server_stub.operations.context import Answer, ReadContext, WriteContext
from server_stub.operations.device_flow import Outcome
from server_stub.operations.issuing import Made
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http.headers import base_url
from server_stub.web.oauth.dialect import Form, describe_refusal, rfc, starts

PAGE = "/device"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
JSON = {"Content-Type": "application/json", "Pragma": "no-cache"}
ERRORS: dict[flow.Poll, str] = {
    "pending": "authorization_pending",
    "slow_down": "slow_down",
    "denied": "access_denied",
    "expired": "expired_token",
}

BEGIN: dict[str, Any] = {
    "action": "device.requested",
    "prepare": device_flow.require_beginning,
    "status": 200,
    "open": True,
}
POLL: dict[str, Any] = {"action": "device.redeemed", "status": 200, "open": True, "anonymous": True, "unaudited": True}
REVOKE: dict[str, Any] = {"action": "apitoken.revoke", "status": 200, "open": True, "anonymous": True}
"""Options of the routes that both dialects have."""

routes = rfc


class Beginning(Form, frozen=True):
    """What a terminal says when it begins (RFC 8628, 3.1); see above for the fields of our own."""

    client_id: str = ""
    scope: str = ""
    client_name: str = ""
    host: str = ""
    name: str = ""
    terminal_key: str = ""
    project: str = ""


class Fetching(Form, frozen=True):
    """What a terminal polls with (RFC 8628, 3.4)."""

    grant_type: str = ""
    device_code: str = ""
    client_id: str = ""


class Presenting(Form, frozen=True):
    """A token to revoke or to ask about (RFC 7009, 2.1; RFC 7662, 2.1)."""

    token: str = ""
    token_type_hint: str = ""
    client_id: str = ""


class Introspection(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a token is (RFC 7662, 2.2); of one that is not live nothing is said but that."""

    active: bool
    scope: str = ""
    client_id: str = ""
    username: str = ""
    token_type: str = ""
    exp: int | None = None
    iat: int | None = None
    sub: str = ""
    iss: str = ""
    jti: str = ""
    kind: str = ""
    dc: str = ""
    project: str | None = None


@starts.post("/oauth/device_authorization", body=Beginning, **BEGIN)
def begin(context: WriteContext, request: Beginning) -> Any:
    """Begin the device flow: get a code for people to type, and one to poll with."""
    begun, device_code = device_flow.begin(context, flow.INTERVAL, **msgspec.structs.asdict(request))
    return {
        "device_code": device_code,
        "user_code": flow.format_code(begun.user_code),
        "verification_uri": base_url(context) + PAGE,
        "expires_in": flow.LIFETIME // SECOND,
        "interval": begun.interval // SECOND,
    }


def _check(context: ReadContext, request: Fetching) -> None:
    """Refuse what is no poll, before the writer is asked."""
    for name in ("grant_type", "client_id"):
        if not getattr(request, name):
            raise Invalid(f"{name} is missing")
    if request.grant_type != DEVICE_GRANT:
        raise Invalid("this grant is not served", f"Use grant_type={DEVICE_GRANT}.", "unsupported_grant_type")
    if not request.device_code:
        raise Invalid("device_code is missing")
    idempotency.find_key(context)
    device_flow.find_request(context, request.device_code, request.client_id)


@routes.post("/oauth/token", body=Fetching, prepare=_check, **POLL)
def fetch(context: WriteContext, request: Fetching) -> Any:
    """Poll for the token of a device flow, and get it once it is approved (RFC 8628, 3.4)."""
    outcome = device_flow.poll(context, request.device_code, request.client_id)
    if outcome.made is None:
        given = idempotency.replay_answer(context, outcome.request)
        return _render_pending(outcome) if given is None else Answer(JSON, given)
    granted = msgspec.json.encode(_render_grant(context, outcome.made, outcome.approver))
    idempotency.store_answer(context, outcome.request, granted)
    return Answer(JSON, granted)


def _render_pending(outcome: Outcome) -> Answer:
    """Answer a poll that gives no token."""
    sentences: dict[flow.Poll, str] = {
        "pending": "nobody has approved this yet",
        "slow_down": "this polls too often",
        "denied": f"{outcome.approver or 'somebody'} denied it on the page",
        "expired": "the code has ended or was used; begin anew",
    }
    sentence = outcome.sentence or sentences[outcome.poll]
    body: dict[str, object] = {"error": ERRORS[outcome.poll], "error_description": describe_refusal(sentence)}
    if outcome.poll == "slow_down":
        body["interval"] = outcome.request.interval // SECOND
    return Answer(JSON, msgspec.json.encode(body), status=400)


def _render_grant(context: WriteContext, made: Made, approver: str) -> dict[str, object]:
    token = made.token
    granted: dict[str, object] = {
        "access_token": made.secret,
        "token_type": "Bearer",
        "token_id": token.id,
        "approved_by": approver,
    }
    more = {"scope": " ".join(token.scopes), "dc": context.server.dc, "project": token.project}
    granted |= {name: value for name, value in more.items() if value}
    if token.expires_at is not None:
        granted["expires_in"] = max(0, token.expires_at - context.now) // SECOND
    return granted


@routes.post("/oauth/revoke", body=Presenting, **REVOKE)
def revoke(context: WriteContext, request: Presenting) -> Any:
    """Revoke the very token that is sent, with all that descends from it, or take a device code back (RFC 7009)."""
    if not request.token:
        raise Invalid("token is missing")
    if not revoke_shown(context, request.token, request.client_id):
        device_flow.withdraw(context, request.token, request.client_id)
    return Answer({"Content-Type": "text/plain"})


def revoke_shown(context: WriteContext, text: str, client_id: str = "") -> bool:
    """Revoke the token that a text is; tell whether there was one. Raise Invalid when it is another client's."""
    token = find_presented(context, text)
    if token is None or token.revoked_at is not None:
        return False
    if client_id and token.meta.get("client_id", client_id) != client_id:
        raise Invalid("the token was made for another client", "Send that one's client_id.", "invalid_grant")
    revoked = token_store.revoke(context.tx, token.id)
    caller = authentication.find_actor(context.tx, token, context.source)
    context.record(token.id, {"owner": token.owner, "revoked": revoked}, caller)
    return True


def find_presented(context: ReadContext, text: str) -> Token | None:
    """Return the token that a text is, dead or alive; by a secret in the grace of its rotation it ends with that."""
    shown = token_format.parse_any(text.strip())
    token = None if shown is None else token_store.find(context.tx, shown.id)
    if token is None or shown is None or not tokens.accepts(token, shown.digest, context.now):
        return None
    return expiry.as_shown(token, shown.digest)


@routes.post("/oauth/introspect", action="apitoken.introspect", body=Presenting, status=200, read_only=True)
def introspect(context: ReadContext, request: Presenting) -> Introspection:
    """Say what a token is: one's own, or anybody's with view on the Security realm (RFC 7662). It is no use of it."""
    if not request.token:
        raise Invalid("token is missing")
    token = find_presented(context, request.token)
    if token is None or token.kind == "refresh" or tokens.state(token, context.now) != "live":
        return Introspection(active=False)
    bearer, actor = token_store.bearer(context.tx, token.id), context.actor
    own = permissions.is_own_token(actor, token.owner_id, token.id, token.parent_id)
    if bearer is None or not bearer.owner_enabled or not (own or permissions.is_allowed(actor, "view", "apitoken")):
        return Introspection(active=False)
    return Introspection(
        active=True,
        scope=" ".join(token.scopes),
        client_id=token.meta.get("client_id", ""),
        username=token.owner,
        token_type="Bearer",  # noqa: S106 (a word of RFC 6750)
        exp=None if token.expires_at is None else token.expires_at // SECOND,
        iat=token.created_at // SECOND,
        sub=token.owner,
        iss=base_url(context),
        jti=token.id,
        kind=token.kind,
        dc=context.server.dc,
        project=token.project,
    )


@routes.get("/.well-known/oauth-authorization-server", action="server.metadata", open=True, anonymous=True)
def metadata(context: ReadContext) -> dict[str, Any]:
    """Describe this server to OAuth clients (RFC 8414)."""
    url = base_url(context)
    is_on = setting_store.load(context.tx).server.device_flow != "off"
    device = {"device_authorization_endpoint": f"{url}/oauth/device_authorization"} if is_on else {}
    return {
        "issuer": url,
        **device,
        "token_endpoint": f"{url}/oauth/token",
        "revocation_endpoint": f"{url}/oauth/revoke",
        "introspection_endpoint": f"{url}/oauth/introspect",
        "grant_types_supported": [DEVICE_GRANT],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "introspection_endpoint_auth_methods_supported": ["Bearer"],
        "service_documentation": f"{url}/openapi.json",
        **({"dc": context.server.dc} if context.server.dc else {}),
    }
