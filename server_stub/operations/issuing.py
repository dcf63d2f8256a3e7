"""Making a token, for every front door: owner and maker, rules, string, row, record.

A front door says what is wished and under which path; what may be is decided in
``server_stub.domain.tokens.issuance_rules``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Conflict, Invalid, NotFound, Unavailable, quote
from server_stub.domain.base.timestamps import rfc3339
from server_stub.domain.tokens import expiry, issuance_rules, tokens
from server_stub.domain.tokens.issuance_rules import Maker, TokenRequest
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import grants
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import Reads
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store

DERIVED_PATH = "oauth/v2/token"
"""At which a device token gives access tokens: sessions by their kind, and its children."""

TRIES = 64  # ids of one second are drawn from 62^3; a taken one costs a new draw


@dataclass(frozen=True, slots=True)
class Made:
    """A token just made, its whole string (for its maker alone), and what was cut short, each with a sentence."""

    token: Token
    secret: str = field(repr=False)
    cut: tuple[str, ...] = ()


def find_maker(context: ReadContext, parent_id: str | None = None) -> Maker:
    """Return who makes a token: the token shown, or another of the actor's that is named as the parent."""
    actor = context.actor
    every = permissions.holds_every_right(actor)
    asking = token = derived_from(context)
    if parent_id is not None:
        token = token_store.find(context.tx, parent_id)
        if token is None or token.kind not in tokens.COUNTED_KINDS or tokens.state(token, context.now) != "live":
            raise permissions.no_such_token(parent_id)
        permissions.require_token(actor, "view", token.owner_id, token.id, token.parent_id)
        if not permissions.is_own_token(actor, token.owner_id, token.id, token.parent_id):
            permissions.require(actor, "create", "apitoken")
    # What was got by a secret in the grace of its rotation makes nothing that outlasts the grace either.
    until = context.token.max_expires_at if context.token is not None and _is_derived(context.token) else actor.until
    return Maker(token, every, asking if token is not asking else None, until)


def _is_derived(token: Token) -> bool:
    return token.path == DERIVED_PATH and token.parent_id is not None


def derived_from(context: ReadContext) -> Token | None:
    """Return the token that was shown, or the device token that gave it for the while: what it makes is that one's."""
    token = context.token
    if token is None or token.parent_id is None or not _is_derived(token):
        return token
    return token_store.find(context.tx, token.parent_id)


def root_of(token: Token) -> str:
    """Return the id of what is revoked with a token: a sign-in's goes with the one that it could be had anew from.

    What a device token gave for the while goes alone: that one was made to outlive it.
    """
    is_sign_in = token.kind == "session" and token.path != DERIVED_PATH
    return token.parent_id if is_sign_in and token.parent_id else token.id


def find_owner(context: ReadContext, request: str | None, policies: tuple[str, ...] | None) -> Manager:
    """Find whose token is to be made, and make sure that the actor may make one that wide."""
    actor, tx = context.actor, context.tx
    name = tokens.owner_wanted(actor, request)
    owner = manager_store.find_by_name(tx, name)
    if owner is not None and permissions.is_own(actor, owner.id):
        return owner
    permissions.require(actor, "create", "apitoken")
    if owner is None:
        raise NotFound(f"there is no manager named {quote(name)}", "See: manager list")
    held = role_store.permissions_of(tx, owner.id, policies)
    grants.require_grant(context, held, f"make a token for {owner.username}")
    return owner


