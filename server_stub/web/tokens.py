"""/api/apitokens/: API tokens in VMS's shape (vcli.md sections 1 and 5.2).

``expiry_date`` is a duration when it is written and a date when it is read.
"""

from typing import Any

import msgspec

from server_stub import lifetimes, quotas, rights, secrets, tokens
from server_stub.errors import Conflict, NotFound, Unavailable, quoted
from server_stub.managers import Manager
from server_stub.moments import rfc3339
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.tokens import Token
from server_stub.web import grants, paging
from server_stub.web.routing import Body, Change, Look, Routes

routes = Routes("/api/apitokens")

TRIES = 64  # ids of one second are drawn from 62^3; a taken one costs a new draw


class TokenWish(Body, frozen=True):
    """What a new token is to be."""

    name: str | None = None
    owner: str | None = None
    expiry_date: str | None = None


class TokenChange(Body, frozen=True):
    """What is to change; what is left out stays."""

    name: str | None = None
    expiry_date: str | None = None


class TokenQuery(paging.Paged, frozen=True):
    """Which tokens to list."""

    archived: bool = False
    owner: str | None = None
    name: str | None = None


class TokenView(msgspec.Struct, frozen=True):
    """A token as it is shown: never its secret, never its digest."""

    id: str
    name: str
    owner: str
    created: str
    expiry_date: str | None
    last_used: str | None
    revoked: bool
    revocation_time: str | None


class Issued(msgspec.Struct, frozen=True):
    """The one answer that holds a token's secret."""

    id: str
    token: str


def view(token: Token) -> TokenView:
    """Show a token."""
    return TokenView(
        id=token.id,
        name=token.name,
        owner=token.owner,
        created=rfc3339(token.created_at),
        expiry_date=_moment(token.expires_at),
        last_used=_moment(token.last_used_at),
        revoked=token.revoked_at is not None,
        revocation_time=_moment(token.revoked_at),
    )


def _moment(moment: int | None) -> str | None:
    return None if moment is None else rfc3339(moment)


@routes.get("/", action="apitoken.list", query=TokenQuery)
def list_tokens(look: Look, query: TokenQuery) -> Any:
    """List API tokens: one's own, and those of others with view on the Security realm."""
    chosen = _chosen(look, query)

    def count() -> int:
        return token_store.count(look.tx, chosen) if chosen else 0

    def fetch(size: int, after: str, skip: int) -> list[TokenView]:
        found = token_store.page(look.tx, chosen, size, after, skip) if chosen else []
        return [view(token) for token in found]

    return paging.listed(query, "/api/apitokens/", count, fetch, lambda shown: shown.id)


def _chosen(look: Look, query: TokenQuery) -> token_store.Filter | None:
    """Return the filter of what the actor asks for and may see; None when that is surely nothing."""
    owner_id = None
    if query.owner is not None:
        owner = manager_store.find_by_name(look.tx, query.owner)
        if owner is None or not rights.may_see(look.actor, owner.id):
            return None
        owner_id = owner.id
    elif not rights.allowed(look.actor, "view", "apitoken"):
        owner_id = look.actor.id
    return token_store.Filter(query.archived, owner_id, query.name)


@routes.post("/", action="apitoken.create", body=TokenWish)
def create(change: Change, wish: TokenWish) -> Issued:
    """Create an API token; its secret is in this answer and nowhere else."""
    tx = change.tx
    owner = _owner(change, wish.owner)
    settings = setting_store.load(tx)
    quotas.require_room(owner, token_store.count_live(tx, owner.id), settings.server.max_api_tokens_per_user)
    lifetime = None if wish.expiry_date is None else lifetimes.parse(wish.expiry_date)
    minted = mint(change)
    token = Token(
        id=minted.id,
        digest=minted.digest,
        kind="api",
        owner_id=owner.id,
        owner=owner.username,
        name=tokens.default_name(owner.username) if wish.name is None else tokens.check_name(wish.name),
        created_at=tx.now,
        expires_at=lifetimes.expiry(tx.now, lifetime, settings.longest_token_lifetime),
    )
    token_store.insert(tx, token)
    facts = {"owner": token.owner, "name": token.name, "expires_at": _moment(token.expires_at)}
    change.record(token.id, facts)
    return Issued(minted.id, minted.token)


def mint(change: Change) -> secrets.Minted:
    """Make a token string whose id is free."""
    for _ in range(TRIES):
        minted = secrets.mint(change.now, change.site.fresh(secrets.FRESH_BYTES), change.site.token_prefix)
        if not token_store.exists(change.tx, minted.id):
            return minted
    raise Unavailable("no free token id was found", hint="try again in a second")


def _owner(change: Change, wish: str | None) -> Manager:
    """Find whose token is to be made, and make sure that the actor may make it."""
    actor, tx = change.actor, change.tx
    name = tokens.owner_wanted(actor, wish)
    owner = manager_store.find_by_name(tx, name)
    if owner is not None and rights.is_own(actor, owner.id):
        return owner
    rights.require(actor, "create", "apitoken")
    if owner is None:
        raise NotFound(f"there is no manager named {quoted(name)}", hint="manager list shows who there is")
    grants.require_grant(change, role_store.permissions_of(tx, owner.id), f"make a token for {owner.username}")
    return owner


@routes.get("/{token_id}/", action="apitoken.show")
def show(look: Look, token_id: str) -> TokenView:
    """Show one token, revoked or not."""
    return view(_found(look, token_id, "view"))


@routes.patch("/{token_id}/", action="apitoken.modify", body=TokenChange)
def modify(change: Change, wish: TokenChange, token_id: str) -> str:
    """Rename a token or move its end, counted from its creation."""
    token = _found(change, token_id, "edit")
    name = token.name if wish.name is None else tokens.check_name(wish.name)
    expires_at = token.expires_at if wish.expiry_date is None else _new_end(change, token, wish.expiry_date)
    token_store.modify(change.tx, token.id, name, expires_at)
    change.record(token.id, {"name": name, "expires_at": _moment(expires_at)})
    return "apitoken updated"


def _new_end(change: Change, token: Token, expiry_date: str) -> int | None:
    """Return the end that a token is to have; one that comes to life again needs room in the quota."""
    tx, settings = change.tx, setting_store.load(change.tx)
    state = tokens.state(token, tx.now)
    if state == "revoked":
        raise Conflict("the token is revoked and stays so", hint="create a new one: apitoken create")
    if state == "expired":
        owner = manager_store.find(tx, token.owner_id)
        if owner is not None:
            live = token_store.count_live(tx, owner.id)
            quotas.require_room(owner, live, settings.server.max_api_tokens_per_user)
    lifetime = lifetimes.parse(expiry_date)
    return lifetimes.expiry(token.created_at, lifetime, settings.longest_token_lifetime, tx.now)


@routes.patch("/{token_id}/revoke/", action="apitoken.revoke")
def revoke(change: Change, token_id: str) -> str:
    """Revoke a token and all that descends from it; revoking again gives the same answer."""
    token = _found(change, token_id, "delete")
    revoked = token_store.revoke(change.tx, token.id)
    change.record(token.id, {"owner": token.owner, "revoked": revoked})
    return "apitoken revoked"


def _found(look: Look, token_id: str, kind: rights.Type) -> Token:
    """Find a token and make sure that the actor may do this to it; a sign-in's token is none of these."""
    token = token_store.find(look.tx, token_id)
    if token is None or token.kind not in tokens.COUNTED_KINDS:
        raise rights.no_such_token(token_id)
    rights.require_token(look.actor, kind, token.owner_id, token.id)
    return token
