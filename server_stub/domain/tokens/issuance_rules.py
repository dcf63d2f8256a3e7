"""Issuance: what a new token may be, never wider than its maker, and how many its owner may have.

- A token made with an API or device token is its child and dies with it. What a sign-in, a password or local-admin
  makes has no parent; with `orphan`, nothing has, and that takes every right there is.
- Policies are names of the owner's roles. Left out they are the maker's own narrowing; given, they lie within it.
- Scopes likewise: left out they are the maker's; given, each lies within what one of the maker's reaches.
- `default` is a policy that every owner has: it names what a token may do with itself, and no right of its owner's.
- A token whose uses are limited makes no tokens: the new one could be used more often than itself.
- Naming one's own token string, and a period that renewals give without end, take every right there is. So does all
  that a role of Vault's door hands out beyond its user's rights: whoever writes such a role needs every right.
- Ends are bounded by the parent's (see `expiry`).
- What a token makes that is for one project is for that one too.
- Where another token is named as the parent, the new one lies within both: the one named and the one that asks.
- The same holds for what else hands out a secret or loosens a bound: a rotation, and children that are freed.
- A secret in the grace of its rotation rotates nothing, and what it makes ends with the grace: else whoever found it
  would keep by it what the rotation took from them.

The quota is how many live tokens of the counted kinds a manager may have at the same time. One number holds for all
managers, 5 at first; a manager may have a number of their own, larger or smaller. The built-in manager `root` is
exempt. A number may be 0. Lowering it revokes nothing: it only stops new tokens. (VAST, "Managing VMS API Tokens"; a
number of one's own is ours.)

Sources: HashiCorp Vault, "Auth Backend: Token"; Pydio Cells, "admin user token"; DESIGN, rules of the token.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import Forbidden, Invalid, QuotaExceeded, quote
from server_stub.domain.base.fields import printable, string, whole
from server_stub.domain.base.timestamps import LATEST
from server_stub.domain.tokens import expiry, tokens
from server_stub.domain.tokens.tokens import COUNTED_KINDS, Token

LONGEST_META = 64
LONGEST_META_VALUE = 1024
MOST_USES = 2**31 - 1
MOST_POLICIES = 64
DEFAULT_POLICY = "default"

DEFAULT_QUOTA = 5

LARGEST_QUOTA = 100_000


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a request says of a new token, apart from its name and owner.

    With `unknown_policies`, names that no role bears are kept when the maker holds every right; they give nothing.
    """

    lengths: expiry.Lengths = field(default_factory=expiry.Lengths)
    policies: tuple[str, ...] | None = None
    scopes: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    num_uses: int = 0
    orphan: bool = False
    renewable: bool = True
    unknown_policies: bool = False
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a token: the token that asks (None for a password or local-admin), and whether it holds every right.

    When another token is named as the parent, `token` is that one, and `asking` the one that asks. `until` is the end
    of the grace when the secret shown is the one before a rotation.
    """

    token: Token | None
    has_every_right: bool
    asking: Token | None = None
    until: int | None = None

    @property
    def bounds(self) -> tuple[Token, ...]:
        """Return the tokens than which nothing that is made may be wider."""
        return tuple(token for token in (self.token, self.asking) if token is not None)


def parent_of(maker: Maker, orphan: bool) -> Token | None:
    """Return the token that is to be the parent; raises Forbidden for an orphan without every right."""
    if orphan:
        if not maker.has_every_right:
            raise Forbidden("making a token without a parent takes every right", "Leave out --orphan.", "orphan_denied")
        return None
    token = maker.token
    return token if token is not None and token.kind in COUNTED_KINDS else None


def require_maker(maker: Maker) -> None:
    """Raise Forbidden when the maker's uses are limited."""
    if any(token.uses_left is not None for token in maker.bounds):
        raise Forbidden(
            "a token whose uses are limited makes no tokens", "Use another token to make it.", "limited_token"
        )


def require_naming(maker: Maker) -> None:
    """Raise Forbidden unless the maker may say what the token's string is."""
    if not maker.has_every_right:
        raise Forbidden("naming a token's string takes every right", "Leave it out.", "naming_denied")