def issue(
    context: WriteContext,
    request: TokenRequest,
    *,
    owner: Manager,
    maker: Maker,
    name: str,
    path: str,
    refuse_longer: bool = True,
    longest_grant: int | None = None,
    text: str | None = None,
    detail: Mapping[str, Any] | None = None,
    counted: bool = True,
    token_id: str | None = None,
    kind: tokens.Kind = "api",
    terminal_key: str | None = None,
) -> Made:
    """Make a token as wished, or raise the refusal of the rule that stands against it.

    ``refuse_longer`` refuses a life beyond the maximum; else it is cut, and ``cut`` says so. ``longest_grant`` is
    Vault's maximum lease (see ``expiry``), ``text`` the token's whole string when its maker names it. One that is not
    ``counted`` is made whatever the quota says. With ``token_id``, one of an earlier ``mint``, it is
    made once. One of the ``kind`` device has the ``terminal_key`` of the terminal that it is made at, if any.
    """
    tx = context.tx
    settings = setting_store.load(tx)
    limit = settings.longest_token_lifetime
    if refuse_longer:
        expiry.require_within(request.lengths, limit)
    if counted:
        require_room(tx, owner, settings.server.max_api_tokens_per_user)
    parent = issuance_rules.parent_of(maker, request.orphan)
    named_roles = sorted(set(request.policies or ()))[: issuance_rules.MOST_POLICIES]
    minted = mint(context, token_id) if text is None else take_named(context, text, maker)
    bare = Token(
        id=minted.id,
        digest=minted.digest,
        kind=kind,
        owner_id=owner.id,
        owner=owner.username,
        name=name,
        created_at=tx.now,
        policies=issuance_rules.policies_of(request, maker, role_store.names_for(tx, owner.id, named_roles)),
        scopes=issuance_rules.scopes_of(request, maker, _paths(context, request, maker)),
        path=path,
        terminal_key=terminal_key,
        project=issuance_rules.project_of(request, maker),
    )
    token, given = issuance_rules.shape_token(bare, request, maker, parent, limit, longest_grant)
    token_store.insert(tx, token)
    context.record(token.id, token_facts(token) | dict(detail or {}))
    return Made(token, minted.token, given.cut)


def require_room(tx: Reads, owner: Manager, for_all: int) -> None:
    """Raise QuotaExceeded unless an owner may have one more token; whoever may have any number is not counted."""
    if issuance_rules.quota_of(owner, for_all) is not None:
        issuance_rules.require_room(owner, token_store.count_live(tx, owner.id), for_all)


def mint(context: ReadContext, token_id: str | None = None) -> token_format.Minted:
    """Make a token string whose id is free; raise Unavailable when none is found, Conflict if a given one is taken."""
    for _ in range(TRIES):
        minted = token_format.mint(
            context.now, context.server.fresh(token_format.FRESH_BYTES), context.server.token_prefix, token_id
        )
        if not token_store.exists(context.tx, minted.id):
            return minted
        if token_id is not None:
            raise Conflict("this token has been created already", "Its secret is not shown again.", "created_already")
    raise Unavailable("no free token id was found", "Try again in a second.")


def take_named(context: WriteContext, text: str, maker: Maker) -> token_format.Minted:
    """Take a string that a token's maker names; raise Forbidden, Invalid, and Conflict when it is taken."""
    issuance_rules.require_naming(maker)
    presented = token_format.parse_named(text)
    if presented is None:
        raise Invalid(
            "this cannot be a token's string",
            f"Use {token_format.SHORTEST_NAMED} to {token_format.LONGEST_NAMED} printable ASCII characters and no dot.",
        )
    if token_store.exists(context.tx, presented.id):
        raise Conflict("there is such a token already", "Name another string.", "duplicate_id")
    return token_format.Minted(presented.id, presented.digest, text)


def token_facts(token: Token) -> dict[str, Any]:
    """Return what the audit record of a new token says of it."""
    said: dict[str, Any] = {"owner": token.owner, "name": token.name, "path": token.path}
    said["expires_at"] = None if token.expires_at is None else rfc3339(token.expires_at)
    narrowing = {name: getattr(token, name) for name in ("parent_id", "policies", "scopes", "project")}
    said |= {name: list(value) if isinstance(value, tuple) else value for name, value in narrowing.items() if value}
    return said


def _paths(context: ReadContext, request: TokenRequest, maker: Maker) -> dict[str, str]:
    """Return the paths of all nodes that the scopes of a wish and of its maker name."""
    held = [text for token in maker.bounds for text in token.scopes]
    return token_store.find_node_paths(context.tx, [tokens.parse_scope(text).node for text in (*request.scopes, *held)])
