"""Times as integer counts of microseconds: timestamps since 1970 in UTC, and durations.

A timestamp is RFC 3339 in UTC with microseconds in JSON and in the audit chain, `2026-11-21T22:00:00.000000Z`. Both
directions are exact: no float is involved.

A duration is above zero, read in every dialect and written as vcli does. The dialects and their parser are the shell's
too (``vshell.formats.durations``). Here stand the bounds and the messages: junk, zero, signs and overflow are refused,
nothing is clamped.
"""

import functools
import re
from datetime import datetime, timedelta

from server_stub.domain.base.errors import Invalid, quote
from vshell.formats import durations
from vshell.formats.durations import LONGEST_TEXT, MICROSECOND, VCLI, Dialect

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

LONGEST_DURATION = 9999 * 365 * DAY
"""No duration is longer: from today on, nothing beyond it could end before the year 10000."""

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
EARLIEST = (datetime.min - _EPOCH) // _MICROSECOND
LATEST = (datetime.max - _EPOCH) // _MICROSECOND
"""The last microsecond of the year 9999: nothing ends later."""

_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)

_CLOCK = re.compile(r"(?:(?:([0-9]+) )?(?:([0-9]+):(?=[0-9]+:))?([0-9]+):)?([0-9]+)")


def rfc3339(timestamp: int) -> str:
    """Write a time as RFC 3339 in UTC with six decimals; raises OverflowError beyond year 9999."""
    second, rest = divmod(timestamp, SECOND)
    return f"{_second(second)}.{rest:06d}Z"


@functools.lru_cache(maxsize=4_096)
def _second(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).isoformat()


def parse_rfc3339(text: str) -> int:
    """Read a time from RFC 3339 (section 5.6) with at most six decimals and any offset; raises Invalid."""
    match = _RFC3339.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        day, time, decimals, sign, hours, minutes = match.groups()
        timestamp = (datetime.fromisoformat(f"{day}T{time}") - _EPOCH) // _MICROSECOND
    except ValueError:
        raise Invalid(f"{quote(text)} is not a time", "Write it as 2026-11-21T22:00:00Z, in UTC.") from None
    timestamp += int((decimals or "").ljust(6, "0"))
    if sign:
        offset = int(hours) * HOUR + int(minutes) * MINUTE
        timestamp += offset if sign == "-" else -offset
    if not EARLIEST <= timestamp <= LATEST:
        raise Invalid(f"{quote(text)} lies outside the years 1 to 9999")
    return timestamp


def parse_duration(text: str, dialect: Dialect = VCLI) -> int:
    """Read a duration, in microseconds; raises Invalid with the dialect's units as the hint."""
    found = durations.parse(text, dialect)
    if found is None:
        raise Invalid(f"{quote(text)} is not a duration" if text else "the duration is empty", dialect.hint)
    length = int(found // MICROSECOND)
    if length < 1:
        raise Invalid(f"{quote(text)} is no time at all", "Give a duration longer than zero.")
    if length > LONGEST_DURATION:
        raise Invalid(f"{quote(text)} is longer than 9999 years", "Give a shorter duration.")
    return length


parse_duration_cached = functools.lru_cache(maxsize=256)(parse_duration)
"""`parse_duration` for texts that are read again and again, such as settings."""


def spell_duration(length: int) -> str:
    """Write a duration in vcli's units from days down, exact to the second: 180D, 36h, 90m, 45s."""
    for size, unit in ((DAY, "D"), (HOUR, "h"), (MINUTE, "m")):
        if length % size == 0:
            return f"{length // size}{unit}"
    return f"{length // SECOND}s"


def parse_clock(text: str) -> int:
    """Read vcli's `[DD [HH:[MM:]]]ss`, in microseconds: 3600, 30:00, 02:00:00, 1 00:00:00; raises Invalid."""
    match = _CLOCK.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    if match is None:
        raise _clock_refusal(text)
    length, inner = 0, False
    for part, size, most in zip(match.groups(), (DAY, HOUR, MINUTE, SECOND), (0, 23, 59, 59), strict=True):
        count = int(part or 0)
        if inner and count > most:  # a part is bounded as soon as a greater one stands before it
            raise _clock_refusal(text)
        length += count * size
        inner = inner or part is not None
    if not 0 < length <= LONGEST_DURATION:
        raise _clock_refusal(text)
    return length


def spell_clock(length: int) -> str:
    """Write a duration as vcli's `[DD ]HH:MM:SS`, cut to the second: 02:00:00, 1 00:00:00."""
    days, rest = divmod(length // SECOND, 86_400)
    minutes, seconds = divmod(rest, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return f"{days} {clock}" if days else clock


def _clock_refusal(text: str) -> Invalid:
    return Invalid(f"{quote(text)} is not a time span", "Write it as [DD [HH:[MM:]]]ss, as in 02:00:00.")
