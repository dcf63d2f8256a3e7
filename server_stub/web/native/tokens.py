"""/api/apitokens/: API tokens in VMS's shape (vcli.md sections 1 and 5.2).

``expiry_date`` is a duration when it is written and a date when it is read. After what each token is made, shown,
changed and revoked by come renewal, rotation, families, verification and proof of home.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from server_stub.domain.accounts import permissions, roles
from server_stub.domain.base import durations, token_format
from server_stub.domain.base.errors import Conflict, Invalid
from server_stub.domain.base.timestamps import rfc3339
from server_stub.domain.devices.terminals import thumbprint
from server_stub.domain.tokens import emergency, expiry, home_proof, tokens
from server_stub.domain.tokens import issuance_rules as rules
from server_stub.domain.tokens.issuance_rules import TokenRequest
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import grants, issuing, token_lifecycle
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http import paging
from server_stub.web.http.decoding import Body, Query, Secret
from server_stub.web.http.headers import base_url
from server_stub.web.http.routing import Routes

routes = Routes("/api/apitokens")


class NewToken(Body, frozen=True):
    """What a new token is to be; lengths are durations as vcli writes them.

    `sliding_window` is what each use gives anew, `hard_end` the length after which nothing keeps it alive, `num_uses`
    0 for any number. Policies are names of the owner's roles, None for all; `parent` names a token to descend from.
    `period` is what every renewal gives; `token` is the string itself, when its maker names it; `project` is the only
    one that it is for. With `vault` it is made Vault's way: what local-admin makes belongs to `root`, and names that no
    role bears yet are kept, if the maker holds every right.
    """

    name: str | None = None
    owner: str | None = None
    expiry_date: str | None = None
    sliding_window: str | None = None
    hard_end: str | None = None
    policies: tuple[str, ...] | None = None
    scopes: tuple[str, ...] = ()
    meta: dict[str, str] = msgspec.field(default_factory=dict)
    num_uses: int = 0
    orphan: bool = False
    parent: str | None = None
    period: str | None = None
    renewable: bool = True
    token: str | None = None
    project: str | None = None
    vault: bool = False


class TokenChange(Body, frozen=True):
    """What is to change; what is left out stays."""

    name: str | None = None
    expiry_date: str | None = None


class TokenQuery(paging.Searched, frozen=True):
    """Which tokens to list; `expiring_in` and `unused_for` are durations, `parent` an id, `policy` a role's name,
    `project` the one that they are for.

    Without a `state`, revoked ones are left out unless they are wanted by `archived`.
    """

    archived: bool = False
    state: tokens.State | None = None
    owner: str | None = None
    name: str | None = None
    expiring_in: str | None = None
    unused_for: str | None = None
    parent: str | None = None
    policy: str | None = None
    project: str | None = None


class TokenView(msgspec.Struct, frozen=True):
    """A token as it is shown: never its secret, never its digest. The first eight are VMS's.

    `terminal` is the thumbprint of the key of the terminal that a device token was made at.
    """

    id: str
    name: str
    owner: str
    created: str
    expiry_date: str | None
    last_used: str | None
    revoked: bool
    revocation_time: str | None
    state: tokens.State
    kind: tokens.Kind
    parent_id: str | None
    max_expires_at: str | None
    sliding_window: str | None
    uses_left: int | None
    renewable: bool
    policies: tuple[str, ...] | None
    scopes: tuple[str, ...]
    meta: Mapping[str, str]
    path: str
    project: str | None
    terminal: str | None


class Issued(Secret, frozen=True):
    """The one answer that holds a token's secret."""

    id: str
    token: str


def view_token(token: Token, now: int) -> TokenView:
    """Show a token as it is at a time."""
    return TokenView(
        id=token.id,
        name=token.name,
        owner=token.owner,
        created=rfc3339(token.created_at),
        expiry_date=format_time(token.expires_at),
        last_used=format_time(token.last_used_at),
        revoked=token.revoked_at is not None,
        revocation_time=format_time(token.revoked_at),
        state=tokens.state(token, now),
        kind=token.kind,
        parent_id=token.parent_id,
        max_expires_at=format_time(token.max_expires_at),
        sliding_window=None if token.sliding_window is None else durations.spell_duration(token.sliding_window),
        uses_left=token.uses_left,
        renewable=token.renewable and token.expires_at is not None,
        policies=token.policies,
        scopes=token.scopes,
        meta=token.meta,
        path=token.path,
        project=token.project,
        terminal=None if token.terminal_key is None else thumbprint(token.terminal_key),
    )


def format_time(at: int | None) -> str | None:
    """Write a time, or nothing for never."""
    return None if at is None else rfc3339(at)