def require_period(request: TokenRequest, maker: Maker) -> None:
    """Raise Forbidden when a period is requested without every right: such a token can be renewed for ever."""
    if request.lengths.period is not None and not maker.has_every_right:
        raise Forbidden("making a periodic token takes every right", "Leave out the period.", "period_denied")


def require_end(token: Token, maker: Maker) -> None:
    """Raise Forbidden when a token that ends makes one that does not, as an orphan would be.

    A sign-in's token stands for a person who showed a password, and what it makes outlives it.
    """
    if token.expires_at is None and _bounding_end(maker) is not None:
        raise Forbidden(
            "a token that ends makes no token without an end", "Give the new one a lifetime.", "endless_token"
        )


def policies_of(request: TokenRequest, maker: Maker, owner_roles: Collection[str]) -> tuple[str, ...] | None:
    """Return the policies of the new token, None for all that its owner has; raises Invalid and Forbidden."""
    held = _held_policies(maker)
    if request.policies is None:
        return held
    wanted = tuple(sorted(set(request.policies)))
    if len(wanted) > MOST_POLICIES:
        raise Invalid(f"a token has at most {MOST_POLICIES} policies", "Make a role that holds what they hold.")
    if held is not None:
        beyond = [policy for policy in wanted if policy not in held]
        if beyond:
            raise Forbidden(
                f"the token that asks does not have the policy {quote(beyond[0])}",
                f"It may give: {', '.join(held) or 'none'}.",
                "policy_beyond",
            )
    known = {DEFAULT_POLICY, *owner_roles, *(held or ())}
    unknown = [policy for policy in wanted if policy not in known]
    if unknown and not (request.unknown_policies and maker.has_every_right):
        raise Invalid(
            f"the owner does not have the role {quote(unknown[0])}",
            f"A policy is one of the owner's roles: {', '.join(sorted(owner_roles)) or 'none'}.",
            "policy_unknown",
        )
    return wanted


def scopes_of(request: TokenRequest, maker: Maker, paths: Mapping[str, str]) -> tuple[str, ...]:
    """Return the scopes of the new token; raises Invalid for a malformed one, Forbidden for a wider one."""
    wanted = tokens.check_scopes(request.scopes, paths)
    for held in (token.scopes for token in maker.bounds if token.scopes):
        if wanted and not tokens.is_narrower(wanted, held, paths):
            raise Forbidden(
                "the token that asks does not reach all of these scopes",
                f"It reaches: {', '.join(held)}.",
                "scope_beyond",
            )
        wanted = wanted or held
    return wanted


def project_of(request: TokenRequest, maker: Maker) -> str | None:
    """Return the one project that the new token is for, None for any; raises Forbidden for another than the maker's."""
    wanted = request.project
    for held in (token.project for token in maker.bounds if token.project is not None):
        if wanted not in (None, held):
            raise Forbidden(
                f"the token that asks is for the project {quote(held)}", "Leave out --project.", "project_beyond"
            )
        wanted = held
    return wanted


def _held_policies(maker: Maker) -> tuple[str, ...] | None:
    """Return the policies that all that bounds a new token has; None when none is narrowed."""
    lists = [token.policies for token in maker.bounds if token.policies is not None]
    return tuple(name for name in lists[0] if all(name in others for others in lists)) if lists else None


def check_meta(meta: Mapping[str, object]) -> dict[str, str]:
    """Return a token's meta, string to string; raises Invalid."""
    if len(meta) > LONGEST_META:
        raise Invalid(f"meta has at most {LONGEST_META} entries", "Keep the rest elsewhere.")
    return {
        printable("a key of meta", key, longest=LONGEST_META): _meta_value(key, value) for key, value in meta.items()
    }


def _meta_value(key: str, value: object) -> str:
    text = string(f"meta {quote(key)}", value)
    if len(text) > LONGEST_META_VALUE:
        raise Invalid(f"meta {quote(key)} is longer than {LONGEST_META_VALUE} characters")
    return text


