"""/api/apitokens/: renewal, rotation, families, verification and proof of home of API tokens."""

from dataclasses import replace

import msgspec

from server_stub.domain.accounts import permissions
from server_stub.domain.base import durations, token_format
from server_stub.domain.base.errors import Conflict, Invalid
from server_stub.domain.tokens import expiry, home_proof, tokens
from server_stub.domain.tokens import issuance as rules
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import grants, issuing, token_lifecycle
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import families
from server_stub.store import roles as role_store
from server_stub.store import tokens as token_store
from server_stub.web.http.dialect import Body, Query
from server_stub.web.http.headers import base_url
from server_stub.web.http.routing import Routes
from server_stub.web.native.tokens import Issued, TokenView, find_token, format_time, parse_length, view_token

routes = Routes("/api/apitokens")

LONGEST_GRACE = 30 * 24 * 3_600 * 1_000_000


class Renewal(Body, frozen=True):
    """By how much to renew; nothing for as much as was granted last."""

    increment: str | None = None


class Rotation(Body, frozen=True):
    """For how long the old secret stays good beside the new one; nothing for not at all."""

    grace: str | None = None


class VerifyRequest(Body, frozen=True):
    """A token to verify."""

    token: str


class Prefix(Body, frozen=True):
    """The path at which, or below which, tokens were made."""

    prefix: str


class PrefixQuery(Query, frozen=True):
    """The path at which, or below which, tokens were made."""

    prefix: str


class Revoked(msgspec.Struct, frozen=True):
    """How many tokens died."""

    revoked: int


class Verified(msgspec.Struct, frozen=True):
    """What a shown token is: who it stands for, what it may do now, until when; nothing of it if it is not live.

    `token` is null for what is no API token: a session, a password, local-admin.
    """

    active: bool
    user: str | None = None
    token: TokenView | None = None
    permissions: list[str] = msgspec.field(default_factory=list)


@routes.patch("/{token_id}/renew/", action="apitoken.renew", body=Renewal)
def renew_token(context: WriteContext, request: Renewal, token_id: str) -> TokenView:
    """Renew a token from now on, never past what bounds it; one's own, or others' with edit on Security."""
    token = _find_renewable(context, token_id)
    end = token_lifecycle.renew_token(context, token, parse_length(request.increment))
    context.record(token.id, {"expires_at": format_time(end)})
    return view_token(replace(token, expires_at=end), context.now)


def _find_renewable(context: WriteContext, token_id: str) -> Token:
    """Find a token that the actor may renew; raise Conflict for a dead one."""
    token = find_token(context, token_id, "view")
    if not permissions.is_own_token(context.actor, token.owner_id, token.id, token.parent_id):
        permissions.require(context.actor, "edit", "apitoken")
    state = tokens.state(token, context.now)
    if state != "live":
        raise Conflict(f"the token is {state} and cannot be renewed", "Create a new one: apitoken create")
    return token


@routes.patch("/{token_id}/rotate/", action="apitoken.rotate", body=Rotation)
def rotate_token(context: WriteContext, request: Rotation, token_id: str) -> Issued:
    """Give a token a new secret; the old one lives through the grace, and the record stays the same."""
    token = _find_renewable(context, token_id)
    _require_rotation(context, token)
    where = token_lifecycle.require_terminal(
        context, token
    )  # a new secret ends the old one: it takes what a revocation takes
    grace = parse_length(request.grace) or 0
    if grace > LONGEST_GRACE:
        raise Invalid("the grace is longer than 30 days", "Give a shorter one.")
    minted = token_format.mint(
        context.now, context.server.fresh(token_format.FRESH_BYTES), context.server.token_prefix, token.id
    )
    until = context.now + grace
    token_store.rotate(
        context.tx, replace(token, digest=minted.digest, old_digest=token.digest, old_digest_until=until)
    )
    context.record(token.id, {"grace": durations.spell(grace) if grace else None, **where})
    return Issued(token.id, minted.token)


def _require_rotation(context: WriteContext, token: Token) -> None:
    """Raise Forbidden when the new secret would make the caller more than they are: a secret is all of its token."""
    rules.require_rotation(token, issuing.find_maker(context))
    held = role_store.permissions_of(context.tx, token.owner_id, token.policies)
    grants.require_grant(context, held, f"get a secret of a token of {token.owner}")


@routes.patch("/{token_id}/free/", action="apitoken.revoke-orphan")
def revoke_orphan(context: WriteContext, token_id: str) -> Revoked:
    """Revoke a token alone: its children become orphans and live on."""
    token = find_token(context, token_id, "delete")
    return Revoked(token_lifecycle.revoke_alone(context, token, token_lifecycle.require_terminal(context, token)))