@routes.get("/", action="apitoken.list", query=TokenQuery)
def list_tokens(context: ReadContext, query: TokenQuery) -> Any:
    """List API tokens: one's own, and those of others with view on the Security realm."""
    chosen = _make_filter(context, query)

    def count() -> int:
        return token_store.count(context.tx, chosen) if chosen else 0

    def fetch(size: int, after: str, skip: int) -> list[TokenView]:
        page = token_store.page(context.tx, chosen, size, after, skip) if chosen else []
        return [view_token(token, context.now) for token in page]

    return paging.list_page(query, "/api/apitokens/", count, fetch)


def _make_filter(context: ReadContext, query: TokenQuery) -> token_store.Filter | None:
    """Return the filter of what the actor asks for and may see; None when that is surely nothing."""
    actor, owner_id = context.actor, None
    sees_all = permissions.is_allowed(actor, "view", "apitoken")
    if query.owner is not None:
        owner = manager_store.find_by_name(context.tx, query.owner)
        if owner is None or not (sees_all or permissions.is_own(actor, owner.id)):
            return None
        owner_id = owner.id
    elif not sees_all:
        owner_id = actor.id
    return token_store.Filter(
        archived=query.archived,
        owner_id=owner_id,
        name=query.name,
        around=actor.token_id if actor.is_narrowed and not sees_all else None,
        parent_id=query.parent,
        policy=query.policy,
        project=query.project,
        prefix=query.prefix,
        ends_before=None if query.expiring_in is None else context.now + durations.parse_duration(query.expiring_in),
        unused_since=None if query.unused_for is None else context.now - durations.parse_duration(query.unused_for),
        state=query.state,
        now=context.now,
    )


@routes.post("/", action="apitoken.create", body=NewToken)
def create_token(context: WriteContext, request: NewToken, token_id: str | None = None) -> Issued:
    """Create an API token; its secret is in this answer and nowhere else."""
    wanted = tokens.owner_at_vault(context.actor) if request.vault and request.owner is None else request.owner
    owner = issuing.find_owner(context, wanted, request.policies)
    made = issuing.issue(
        context,
        TokenRequest(
            lengths=expiry.Lengths(
                lifetime=parse_length(request.expiry_date),
                hard_end=parse_length(request.hard_end),
                window=parse_length(request.sliding_window),
                period=parse_length(request.period),
            ),
            policies=request.policies,
            scopes=request.scopes,
            meta=request.meta,
            num_uses=request.num_uses,
            orphan=request.orphan,
            renewable=request.renewable,
            unknown_policies=request.vault and all(map(roles.is_role_name, request.policies or ())),
            project=None if request.project is None else tokens.check_project("project", request.project),
        ),
        owner=owner,
        maker=issuing.find_maker(context, request.parent),
        name=tokens.default_name(owner.username) if request.name is None else tokens.check_name(request.name),
        path="api/apitokens",
        text=request.token,
        token_id=token_id,
    )
    return Issued(made.token.id, made.secret)


def parse_length(text: str | None) -> int | None:
    """Read a duration, in microseconds; nothing stays nothing."""
    return None if text is None else durations.parse_duration(text)


@routes.get("/{token_id}/", action="apitoken.show")
def show_token(context: ReadContext, token_id: str) -> TokenView:
    """Show one token, revoked or not."""
    return view_token(find_token(context, token_id, "view"), context.now)


@routes.patch("/{token_id}/", action="apitoken.modify", body=TokenChange)
def modify_token(context: WriteContext, request: TokenChange, token_id: str) -> str:
    """Rename a token or move its end, counted from its creation."""
    token = find_token(context, token_id, "edit")
    name = token.name if request.name is None else tokens.check_name(request.name)
    emergency.require_same_name(token, name)
    expires_at = token.expires_at if request.expiry_date is None else _new_end(context, token, request.expiry_date)
    token_store.modify(context.tx, token.id, name, expires_at)
    if expires_at is not None:
        token_store.clamp_descendants(context.tx, token.id, expires_at)
    context.record(token.id, {"name": name, "expires_at": format_time(expires_at)})
    return "apitoken updated"


def _new_end(context: WriteContext, token: Token, expiry_date: str) -> int | None:
    """Return the end that a token is to have; one that comes to life again needs room in the quota."""
    tx, settings = context.tx, setting_store.load(context.tx)
    state = tokens.state(token, tx.now)
    if state == "revoked":
        raise Conflict("the token is revoked and stays so", "Create a new one: apitoken create")
    owner = manager_store.find(tx, token.owner_id) if state == "expired" else None
    if owner is not None:
        issuing.require_room(tx, owner, settings.server.max_api_tokens_per_user)
    limit = settings.longest_token_lifetime
    end = expiry.end_of_lifetime(token.created_at, durations.parse_duration(expiry_date), limit, tx.now)
    parent = None if token.parent_id is None else token_store.find(tx, token.parent_id)
    return expiry.move(token, end, parent.expires_at if parent else None)


