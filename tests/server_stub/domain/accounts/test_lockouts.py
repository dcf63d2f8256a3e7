import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts.lockouts import (
    CLEARED_AFTER,
    LONGEST_LOCKOUT,
    NOBODY,
    Attempts,
    add_failure,
    counted_name,
    delay,
    left_to_wait,
    require_open,
    stored_name,
)
from server_stub.domain.accounts.managers import PasswordSettings
from server_stub.domain.base.errors import SlowDown
from server_stub.domain.base.timestamps import MINUTE, SECOND

OFF = PasswordSettings()
ON = PasswordSettings(max_failed_login_attempts_enabled=True)
NOW = 10**15
settings = st.builds(
    PasswordSettings,
    max_failed_login_attempts=st.integers(1, 100),
    max_failed_login_attempts_enabled=st.booleans(),
)


def test_the_delays_rise_and_stay() -> None:
    waits = [delay(failures, OFF) // SECOND for failures in range(13)]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_long_delays_rise_and_stay() -> None:
    waits = [delay(failures, ON) // SECOND for failures in range(8, 17)]
    assert waits == [16, 32, 60, 120, 240, 480, 900, 900, 900]


def test_the_long_delays_begin_where_the_setting_says() -> None:
    chosen = PasswordSettings(max_failed_login_attempts=1, max_failed_login_attempts_enabled=True)
    assert [delay(failures, chosen) // SECOND for failures in range(4)] == [0, 60, 120, 240]


@given(st.integers(0, 10**9), st.integers(0, 10**9), settings)
def test_more_failures_never_wait_less(one: int, more: int, chosen: PasswordSettings) -> None:
    assert delay(one, chosen) <= delay(one + more, chosen) <= LONGEST_LOCKOUT


@given(st.integers(0, 10**6), st.integers(-(10**16), 10**16), settings)
def test_nobody_waits_longer_than_the_delay(failures: int, since: int, chosen: PasswordSettings) -> None:
    assert 0 <= left_to_wait(Attempts(failures, NOW), chosen, NOW + since) <= delay(failures, chosen)


@given(st.integers(0, 10**6), st.integers(0, 2 * LONGEST_LOCKOUT), settings)
def test_the_wait_ends_also_when_the_clock_was_put_back(failures: int, back: int, chosen: PasswordSettings) -> None:
    attempts, wait = Attempts(failures, NOW), delay(failures, chosen)
    assert 0 in [left_to_wait(attempts, chosen, NOW - back + later) for later in (0, 2 * wait)]


def test_a_day_clears_the_count() -> None:
    attempts = Attempts(1000, NOW)
    assert add_failure(attempts, NOW + CLEARED_AFTER - 1) == Attempts(1001, NOW + CLEARED_AFTER - 1)
    assert add_failure(attempts, NOW + CLEARED_AFTER) == Attempts(1, NOW + CLEARED_AFTER)
    assert left_to_wait(attempts, ON, NOW + CLEARED_AFTER) == 0


def test_failures_are_counted_from_the_first() -> None:
    attempts = None
    for number in range(1, 20):
        attempts = add_failure(attempts, NOW + number)
        assert attempts == Attempts(number, NOW + number)


@pytest.mark.parametrize(
    ("failures", "since", "seconds"),
    [(3, 0, None), (4, 0, 1), (4, 1, 1), (4, SECOND - 1, 1), (4, SECOND, None), (10, 0, 60), (10, SECOND, 59)],
)
def test_require_open(failures: int, since: int, seconds: int | None) -> None:
    attempts = Attempts(failures, NOW)
    if seconds is None:
        require_open(attempts, OFF, NOW + since)
    else:
        with pytest.raises(SlowDown) as caught:
            require_open(attempts, OFF, NOW + since)
        assert caught.value.retry_after_seconds == seconds
        assert f"{seconds} s" in str(caught.value.hint)


def test_the_first_try_is_open() -> None:
    require_open(None, ON, NOW)


def test_at_most_sixty_tries_in_an_hour_are_looked_at() -> None:
    """An attacker who tries the moment the wait is over gets 60 tries an hour once the free ones are spent."""
    attempts, now = add_failure(None, NOW), NOW
    tries = []
    while now < NOW + 3 * 60 * MINUTE:
        now += left_to_wait(attempts, OFF, now)
        attempts = add_failure(attempts, now)
        tries.append(now)
    assert len([moment for moment in tries if moment >= NOW + 120 * MINUTE]) <= 61


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        ("admin", "admin"),
        ("ADMIN", "admin"),
        ("Ａdmin", "admin"),
        ("nobody_here", "nobody_here"),
        ("admin ", NOBODY),
        ("admin\0", NOBODY),
        ("", NOBODY),
        ("аdmin", NOBODY),
        ("local-admin", NOBODY),
        ("x" * 10**6, NOBODY),
    ],
)
def test_every_spelling_of_a_name_counts_for_one(typed: str, counted: str) -> None:
    assert counted_name(typed) == counted


def test_of_a_name_that_is_no_managers_only_a_digest_is_kept() -> None:
    """A password typed where the name belongs must not be kept."""
    assert stored_name("admin", is_managers=True) == "admin"
    kept = stored_name("correct horse 1", is_managers=False)
    assert (
        kept == stored_name("correct horse 1", is_managers=False) != stored_name("correct horse 2", is_managers=False)
    )
    assert "horse" not in kept
    assert kept.startswith(NOBODY)
    assert stored_name(NOBODY, is_managers=False) == NOBODY
