"""/api/apitokens/: API tokens in VMS's shape (vcli.md sections 1 and 5.2).

``expiry_date`` is a duration when it is written and a date when it is read.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from server_stub.domain.accounts import permissions, roles
from server_stub.domain.base import durations
from server_stub.domain.base.errors import Conflict
from server_stub.domain.base.timestamps import rfc3339
from server_stub.domain.devices.terminals import thumbprint
from server_stub.domain.tokens import emergency, expiry, tokens
from server_stub.domain.tokens.issuance import TokenRequest
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import issuing, token_lifecycle
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import families
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http import paging
from server_stub.web.http.dialect import Body, Secret
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
        sliding_window=None if token.sliding_window is None else durations.spell(token.sliding_window),
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

    return paging.list_page(query, "/api/apitokens/", count, fetch, lambda shown: shown.id)


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
        ends_before=None if query.expiring_in is None else context.now + durations.parse(query.expiring_in),
        unused_since=None if query.unused_for is None else context.now - durations.parse(query.unused_for),
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
    return None if text is None else durations.parse(text)


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
        families.clamp(context.tx, token.id, expires_at)
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
    end = expiry.end_of_lifetime(token.created_at, durations.parse(expiry_date), limit, tx.now)
    parent = None if token.parent_id is None else token_store.find(tx, token.parent_id)
    return expiry.move(token, end, parent.expires_at if parent else None)


@routes.patch("/{token_id}/revoke/", action="apitoken.revoke")
def revoke_token(context: WriteContext, token_id: str) -> str:
    """Revoke a token and all that descends from it, a device token from its own terminal; again, the same answer."""
    token = find_token(context, token_id, "delete")
    where = token_lifecycle.require_terminal(context, token)
    revoked = families.revoke(context.tx, token.id)
    context.record(token.id, {"owner": token.owner, "revoked": revoked, **where})
    return "apitoken revoked"


def find_token(context: ReadContext, token_id: str, action: permissions.Action) -> Token:
    """Find a token and make sure that the actor may do this to it; a sign-in's token is none of these."""
    token = token_store.find(context.tx, token_id)
    if token is None or token.kind not in tokens.COUNTED_KINDS:
        raise permissions.no_such_token(token_id)
    permissions.require_token(context.actor, action, token.owner_id, token.id, token.parent_id)
    return token