@routes.patch("/{token_id}/revoke/", action="apitoken.revoke")
def revoke_token(context: WriteContext, token_id: str) -> str:
    """Revoke a token and all that descends from it, a device token from its own terminal; again, the same answer."""
    token = find_token(context, token_id, "delete")
    where = token_lifecycle.require_terminal(context, token)
    revoked = token_store.revoke(context.tx, token.id)
    context.record(token.id, {"owner": token.owner, "revoked": revoked, **where})
    return "apitoken revoked"


def find_token(context: ReadContext, token_id: str, action: permissions.Action) -> Token:
    """Find a token and make sure that the actor may do this to it; a sign-in's token is none of these."""
    token = token_store.find(context.tx, token_id)
    if token is None or token.kind not in tokens.COUNTED_KINDS:
        raise permissions.no_such_token(token_id)
    permissions.require_token(context.actor, action, token.owner_id, token.id, token.parent_id)
    return token


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
    # A secret is all of its token: a new one may not make the caller more than they are.
    rules.require_rotation(token, issuing.find_maker(context))
    held = role_store.permissions_of(context.tx, token.owner_id, token.policies)
    grants.require_grant(context, held, f"get a secret of a token of {token.owner}")
    # A new secret ends the old one: it takes what a revocation takes.
    where = token_lifecycle.require_terminal(context, token)
    grace = parse_length(request.grace) or 0
    if grace > LONGEST_GRACE:
        raise Invalid("the grace is longer than 30 days", "Give a shorter one.")
    fresh = context.server.fresh(token_format.FRESH_BYTES)
    minted = token_format.mint(context.now, fresh, context.server.token_prefix, token.id)
    until = context.now + grace
    rotated = replace(token, digest=minted.digest, old_digest=token.digest, old_digest_until=until)
    token_store.rotate(context.tx, rotated)
    context.record(token.id, {"grace": durations.spell_duration(grace) if grace else None, **where})
    return Issued(token.id, minted.token)


@routes.patch("/{token_id}/free/", action="apitoken.revoke-orphan")
def revoke_orphan(context: WriteContext, token_id: str) -> Revoked:
    """Revoke a token alone: its children become orphans and live on."""
    token = find_token(context, token_id, "delete")
    return Revoked(token_lifecycle.revoke_alone(context, token, token_lifecycle.require_terminal(context, token)))


@routes.get("/{token_id}/tree/", action="apitoken.tree")
def list_family(context: ReadContext, token_id: str) -> list[TokenView]:
    """Show a token and its live descendants, at most 10,000, as a list that `parent_id` makes a tree."""
    token = find_token(context, token_id, "view")
    return _view_visible(context, token_store.list_descendants(context.tx, token.id))


def _view_visible(context: ReadContext, found: Iterable[Token]) -> list[TokenView]:
    """Show the tokens that the actor may see; those of others are left out of a list, not refused."""
    actor = context.actor
    return [
        view_token(each, context.now)
        for each in found
        if permissions.is_own_token(actor, each.owner_id, each.id, each.parent_id)
        or permissions.may_see(actor, each.owner_id)
    ]


@routes.get("/forest/", action="apitoken.forest")
def list_forest(context: ReadContext) -> list[TokenView]:
    """Show the caller's own live tokens with all that descends from them; all tokens there are to local-admin."""
    actor = context.actor
    if actor.is_narrowed and actor.token_id is not None:
        at = token_store.list_descendants(context.tx, actor.token_id)
    else:
        at = token_store.list_forest(context.tx, actor.id)
    return _view_visible(context, at)


@routes.get("/self/", action="apitoken.self")
def show_self(context: ReadContext) -> Verified:
    """Tell what the caller shows: who they are, what they may do now, until when."""
    actor, token = context.actor, context.token
    shown = view_token(token, context.now) if token is not None and token.kind in tokens.COUNTED_KINDS else None
    return Verified(True, actor.name, shown, sorted(actor.permissions))


@routes.get("/made-at/", action="apitoken.made-at", query=PrefixQuery)
def list_made_at(context: ReadContext, query: PrefixQuery) -> list[TokenView]:
    """Show the live tokens that were made at a path or below it, and what descends from them, at most 10,000."""
    return _view_visible(context, token_store.list_made_below(context.tx, query.prefix))


@routes.patch("/revoke-prefix/", action="apitoken.revoke-prefix", body=Prefix)
def revoke_by_prefix(context: WriteContext, request: Prefix) -> Revoked:
    """Revoke all tokens made at a path or below it, and all that descends from them."""
    return Revoked(token_lifecycle.revoke_path(context, request.prefix))


@routes.post("/verify/", action="apitoken.verify", body=VerifyRequest, status=200, read_only=True)
def verify_token(context: ReadContext, request: VerifyRequest) -> Verified:
    """Tell what a shown token is; whoever holds it may ask, with a credential of their own. It counts as no use.

    Of a refresh token no permission is said: it gives none itself, but sessions that have them.
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
