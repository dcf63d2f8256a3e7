"""Zoho's front door: its dialect of the device flow, and what zcatalyst-cli needs besides.

    our word                    Zoho's
    the device token            refresh_token (the CLI writes ``w_`` or ``m_`` before it, and takes it off again)
    a child of it, for an hour  access_token
    verification_uri            verification_url
    seconds                     milliseconds, where the flow begins
    expired_token               expired

Fields come in the query as well as in a form. A poll is always answered with 200: the CLI gives up at any other status,
and polls every 2 s all the same. ``other_dc`` names the data centre where the approver belongs, to go on there.
Since an access token is a child of the device token, it is refused on the request after that one is revoked, however
long the CLI keeps it. Zoho's scopes name its own services and narrow nothing here; neither does its client secret prove
anything. (Zoho Catalyst, "Working with Tokens"; zcatalyst-cli 1.25.3.)
"""

import re
from typing import Any

import msgspec

from server_stub.domain import settings
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.devices import device_flow as flow
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import authentication, device_flow
from server_stub.operations.context import Answer, ReadContext, WriteContext, draft
from server_stub.operations.issuing import DERIVED_PATH, mint
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http.headers import base_url
from server_stub.web.oauth import endpoints
from server_stub.web.oauth.dialect import Form, zoho

PROGRAM = "Catalyst CLI"
DERIVED = "session.derive"
MILLISECOND = SECOND // 1_000
LED = re.compile(r"^[wm]_")

routes = zoho


class Beginning(Form, frozen=True):
    """What a terminal says when it begins."""

    client_id: str = ""
    grant_type: str = ""


class Fetching(Beginning, frozen=True):
    """What a terminal polls with."""

    code: str = ""


class Refreshing(Form, frozen=True):
    """The credential to get an access token by."""

    grant_type: str = ""
    refresh_token: str = ""


class Revoking(Form, frozen=True):
    """A token to revoke."""

    token: str = ""


class Project(msgspec.Struct, frozen=True):
    """A project that tokens of the caller's are for."""

    id: str
    project_name: str


class Projects(msgspec.Struct, frozen=True):
    """The caller's projects."""

    status: str
    data: list[Project]


@routes.post("/oauth/v3/device/code", body=Beginning, anonymous=True, **endpoints.BEGIN)
def begin(context: WriteContext, request: Beginning) -> Any:
    """Begin the device flow: get a code for people to type, and one to poll with."""
    begun, code = device_flow.begin(context, flow.ZOHO_INTERVAL, client_id=request.client_id, client_name=PROGRAM)
    return {
        "user_code": flow.format_code(begun.user_code),
        "device_code": code,
        "verification_url": base_url(context) + endpoints.PAGE,
        "interval": begun.interval // MILLISECOND,
        "expires_in": flow.LIFETIME // MILLISECOND,
    }


def _check(context: ReadContext, request: Fetching) -> None:
    """Refuse what no terminal polls with, before the writer is asked."""
    device_flow.find_request(context, request.code, request.client_id)


@routes.post("/oauth/v3/device/token", body=Fetching, prepare=_check, **endpoints.POLL)
def fetch(context: WriteContext, request: Fetching) -> Any:
    """Poll for the token of a device flow, and get it once it is approved."""
    outcome = device_flow.poll(context, request.code, request.client_id)
    if outcome.home_dc is not None:
        body = {"error": "other_dc", "user_location": outcome.home_dc}
        return Answer(endpoints.JSON, msgspec.json.encode(body))
    if outcome.made is None:
        error = "expired" if outcome.poll == "expired" else endpoints.ERRORS[outcome.poll]
        return Answer(endpoints.JSON, msgspec.json.encode({"error": error}))
    return _render_tokens(context, outcome.made.token) | {"refresh_token": outcome.made.secret}


@routes.post("/oauth/v2/token", action=DERIVED, body=Refreshing, status=200, open=True, anonymous=True)
def refresh(context: WriteContext, request: Refreshing) -> Any:
    """Get an access token by a token of one's own; it dies with that."""
    if request.grant_type != "refresh_token":
        raise Invalid("this grant is not served", "Use grant_type=refresh_token.", "unsupported_grant_type")
    token = endpoints.find_presented(context, LED.sub("", request.refresh_token))
    bearer = None if token is None else token_store.bearer(context.tx, token.id)
    if token is None or bearer is None or not bearer.owner_enabled or not _may_derive(token, context.now):
        raise Invalid("the refresh token is not valid", "Make a new one: token:generate", "invalid_grant")
    return _render_tokens(context, token, until=None if token == bearer.token else token.expires_at)


def _may_derive(token: Token, now: int) -> bool:
    """Tell whether a token gives access tokens: a live one that people make, any number of whose uses are left."""
    return token.kind in tokens.COUNTED_KINDS and tokens.state(token, now) == "live" and token.uses_left is None


def _render_tokens(context: WriteContext, parent: Token, until: int | None = None) -> dict[str, object]:
    """Make and keep an access token, and say it as Zoho does.

    It is a child of its parent, no wider and no longer, that the quota does not count. One that was got by a secret in
    the grace of its rotation keeps the end of that, ``until``, as its hard one, for what is made with it.
    """
    tx = context.tx
    token_store.delete_ended_sessions(tx, parent.owner_id)
    token_store.write_use(tx, parent.id)
    minted, end = mint(context), tx.now + settings.access_lifetime(setting_store.load(tx).server)
    token = Token(
        id=minted.id,
        digest=minted.digest,
        kind="session",
        owner_id=parent.owner_id,
        owner=parent.owner,
        name=parent.name,
        created_at=tx.now,
        parent_id=parent.id,
        expires_at=end if parent.expires_at is None else min(end, parent.expires_at),
        max_expires_at=until,
        policies=parent.policies,
        scopes=parent.scopes,
        meta=parent.meta,
        project=parent.project,
        renewable=False,
        path=DERIVED_PATH,
    )
    token_store.insert(tx, token)
    caller = authentication.find_actor(tx, parent, context.source)
    tx.record(draft(tx.now, DERIVED, caller, context.source, token.id, {"parent_id": parent.id}))
    return {
        "access_token": minted.token,
        "expires_in": max(0, (token.expires_at or tx.now) - tx.now) // SECOND,
        "token_type": "Bearer",
        "api_domain": base_url(context),
    }


@routes.post("/oauth/v2/token/revoke", body=Revoking, **endpoints.REVOKE)
def revoke(context: WriteContext, request: Revoking) -> Any:
    """Revoke the very token that is sent, and with it the access tokens that came of it."""
    if not request.token:
        raise Invalid("token is missing")
    endpoints.revoke_shown(context, LED.sub("", request.token))
    return {"status": "success"}


@routes.get("/baas/v1/project", action="project.list")
def projects(context: ReadContext) -> Projects:
    """List the projects that the caller's own tokens are for."""
    owner_id = context.actor.id
    names = [] if owner_id is None else token_store.projects_of(context.tx, owner_id)
    return Projects("success", [Project(name, name) for name in names])
