"""/api/own-tokens/, /api/emergency-access/: tokens of one's own, as Vigo has them ("vigocli auth").

Durations are Go's. A token belongs to whom it is made by; local-admin alone names an owner, and has to.
"""

from typing import Any

import msgspec

from server_stub.domain.base import durations
from server_stub.domain.tokens import emergency, expiry, tokens
from server_stub.domain.tokens.issuance_rules import TokenRequest
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import issuing
from server_stub.operations.context import ReadContext, WriteContext, wrong_credential
from server_stub.store import managers as manager_store
from server_stub.store import tokens as token_store
from server_stub.web.http import paging
from server_stub.web.http.decoding import Body, Secret
from server_stub.web.http.routing import Routes
from server_stub.web.native.tokens import format_time
from vshell.formats.durations import GO

routes = Routes("/api")

PREFIX_LENGTH = 8


class NewOwnToken(Body, frozen=True):
    """What a new token is to be: its name, for how long it lives (for ever if not given), and whose it is."""

    name: str | None = None
    expires_in: str | None = None
    owner: str | None = None


class OwnTokenView(msgspec.Struct, frozen=True):
    """A token in a list; ``prefix`` is how a token with this id begins here, eight characters that are no secret."""

    id: str
    name: str
    prefix: str
    owner: str
    created: str
    expiry_date: str | None
    state: tokens.State
    is_emergency: bool


class OwnToken(Secret, frozen=True):
    """The one answer that holds a token's secret."""

    id: str
    name: str
    token: str


class EmergencyRequest(Body, frozen=True):
    """Why the glass is broken and, if a token is wanted, for how long it is to be good."""

    reason: str
    grant: str | None = None


class EmergencyAccess(Secret, frozen=True, omit_defaults=True):
    """That an emergency is recorded; the token's fields are there when one was asked for."""

    reason: str
    id: str | None = None
    token: str | None = None
    expiry_date: str | None = None


@routes.get("/own-tokens/", action="apitoken.list", query=paging.Paged)
def list_own_tokens(context: ReadContext, query: paging.Paged) -> Any:
    """List the caller's own API tokens that are not revoked; all there are to local-admin, who owns none."""
    actor = context.actor
    around = actor.token_id if actor.is_narrowed else None
    chosen = token_store.Filter(owner_id=actor.id, around=around)

    def fetch(size: int, after: str, skip: int) -> list[OwnTokenView]:
        return [_view(context, token) for token in token_store.page(context.tx, chosen, size, after, skip)]

    return paging.list_page(query, "/api/own-tokens/", lambda: token_store.count(context.tx, chosen), fetch)


def _view(context: ReadContext, token: Token) -> OwnTokenView:
    return OwnTokenView(
        token.id,
        token.name,
        f"{context.server.token_prefix}{token.id}"[:PREFIX_LENGTH],
        token.owner,
        str(format_time(token.created_at)),
        format_time(token.expires_at),
        tokens.state(token, context.now),
        emergency.is_one(token),
    )


@routes.post("/own-tokens/", action="apitoken.create", body=NewOwnToken)
def create_own_token(context: WriteContext, request: NewOwnToken) -> OwnToken:
    """Create an API token of the caller's own; its secret is in this answer and nowhere else."""
    owner = issuing.find_owner(context, tokens.owner_of_own(context.actor, request.owner), None)
    lifetime = None if request.expires_in is None else durations.parse_duration(request.expires_in, GO)
    made = issuing.issue(
        context,
        TokenRequest(lengths=expiry.Lengths(lifetime=lifetime)),
        owner=owner,
        maker=issuing.find_maker(context),
        name=tokens.default_name(owner.username) if request.name is None else tokens.check_name(request.name),
        path="api/own-tokens",
    )
    return OwnToken(made.token.id, made.token.name, made.secret)


@routes.post("/emergency-access/", action="emergency.access", body=EmergencyRequest)
def grant_emergency_access(context: WriteContext, request: EmergencyRequest) -> EmergencyAccess:
    """Record an emergency access with its reason, and give the caller a token that ends by itself if they ask."""
    emergency.require(context.actor)
    reason = emergency.check_reason(request.reason)
    if request.grant is None:
        context.record(context.actor.name, {"reason": reason})
        return EmergencyAccess(reason)
    length = emergency.check_grant(request.grant)
    owner = manager_store.find(context.tx, emergency.require_owner(context.actor))
    if owner is None:
        raise wrong_credential()
    made = issuing.issue(
        context,
        TokenRequest(expiry.Lengths(lifetime=length, hard_end=length), meta={emergency.META: reason}, renewable=False),
        owner=owner,
        maker=issuing.find_maker(context),
        name=emergency.NAME,
        path=emergency.PATH,
        detail={"reason": reason},
        counted=False,
    )
    return EmergencyAccess(reason, made.token.id, made.secret, format_time(made.token.expires_at))