def shape_token(
    bare: Token,
    request: TokenRequest,
    maker: Maker,
    parent: Token | None,
    limit: int | None,
    longest_grant: int | None = None,
) -> tuple[Token, expiry.Ends]:
    """Give a token that is made now its parent, ends, uses and meta.

    `limit` is the longest life, `longest_grant` the most that is granted at once, both in microseconds (see `expiry`).
    """
    require_maker(maker)
    require_period(request, maker)
    uses = whole("num_uses", request.num_uses, 0, MOST_USES)
    parent_end = expiry.earliest(parent.expires_at, maker.until) if parent else None
    given = expiry.first_ends(bare.created_at, request.lengths, limit, parent_end, longest_grant)
    granted = None if given.expires_at is None else min(given.expires_at, LATEST) - bare.created_at
    token = replace(
        bare,
        parent_id=parent.id if parent else None,
        expires_at=given.expires_at,
        max_expires_at=given.max_expires_at,
        sliding_window=request.lengths.window,
        period=request.lengths.period,
        first_granted=granted,
        granted=granted,
        renewable=request.renewable,
        uses_left=uses or None,
        meta=check_meta(request.meta),
    )
    require_end(token, maker)
    return _within(token, maker), given


def _within(token: Token, maker: Maker) -> Token:
    """Keep a token within its maker's end for good, where that is no parent to bound it when it is renewed."""
    end = expiry.earliest(maker.until, *(each.expires_at for each in _bounding(maker) if each.id != token.parent_id))
    if end is None or token.expires_at is None:
        return token
    expires_at = min(token.expires_at, end)
    granted = expires_at - token.created_at
    return replace(
        token,
        expires_at=expires_at,
        max_expires_at=expiry.earliest(token.max_expires_at, end),
        first_granted=granted,
        granted=granted,
    )


def _bounding_end(maker: Maker) -> int | None:
    """Return the earliest end of what makes a token."""
    return expiry.earliest(maker.until, *(token.expires_at for token in _bounding(maker)))


def _bounding(maker: Maker) -> list[Token]:
    """Return the tokens whose ends bound what is made; a sign-in stands for its owner and bounds nothing."""
    return [token for token in maker.bounds if token.kind in COUNTED_KINDS]


def require_rotation(token: Token, maker: Maker) -> None:
    """Raise Forbidden when a new secret would give who asks a token that outlives or outnumbers their own.

    A token rotates itself and what it made; any other only when neither its end nor its uses are bounded, and when
    that one is for the same project if the token is for one.
    """
    if maker.until is not None:
        raise Forbidden(
            "a secret in the grace of its rotation gets no other", "Use the token's new secret.", "secret_rotated"
        )
    asking = maker.token
    if asking is None or asking.kind not in COUNTED_KINDS or asking.id in (token.id, token.parent_id):
        return
    if asking.expires_at is not None or asking.uses_left is not None:
        raise Forbidden(
            "a token that ends, or whose uses are limited, rotates itself and what it made, and no other",
            "Sign in, or use a token without an end.",
            "rotation_beyond",
        )
    if asking.project is not None and asking.project != token.project:
        raise Forbidden(
            f"the token that asks is for the project {quote(asking.project)}",
            "Sign in, or use a token that is for no project.",
            "project_beyond",
        )


def freed_end(token: Token, maker: Maker) -> int | None:
    """Return the hard end of the children that a token leaves as orphans: its own end, for they have no other bound.

    None when `maker`, who frees them, holds every right without an end: they could make such tokens anew.
    """
    return None if maker.has_every_right and _bounding_end(maker) is None else token.expires_at


def check_quota(name: str, value: object) -> int:
    """Return a quota, 0 to 100,000; raises Invalid."""
    return whole(name, value, 0, LARGEST_QUOTA)


def quota_of(owner: Manager, for_all: int) -> int | None:
    """Return how many live tokens a manager may have; None for any number."""
    if owner.built_in and owner.username == "root":
        return None
    return for_all if owner.max_api_tokens is None else owner.max_api_tokens


def require_room(owner: Manager, live: int, for_all: int) -> None:
    """Raise QuotaExceeded unless a manager with that many live tokens may have one more.

    `live` counts the tokens of the counted kinds that are neither revoked nor expired, in the same
    transaction that stores the new one.
    """
    limit = quota_of(owner, for_all)
    if limit is not None and live >= limit:
        tokens = "token" if live == 1 else "tokens"
        raise QuotaExceeded(
            f"{owner.username} has {live} live {tokens} and may have {limit}",
            f"Revoke one of them (apitoken list --owner {owner.username}; apitoken revoke --id ID), or have "
            "the quota raised: vms set_max_api_tokens_per_user",
        )
