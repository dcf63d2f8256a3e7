"""Lockout: wrong passwords make the next try wait, ever longer, for one name from one network.

- Failures are counted per (canonical name, source): the source is an IPv4 address or an IPv6 /64. So nobody
  locks out a person who signs in from elsewhere, and no other spelling of the name or address starts afresh.
- The first 3 failures are free; then each wait doubles: 1, 2, 4 ... 60 s. From `max_failed_login_attempts`
  on, when enabled, it doubles from 60 s to 15 min. It grows no further and never becomes a lock: VAST's lock
  until an administrator unlocks would let anybody shut anybody out (OWASP ASVS 5.0, 6.1.1).
- A day without a failure, a right password, or an unlock clears the count.
- Only passwords wait. Live tokens and the local administrator are never touched.

A failure is written down before the password is verified and cleared when it was right: else a burst of
simultaneous tries would all see the same low count.
"""

from dataclasses import dataclass
from hashlib import sha256

from server_stub.domain.accounts.managers import PasswordSettings, find_username
from server_stub.domain.base.errors import SlowDown
from server_stub.domain.base.timestamps import DAY, MINUTE, SECOND

FREE_FAILURES = 3
LONGEST_DELAY = 60 * SECOND
LONGEST_LOCKOUT = 15 * MINUTE
CLEARED_AFTER = DAY
NOBODY = "?"
"""Stands for every name that no manager can bear, so that junk fills no table."""
_KEPT_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Attempts:
    """The failures in a row of one name from one source; the time is UTC in microseconds."""

    failures: int
    last_failed_at: int


def counted_name(username: str) -> str:
    """Return the name under which failures are counted, whether there is such a manager or not."""
    return find_username(username) or NOBODY


def stored_name(name: str, is_managers: bool) -> str:
    """Return what is kept of a counted name: a manager's as it is, of any other a digest.

    A password or a token is easily typed where the name belongs, and is not to be kept.
    """
    return name if is_managers or name == NOBODY else NOBODY + sha256(name.encode()).hexdigest()[:_KEPT_DIGITS]


def add_failure(attempts: Attempts | None, now: int) -> Attempts:
    """Return the count with one more failure."""
    if attempts is None or _since(attempts, now) >= CLEARED_AFTER:
        return Attempts(1, now)
    return Attempts(attempts.failures + 1, now)


def delay(failures: int, settings: PasswordSettings) -> int:
    """Return how long to wait after so many failures in a row, in microseconds; it never falls."""
    beyond = failures - FREE_FAILURES
    wait = min(LONGEST_DELAY, SECOND << min(beyond - 1, 10)) if beyond > 0 else 0
    if settings.max_failed_login_attempts_enabled and failures >= settings.max_failed_login_attempts:
        over = failures - settings.max_failed_login_attempts
        wait = max(wait, min(LONGEST_LOCKOUT, MINUTE << min(over, 10)))
    return wait


def left_to_wait(attempts: Attempts | None, settings: PasswordSettings, now: int) -> int:
    """Return how long no password is looked at yet, in microseconds; never more than the delay itself."""
    if attempts is None or _since(attempts, now) >= CLEARED_AFTER:
        return 0
    return max(0, delay(attempts.failures, settings) - _since(attempts, now))


def require_open(attempts: Attempts | None, settings: PasswordSettings, now: int) -> None:
    """Raise SlowDown while no password is looked at; the answer does not tell whether the name exists."""
    left = left_to_wait(attempts, settings, now)
    if left > 0:
        seconds = -(-left // SECOND)
        raise SlowDown(
            "too many wrong passwords for this name from this address",
            f"Try again in {seconds} s, or have an administrator unlock it: manager unlock",
            retry_after_seconds=seconds,
        )


def _since(attempts: Attempts, now: int) -> int:
    # After the clock was put back, the last failure lies ahead; far ahead counts as long ago, so that
    # nobody waits for the clock to come round.
    return abs(now - attempts.last_failed_at)