@routes.get("/{token_id}/tree/", action="apitoken.tree")
def list_family(context: ReadContext, token_id: str) -> list[TokenView]:
    """Show a token and its live descendants, at most 10,000, as a list that `parent_id` makes a tree."""
    token = find_token(context, token_id, "view")
    return [
        view_token(each, context.now) for each in families.descendants(context.tx, token.id) if _can_see(context, each)
    ]


def _can_see(context: ReadContext, token: Token) -> bool:
    """Tell whether the actor may see a token; those of others are left out of a list, not refused."""
    own = permissions.is_own_token(context.actor, token.owner_id, token.id, token.parent_id)
    return own or permissions.may_see(context.actor, token.owner_id)


@routes.get("/forest/", action="apitoken.forest")
def list_forest(context: ReadContext) -> list[TokenView]:
    """Show the caller's own live tokens with all that descends from them; all tokens there are to local-admin."""
    actor = context.actor
    if actor.is_narrowed and actor.token_id is not None:
        at = families.descendants(context.tx, actor.token_id)
    else:
        at = families.forest(context.tx, actor.id)
    return [view_token(each, context.now) for each in at if _can_see(context, each)]


@routes.get("/self/", action="apitoken.self")
def show_self(context: ReadContext) -> Verified:
    """Tell what the caller shows: who they are, what they may do now, until when."""
    actor = context.actor
    token = context.token
    shown = view_token(token, context.now) if token is not None and token.kind in tokens.COUNTED_KINDS else None
    return Verified(True, actor.name, shown, sorted(actor.permissions))


@routes.get("/made-at/", action="apitoken.made-at", query=PrefixQuery)
def list_made_at(context: ReadContext, query: PrefixQuery) -> list[TokenView]:
    """Show the live tokens that were made at a path or below it, and what descends from them, at most 10,000."""
    at = families.made_at(context.tx, query.prefix)
    return [view_token(each, context.now) for each in at if _can_see(context, each)]


@routes.patch("/revoke-prefix/", action="apitoken.revoke-prefix", body=Prefix)
def revoke_by_prefix(context: WriteContext, request: Prefix) -> Revoked:
    """Revoke all tokens made at a path or below it, and all that descends from them."""
    return Revoked(token_lifecycle.revoke_path(context, request.prefix))


@routes.post("/verify/", action="apitoken.verify", body=VerifyRequest, status=200, read_only=True)
def verify_token(context: ReadContext, request: VerifyRequest) -> Verified:
    """Tell what a shown token is; whoever holds it may ask, with a credential of their own. It counts as no use.

    A refresh token is told too, with no permission: it gives none itself, but sessions that have them.
    """
    presented = token_format.parse_any(request.token)
    if presented is not None and context.server.is_local_admin(presented):
        return Verified(True, permissions.LOCAL_ADMIN, None, sorted(permissions.ALL_PERMISSIONS))
    bearer = None if presented is None else token_store.bearer(context.tx, presented.id)
    if presented is None or bearer is None or not tokens.accepts(bearer.token, presented.digest, context.now):
        return Verified(False)
    token = bearer.token
    if tokens.state(token, context.now) != "live" or not bearer.owner_enabled:
        return Verified(False)
    if token.kind == "refresh":
        return Verified(True, token.owner)
    held = role_store.permissions_of(context.tx, token.owner_id, token.policies)
    shown = expiry.as_shown(token, presented.digest)
    shown_token = view_token(shown, context.now) if token.kind in tokens.COUNTED_KINDS else None
    return Verified(True, token.owner, shown_token, sorted(held))


class HomeProofQuery(Query, frozen=True):
    """What the asker drew: 64 hexadecimal digits."""

    nonce: str


class HomeProof(msgspec.Struct, frozen=True):
    """A salt and a proof, each 64 hexadecimal digits."""

    salt: str
    proof: str


@routes.get("/{token_id}/home/", action="apitoken.home", query=HomeProofQuery, open=True, anonymous=True, quick=True)
def prove_home(context: ReadContext, query: HomeProofQuery, token_id: str) -> HomeProof:
    """Prove to who holds a token that it was issued here; to others it is noise, as it is for an unknown one."""
    nonce, salt = home_proof.check_nonce(query.nonce), context.server.fresh(home_proof.SALT_BYTES)
    key = home_proof.key_of(token_store.find(context.tx, token_id), context.server.fresh(home_proof.KEY_BYTES))
    origin = base_url(context).rstrip("/")
    return HomeProof(salt.hex(), home_proof.proof(key, origin, token_id, nonce, salt).hex())
