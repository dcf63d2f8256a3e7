"""Times as people read them: in this machine's zone, in UTC, or as a distance from now ("in 3 days").

Rules: the form is vcli's, ``2027-05-20 23:17:29``, whatever the zone; ``zone_name`` says which it is, once. What is
no time, also an impossible one, stays as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

# RFC 3339, section 5.6, as the server writes it.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")

# A time that needs no calendar to be valid; what is not one is parsed.
_PLAIN = re.compile(
    r"(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d+)?Z"
)
_OFFSET = re.compile(r"^\.\d+")

_UNITS = ((365 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_LAST_DAYS = 2 * 365 * 86_400
"""Seconds up to which days are counted instead of years."""


class Times(NamedTuple):
    """How times are spelled: ``mode`` is "local", "utc" or "relative".

    ``now`` is what distances count from; ``zone`` is used for "local", this machine's own with None.
    """

    mode: str = "utc"
    now: datetime | None = None
    zone: tzinfo | None = None

    def text(self, value: str) -> str:
        """Return a time as it is shown, and any other text as it is."""
        if value[10:11] != "T":
            return value
        if self.mode == "utc" and _PLAIN.fullmatch(value):
            return f"{value[:10]} {value[11:19]}"
        if not _TIME.fullmatch(value):
            return value
        if self.mode == "relative" and self.now is not None:
            time = parse_time(value)
            return value if time is None else distance(time - self.now)
        if self.mode == "local":
            return _in_zone(value, self.zone)
        return _in_utc(value)


IN_UTC = Times()


def parse_time(value: str) -> datetime | None:
    """Return the time that an RFC 3339 text names, None for other text and for a day that never was."""
    try:
        return datetime.fromisoformat(value).astimezone(UTC) if _TIME.fullmatch(value) else None
    except (ValueError, OverflowError):
        return None


def distance(gap: timedelta) -> str:
    """Return how far a time is from now: "in 3 days", "2 hours ago", "now"."""
    seconds = int(abs(gap.total_seconds()))
    if seconds == 0:
        return "now"
    units = _UNITS if seconds >= _LAST_DAYS else _UNITS[1:]
    size, name = next(unit for unit in units if seconds >= unit[0])
    count = seconds // size
    text = f"{count} {name}{'' if count == 1 else 's'}"
    return f"in {text}" if gap > timedelta() else f"{text} ago"


def zone_name(now: datetime, zone: tzinfo | None = None) -> str:
    """Return the name of a zone at a time: "CEST, UTC+02:00", or "UTC"."""
    local = now.astimezone(zone)
    offset = local.strftime("%z")
    shown = f"UTC{offset[:3]}:{offset[3:5]}"
    name = local.tzname() or ""
    return "UTC" if not local.utcoffset() else f"{name}, {shown}" if name.isalpha() else shown


def _in_utc(value: str) -> str:
    time = parse_time(value)
    return value if time is None else time.isoformat(" ", "seconds")[:19]


@lru_cache(maxsize=65_536)
def _minute(minute: str, zone: tzinfo | None) -> str | None:
    """Return a minute such as "2026-11-21T22:00Z" in a zone, None where there is none."""
    try:
        return datetime.fromisoformat(minute).astimezone(zone).isoformat(" ", "minutes")[:16]
    except (ValueError, OverflowError, OSError):
        return None


def _in_zone(value: str, zone: tzinfo | None) -> str:
    if not _PLAIN.fullmatch(value) and parse_time(value) is None:
        return value
    # Zones differ from UTC by whole minutes, and the times of a list share many.
    shown = _minute(value[:16] + _OFFSET.sub("", value[19:]), zone)
    return value if shown is None else shown + value[16:19]
