"""What a new token may be: never wider than what makes it, in rights, scope, end or uses.

- A token made with an API or device token is its child and dies with it. What a sign-in, a password or local-admin
  makes has no parent; with `orphan`, nothing has, and that takes every right there is.
- Policies are names of the owner's roles. Left out they are the maker's own narrowing; given, they lie within it.
- Scopes likewise: left out they are the maker's; given, each lies within what one of the maker's reaches.
- A token whose uses are limited makes no tokens: the new one could be used more often than itself.
- Ends are bounded by the parent's (see `ends`).

Sources: HashiCorp Vault, "Auth Backend: Token"; Pydio Cells, "admin user token"; DESIGN, rules of the token.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from server_stub import ends, scopes
from server_stub.errors import Forbidden, Invalid, quoted
from server_stub.fields import printable, string, whole
from server_stub.moments import LATEST
from server_stub.tokens import Token

LONGEST_META = 64
LONGEST_META_VALUE = 1024
MOST_USES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a new token, apart from its name and owner."""

    lengths: ends.Lengths = field(default_factory=ends.Lengths)
    policies: tuple[str, ...] | None = None
    scopes: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    num_uses: int = 0
    orphan: bool = False
    renewable: bool = True


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a token: the token that asks (None for a password or local-admin), and whether it holds every right."""

    token: Token | None
    has_every_right: bool


def parent_of(maker: Maker, orphan: bool) -> Token | None:
    """Return the token that is to be the parent; raises Forbidden for an orphan without every right."""
    if orphan:
        if not maker.has_every_right:
            raise Forbidden("making a token without a parent takes every right", "Leave out --orphan.", "orphan_denied")
        return None
    token = maker.token
    return token if token is not None and token.kind in ("api", "device") else None


def require_maker(maker: Maker) -> None:
    """Raise Forbidden when the maker's uses are limited."""
    if maker.token is not None and maker.token.uses_left is not None:
        raise Forbidden(
            "a token whose uses are limited makes no tokens", "Use another token to make it.", "limited_token"
        )


def policies_of(wish: Wish, maker: Maker, owner_roles: Collection[str]) -> tuple[str, ...] | None:
    """Return the policies of the new token, None for all that its owner has; raises Invalid and Forbidden."""
    held = maker.token.policies if maker.token is not None else None
    if wish.policies is None:
        return held
    wanted = tuple(sorted(set(wish.policies)))
    if held is not None:
        beyond = [policy for policy in wanted if policy not in held]
        if beyond:
            raise Forbidden(
                f"the token that asks does not have the policy {quoted(beyond[0])}",
                f"It may give: {', '.join(held) or 'none'}.",
                "policy_beyond",
            )
    unknown = [policy for policy in wanted if policy not in owner_roles]
    if unknown:
        raise Invalid(
            f"the owner does not have the role {quoted(unknown[0])}",
            f"A policy is one of the owner's roles: {', '.join(sorted(owner_roles)) or 'none'}.",
            "policy_unknown",
        )
    return wanted


def scopes_of(wish: Wish, maker: Maker, paths: Mapping[str, str]) -> tuple[str, ...]:
    """Return the scopes of the new token; raises Invalid for a malformed one, Forbidden for a wider one."""
    held = maker.token.scopes if maker.token is not None else ()
    wanted = scopes.check(wish.scopes, paths)
    if not held:
        return wanted
    if not wanted:
        return held
    if not scopes.is_narrower(wanted, held, paths):
        raise Forbidden(
            "the token that asks does not reach all of these scopes", f"It reaches: {', '.join(held)}.", "scope_beyond"
        )
    return wanted


def check_meta(meta: Mapping[str, object]) -> dict[str, str]:
    """Return a token's meta, string to string; raises Invalid."""
    if len(meta) > LONGEST_META:
        raise Invalid(f"meta has at most {LONGEST_META} entries", "Keep the rest elsewhere.")
    return {
        printable("a key of meta", key, longest=LONGEST_META): _meta_value(key, value) for key, value in meta.items()
    }


def _meta_value(key: str, value: object) -> str:
    text = string(f"meta {quoted(key)}", value)
    if len(text) > LONGEST_META_VALUE:
        raise Invalid(f"meta {quoted(key)} is longer than {LONGEST_META_VALUE} characters")
    return text


def shaped(bare: Token, wish: Wish, maker: Maker, parent: Token | None, limit: int | None) -> tuple[Token, ends.Ends]:
    """Give a token that is made now its parent, ends, uses and meta; `limit` is the longest life in microseconds."""
    require_maker(maker)
    uses = whole("num_uses", wish.num_uses, 0, MOST_USES)
    given = ends.first(bare.created_at, wish.lengths, limit, parent.expires_at if parent else None)
    token = replace(
        bare,
        parent_id=parent.id if parent else None,
        expires_at=given.expires_at,
        max_expires_at=given.max_expires_at,
        sliding_window=wish.lengths.window,
        period=wish.lengths.period,
        granted=None if given.expires_at is None else min(given.expires_at, LATEST) - bare.created_at,
        renewable=wish.renewable,
        uses_left=uses or None,
        meta=check_meta(wish.meta),
    )
    return token, given
