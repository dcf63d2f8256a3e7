"""Ends: whatever is wished, renewed or used, no bound is passed and nothing becomes endless."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base.durations import LONGEST_DURATION
from server_stub.domain.base.errors import Conflict, Invalid
from server_stub.domain.base.timestamps import DAY, HOUR, LATEST, MINUTE, SECOND
from server_stub.domain.tokens import expiry
from server_stub.domain.tokens.expiry import Lengths
from server_stub.domain.tokens.tokens import Token

NOW = 1_800_000_000 * SECOND
MILLISECOND = 1_000

lengths = st.none() | st.integers(1, 400 * DAY)
moments = st.none() | st.integers(NOW, NOW + 400 * DAY)


def token(**fields: object) -> Token:
    """Return a token made now."""
    bare = Token(id="12345678", digest=b"", kind="api", owner_id=1, owner="bob", name="x", created_at=NOW)
    return replace(bare, **fields)  # type: ignore[arg-type]  # the fields are those of the record


@given(lengths, lengths, lengths, lengths, lengths, moments)
def test_a_first_end_lies_within_every_bound(
    lifetime: int | None,
    hard_end: int | None,
    window: int | None,
    period: int | None,
    limit: int | None,
    parent_end: int | None,
) -> None:
    given_ends = expiry.first_ends(NOW, Lengths(lifetime, hard_end, window, period), limit, parent_end)
    bounds = [parent_end, None if limit is None else NOW + limit, None if hard_end is None else NOW + hard_end]
    for bound in bounds:
        if bound is not None:
            assert given_ends.expires_at is not None
            assert given_ends.expires_at <= bound
    if lifetime or window or period:
        assert given_ends.expires_at is not None
    if given_ends.expires_at is None:
        assert not any((lifetime, hard_end, window, period, limit, parent_end))


def test_an_end_is_the_length_that_was_wished() -> None:
    assert expiry.first_ends(NOW, Lengths(lifetime=HOUR), None, None) == expiry.Ends(NOW + HOUR, None)
    assert expiry.first_ends(NOW, Lengths(window=HOUR, hard_end=DAY), None, None) == expiry.Ends(NOW + HOUR, NOW + DAY)
    assert expiry.first_ends(NOW, Lengths(), None, None) == expiry.Ends(None, None)
    assert expiry.first_ends(NOW, Lengths(), DAY, None) == expiry.Ends(NOW + DAY, None)


def test_what_is_cut_is_said() -> None:
    cut = expiry.first_ends(NOW, Lengths(lifetime=2 * DAY), DAY, None)
    assert cut.expires_at == NOW + DAY
    assert cut.cut == ("the lifetime 2D is longer than the maximum 1D and was cut to it",)
    assert expiry.first_ends(NOW, Lengths(lifetime=DAY), None, NOW + HOUR).cut == ("the token ends with its parent",)


def test_a_longer_wish_is_refused_where_nothing_is_cut() -> None:
    expiry.require_within(Lengths(lifetime=DAY), DAY)
    for sent in (Lengths(lifetime=DAY + 1), Lengths(hard_end=2 * DAY), Lengths(window=2 * DAY)):
        with pytest.raises(Invalid, match="the longest lifetime of a token is 1D"):
            expiry.require_within(sent, DAY)


def test_no_end_lies_past_the_year_9999() -> None:
    with pytest.raises(Invalid, match="year 9999"):
        expiry.first_ends(NOW, Lengths(lifetime=LATEST - NOW + 1), None, None)


@pytest.mark.parametrize(
    ("lifetime", "limit", "end"),
    [
        (DAY, None, 1000 + DAY),
        (DAY, 180 * DAY, 1000 + DAY),
        (180 * DAY, 180 * DAY, 1000 + 180 * DAY),
        (LATEST - 1000, None, LATEST),
    ],
)
def test_a_changed_lifetime_counts_from_the_creation(lifetime: int, limit: int | None, end: int) -> None:
    assert expiry.end_of_lifetime(1000, lifetime, limit, 1000) == end


@pytest.mark.parametrize(("limit", "end"), [(None, None), (180 * DAY, 1000 + 180 * DAY)])
def test_the_limit_is_the_lifetime_where_none_is_given(limit: int | None, end: int | None) -> None:
    assert expiry.first_ends(1000, Lengths(), limit, None).expires_at == end


def test_a_longer_lifetime_is_refused_with_the_maximum() -> None:
    with pytest.raises(Invalid, match="180D"):
        expiry.end_of_lifetime(1000, 180 * DAY + 1, 180 * DAY, 1000)


def test_no_changed_lifetime_ends_after_the_year_9999() -> None:
    with pytest.raises(Invalid, match="year 9999"):
        expiry.end_of_lifetime(1000, LATEST - 999, None, 1000)
    with pytest.raises(Invalid, match="year 9999"):
        expiry.first_ends(LATEST, Lengths(1), None, None)


@pytest.mark.parametrize(("now", "refused"), [(1000, False), (1000 + DAY - 1, False), (1000 + DAY, True)])
def test_a_changed_end_must_lie_ahead(now: int, refused: bool) -> None:
    if refused:
        with pytest.raises(Invalid, match="already"):
            expiry.end_of_lifetime(1000, DAY, None, now)
    else:
        assert expiry.end_of_lifetime(1000, DAY, None, now) == 1000 + DAY


@given(st.integers(0, LATEST), st.integers(1, LONGEST_DURATION), st.none() | st.integers(1, LONGEST_DURATION))
def test_no_changed_end_passes_the_limit(created_at: int, sent: int, limit: int | None) -> None:
    try:
        end = expiry.end_of_lifetime(created_at, sent, limit, created_at)
    except Invalid:
        assert created_at + sent > LATEST or (limit is not None and sent > limit)
    else:
        assert created_at < end <= LATEST
        assert limit is None or end <= created_at + limit
        assert end == created_at + sent


@given(st.integers(1, 100 * DAY), moments, moments, st.lists(st.integers(0, 10 * DAY), max_size=20))
def test_a_sliding_end_never_moves_back_nor_past_its_bounds(
    window: int, hard: int | None, parent_end: int | None, waits: list[int]
) -> None:
    bound = expiry.earliest(hard, parent_end)
    first = expiry.earliest(NOW + window, bound)
    assert first is not None
    kept = token(expires_at=first, sliding_window=window, max_expires_at=hard)
    at = NOW
    for wait in waits:
        at += wait
        end = expiry.slide(kept, at, parent_end)
        assert end is not None
        assert kept.expires_at is not None
        assert end >= kept.expires_at
        assert bound is None or end <= bound
        if at >= kept.expires_at:
            assert end == kept.expires_at, "a use after the end moves nothing"
        else:
            assert end == expiry.earliest(at + window, bound)
        kept = replace(kept, expires_at=end)


def renewed_within(bound: str, now: int, increment: int) -> int:
    """Renew, by an increment, a token that one bound keeps within a day of its making."""
    kept = token(expires_at=NOW + DAY, granted=HOUR, max_expires_at=NOW + DAY if bound == "hard end" else None)
    limit = DAY if bound == "limit" else None
    lease = DAY if bound == "lease" else None
    return expiry.renew(kept, now, increment, limit, NOW + DAY if bound == "parent" else None, lease)


@pytest.mark.parametrize("bound", ["hard end", "limit", "parent", "lease"])
def test_a_renewal_around_every_limit_stays_within_it(bound: str) -> None:
    for offset in range(-1_000 * MILLISECOND, 1_000 * MILLISECOND + 1, MILLISECOND):
        # Asked for a life that ends around the limit; and asked at a moment around the limit.
        assert renewed_within(bound, NOW, DAY + offset) == NOW + min(DAY, DAY + offset)
        if offset < 0:
            assert renewed_within(bound, NOW + DAY + offset, HOUR) == NOW + DAY, "not a microsecond beyond"
        else:
            with pytest.raises(Conflict, match="as long as the settings allow"):
                renewed_within(bound, NOW + DAY + offset, HOUR)


def test_what_a_token_was_made_with_bounds_what_it_is_renewed_by() -> None:
    assert expiry.longest_increment(token(expires_at=NOW + HOUR, first_granted=DAY)) == DAY
    assert expiry.longest_increment(token(expires_at=NOW + HOUR)) == HOUR
    assert expiry.longest_increment(token(expires_at=NOW + DAY, granted=HOUR)) == HOUR
    assert expiry.longest_increment(token()) is None


def test_a_renewal_ends_nothing() -> None:
    """A token of two days whose longest life is a day by now would have been dead of being renewed."""
    kept = token(expires_at=NOW + 2 * DAY, granted=2 * DAY)
    for limit, lease in ((DAY, None), (None, DAY)):
        with pytest.raises(Conflict) as refused:
            expiry.renew(kept, NOW + DAY + HOUR, HOUR, limit, None, lease)
        assert refused.value.code == "not_renewable"


def test_by_the_secret_before_a_rotation_a_token_ends_with_the_grace() -> None:
    kept = token(digest=b"new", old_digest=b"old", old_digest_until=NOW + HOUR)
    assert expiry.as_shown(kept, b"new") == kept
    assert expiry.as_shown(kept, b"old").expires_at == NOW + HOUR
    assert expiry.as_shown(replace(kept, expires_at=NOW + MINUTE), b"old").expires_at == NOW + MINUTE


@given(st.integers(NOW, LATEST), st.none() | st.integers(1, LATEST), lengths, lengths, lengths, moments)
def test_a_renewal_always_gives_an_end(
    now: int, increment: int | None, granted: int | None, period: int | None, limit: int | None, parent: int | None
) -> None:
    kept = token(expires_at=now + 1, granted=granted, period=period)
    try:
        end = expiry.renew(kept, now, increment, limit, parent)
    except Conflict:
        lengths = (increment, granted, period)
        bounds = (LATEST, parent, None if limit is None else NOW + limit)
        assert lengths == (None, None, None) or any(bound is not None and bound <= now for bound in bounds)
    else:
        assert now < end <= LATEST


def test_a_renewal_takes_the_period_the_window_the_increment_or_what_was_granted() -> None:
    kept = token(expires_at=NOW + MINUTE, granted=HOUR)
    assert expiry.renew(kept, NOW, None, None, None) == NOW + HOUR
    assert expiry.renew(kept, NOW, 30 * SECOND, None, None) == NOW + 30 * SECOND
    assert expiry.renew(replace(kept, period=DAY), NOW, 30 * SECOND, None, None) == NOW + DAY
    assert expiry.renew(replace(kept, sliding_window=2 * HOUR), NOW, None, None, None) == NOW + 2 * HOUR


@pytest.mark.parametrize("kept", [token(), token(expires_at=NOW + HOUR, granted=HOUR, renewable=False)])
def test_what_has_no_end_or_may_not_is_not_renewed(kept: Token) -> None:
    with pytest.raises(Conflict) as refused:
        expiry.renew(kept, NOW, HOUR, None, None)
    assert refused.value.code == "not_renewable"


def test_an_end_that_is_given_anew_lies_within_its_bounds() -> None:
    kept = token(expires_at=NOW + HOUR, max_expires_at=NOW + DAY)
    assert expiry.move(kept, NOW + DAY, None) == NOW + DAY
    with pytest.raises(Conflict, match="hard end"):
        expiry.move(kept, NOW + DAY + 1, None)
    with pytest.raises(Conflict, match="parent ends"):
        expiry.move(kept, NOW + 2 * HOUR, NOW + HOUR)


@pytest.mark.parametrize(
    ("sent", "end"),
    [
        (Lengths(lifetime=2 * DAY), NOW + DAY),
        (Lengths(lifetime=HOUR), NOW + HOUR),
        (Lengths(period=2 * DAY), NOW + DAY),
        (Lengths(lifetime=LATEST), NOW + DAY),
        (Lengths(hard_end=2 * DAY), NOW + 2 * DAY),
        (Lengths(lifetime=HOUR, hard_end=LATEST), NOW + HOUR),
        (Lengths(), None),
    ],
)
def test_a_maximum_lease_bounds_what_is_to_have_an_end(sent: Lengths, end: int | None) -> None:
    assert expiry.first_ends(NOW, sent, None, None, DAY).expires_at == end


def test_a_maximum_lease_counts_from_the_making_but_for_a_period_from_now() -> None:
    kept = token(expires_at=NOW + HOUR, granted=HOUR)
    later = NOW + HOUR - SECOND
    assert expiry.renew(kept, later, 9 * DAY, None, None, DAY) == NOW + DAY
    assert expiry.renew(replace(kept, period=9 * DAY), later, None, None, None, DAY) == later + DAY
