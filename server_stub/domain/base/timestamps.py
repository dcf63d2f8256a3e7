"""Timestamps as integer counts of microseconds since 1970 in UTC, and the units of time.

A timestamp is RFC 3339 in UTC with microseconds in JSON and in the audit chain, `2026-11-21T22:00:00.000000Z`. Both
directions are exact: no float is involved.
"""

import functools
import re
from datetime import datetime, timedelta

from server_stub.domain.base.errors import Invalid, quote

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
EARLIEST = (datetime.min - _EPOCH) // _MICROSECOND
LATEST = (datetime.max - _EPOCH) // _MICROSECOND
"""The last microsecond of the year 9999: nothing ends later."""

_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)


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
