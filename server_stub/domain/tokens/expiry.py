"""Ends: when a token ends, and everything that may move that time.

All times and lengths are UTC microseconds; None is "never". The end that is kept (`expires_at`) is always the
earliest of all that bound it, so to check a token is to read that one value:

- the end it was given, or its window from the last use (a sliding token: Pydio Cells, "admin user token -a");
- its hard end (`max_expires_at`), which nothing moves once it is set;
- its parent's end: a child never outlives its parent, when it is made, renewed, or used;
- the password expiration timeout from its making, when that is enabled (VAST, "apitoken create").

Nothing here turns an end into "never", and nothing revives a token whose end has passed.
"""

from dataclasses import dataclass, replace

from server_stub.domain.base.durations import spell_duration
from server_stub.domain.base.errors import Conflict, Invalid
from server_stub.domain.base.timestamps import LATEST, rfc3339
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Token


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a new token is to last; each length may be left out, and each is more than zero.

    `lifetime` is the end from its making, `hard_end` the end that nothing moves, `window` makes it slide, `period`
    makes every renewal give exactly so much (Vault's periodic tokens).
    """

    lifetime: int | None = None
    hard_end: int | None = None
    window: int | None = None
    period: int | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """What a new token is given: its end, its hard end, and what was cut short, each with a sentence."""

    expires_at: int | None
    max_expires_at: int | None
    cut: tuple[str, ...] = ()


def earliest(*times: int | None) -> int | None:
    """Return the earliest of some ends, or the shortest of some lengths; None, which is never, only when all are."""
    return min((each for each in times if each is not None), default=None)


def as_shown(token: Token, digest: bytes) -> Token:
    """Return a token as whoever shows an accepted secret has it: the one before a rotation ends with the grace."""
    return replace(token, expires_at=earliest(token.expires_at, tokens.grace_of(token, digest)))


def first_ends(
    now: int, request: Lengths, limit: int | None, parent_end: int | None, longest_grant: int | None = None
) -> Ends:
    """Return the ends of a token that is made now; raises Invalid for an end past the year 9999.

    `limit` is the longest life that the settings allow. Whoever must refuse a longer one does so before
    (`require_within`); here it is cut, and `cut` says so, as Vault's clients expect. `longest_grant` is the most that
    Vault's door gives to a token that is to have an end (its maximum lease).
    """
    cut = []
    for name, length in (("lifetime", request.lifetime), ("hard end", request.hard_end), ("window", request.window)):
        if length is not None and now + length > LATEST and longest_grant is None:
            raise _too_late()
        if limit is not None and length is not None and length > limit:
            longer = f"the {name} {spell_duration(length)} is longer than the maximum"
            cut.append(f"{longer} {spell_duration(limit)} and was cut to it")
    hard = None if request.hard_end is None else now + min(request.hard_end, LATEST - now)
    longest = None if limit is None else now + limit
    max_expires_at = earliest(hard, longest if limit is not None and (request.window or request.period) else None)
    length = request.window or request.period or request.lifetime
    requested = None if length is None else now + min(length, LATEST - now)
    granted = None if length is None or longest_grant is None else now + longest_grant
    end = earliest(requested, max_expires_at, longest, parent_end, granted)
    if parent_end is not None and end == parent_end and requested != parent_end:
        cut.append("the token ends with its parent")
    return Ends(end, max_expires_at, tuple(cut))


def require_within(request: Lengths, limit: int | None) -> None:
    """Raise Invalid when a request is longer than the settings allow: vcli refuses, it does not cut."""
    for length in (request.lifetime, request.hard_end, request.window, request.period):
        if limit is not None and length is not None and length > limit:
            raise Invalid(
                f"the longest lifetime of a token is {spell_duration(limit)}, the password expiration timeout",
                "Ask for less, or raise it: vms modify_pwd_settings --pwd-expiration-timeout TIMEOUT",
            )


def end_of_lifetime(created_at: int, lifetime: int, limit: int | None, now: int) -> int:
    """Return the end that a token made at `created_at` has by a changed lifetime; raises Invalid.

    `limit` is the longest life that the settings allow. A lifetime still counts from the token's creation, and one that
    would be over by `now` is refused.
    """
    require_within(Lengths(lifetime), limit)
    end = created_at + lifetime
    if end > LATEST:
        raise _too_late()
    if end <= now:
        raise Invalid(
            f"the token would have ended already, at {rfc3339(end)}",
            "The lifetime counts from the token's creation; give a longer one, or revoke the token.",
        )
    return end


def move(token: Token, end: int | None, parent_end: int | None) -> int | None:
    """Return the end that a token is given anew by an actor who may; raises Conflict beyond its bounds."""
    if end is not None and token.max_expires_at is not None and end > token.max_expires_at:
        raise Conflict(
            f"the token has a hard end, {rfc3339(token.max_expires_at)}, and nothing moves it beyond",
            "Give a shorter time, or create a new token.",
        )
    if end is not None and parent_end is not None and end > parent_end:
        raise Conflict(
            f"the token's parent ends at {rfc3339(parent_end)}, and no token outlives its parent",
            "Give a shorter time, or move the parent's end first.",
        )
    return end


def slide(token: Token, used_at: int, parent_end: int | None) -> int | None:
    """Return the end of a token after a use; it never moves back by a use, and a dead one stays as it is."""
    if token.sliding_window is None or token.expires_at is None or used_at >= token.expires_at:
        return token.expires_at
    end = earliest(used_at + token.sliding_window, token.max_expires_at, parent_end)
    return token.expires_at if end is None else max(token.expires_at, end)


def longest_increment(token: Token) -> int | None:
    """Return by how much whoever may not modify a token renews it at once: by no more than it was made with.

    None for one without an end. Whoever finds a token must not be able to make it last for years (VAST, "Managing VMS
    API Tokens", has modifying take edit even for one's own).
    """
    if token.first_granted is not None or token.expires_at is None:
        return token.first_granted
    return token.granted or token.expires_at - token.created_at  # it was made without an end, and given one since


def renew(
    token: Token,
    now: int,
    increment: int | None,
    limit: int | None,
    parent_end: int | None,
    longest_grant: int | None = None,
) -> int:
    """Return the end of a live token after a renewal from now on; raises Conflict when it cannot be renewed.

    A periodic token gets its period, whatever was asked; a sliding one its window; others the increment, or what they
    were granted last. A renewal may shorten, and never passes the hard end, the longest life, or the parent's end;
    nor Vault's maximum lease, `longest_grant`, which counts from now on for a periodic token and else from its making.
    One that is older than the settings have come to allow keeps its end: a renewal ends nothing.
    """
    if not token.renewable or token.expires_at is None:
        raise Conflict("the token cannot be renewed", "It has no end, or was made not to be renewed.", "not_renewable")
    length = token.period or token.sliding_window or increment or token.granted
    if length is None:
        raise Conflict("nothing says by how much to renew the token", "Give an increment.", "not_renewable")
    longest = None if limit is None else token.created_at + limit
    granted = None if longest_grant is None else (now if token.period else token.created_at) + longest_grant
    end = earliest(now + min(length, LATEST - now), token.max_expires_at, longest, parent_end, granted)
    if end is None:
        raise AssertionError("an end from now on is always known")
    if end <= now:
        raise Conflict(
            "the token has lived as long as the settings allow, and keeps the end that it has",
            "Create a new one: apitoken create",
            "not_renewable",
        )
    return end


def _too_late() -> Invalid:
    return Invalid("the token would end after the year 9999", "Give a shorter lifetime.")
