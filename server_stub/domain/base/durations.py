"""Lifetimes: durations as people write them, and the end they give a token.

A duration is an integer count of microseconds, more than zero. One parser reads all dialects; a dialect is a
table of units that stand alone after a whole number, and of units that chain and take decimals (Go's).
Nothing silently becomes zero, nothing is clamped: junk, zero, signs and overflow are refused.

    vcli   180D 6M 1Y 2w 12h 30m 45s     Y = 365 days, M = 30 days; only m and M, and Y, mind their case
    go     720h 1h30m 1.5h 500ms         Vigo's --expires-in
    cells  24h 10m 7d                    Go's, and whole days alone (Pydio Cells)
    vault  1h 3600 1h30m 7d              Go's, whole days alone, and seconds without a unit (HashiCorp Vault)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from server_stub.domain.base.errors import Invalid, quoted
from server_stub.domain.base.timestamps import DAY, HOUR, LATEST, MINUTE, SECOND, rfc3339

LONGEST = 9999 * 365 * DAY
"""No duration is longer: from today on, nothing beyond it could end before the year 10000."""
_LONGEST_TEXT = 64


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one system writes durations: units that stand alone, units that chain, a hint for people."""

    name: str
    alone: Mapping[str, int]
    chained: Mapping[str, Fraction]
    hint: str


_GO = MappingProxyType(
    {
        "h": Fraction(HOUR),
        "m": Fraction(MINUTE),
        "s": Fraction(SECOND),
        "ms": Fraction(1000),
        "us": Fraction(1),
        "\N{MICRO SIGN}s": Fraction(1),
        "\N{GREEK SMALL LETTER MU}s": Fraction(1),
        "ns": Fraction(1, 1000),
    }
)
VCLI = Dialect(
    "vcli",
    {
        "Y": 365 * DAY,
        "M": 30 * DAY,
        **dict.fromkeys("wW", 7 * DAY),
        **dict.fromkeys("dD", DAY),
        **dict.fromkeys("hH", HOUR),
        "m": MINUTE,
        **dict.fromkeys("sS", SECOND),
    },
    {},
    "Write a whole number and one unit, as in 180D: Y (365 days), M (30 days), w, d, h, m (minutes) or s.",
)
GO = Dialect("go", {}, _GO, "Write it as 720h, 30m or 1h30m.")
CELLS = Dialect("cells", {"d": DAY}, _GO, "Write it as 24h, 10m or 7d.")
VAULT = Dialect("vault", {"d": DAY, "": SECOND}, _GO, "Write it as 1h, 30m, 7d, or as a number of seconds.")
DIALECTS = MappingProxyType({dialect.name: dialect for dialect in (VCLI, GO, CELLS, VAULT)})

_ALONE = re.compile(r"([0-9]+)([A-Za-z]?)")
_LINK = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([a-z\u00b5\u03bc]+)")
_CLOCK = re.compile(r"(?:(?:([0-9]+) )?(?:([0-9]+):(?=[0-9]+:))?([0-9]+):)?([0-9]+)")


def parse(text: str, dialect: Dialect = VCLI) -> int:
    """Read a duration, in microseconds; raises Invalid with the dialect's units as the hint."""
    length = _alone(text, dialect)
    if length is None:
        length = _chained(text, dialect)
    if length is None:
        raise Invalid(f"{quoted(text)} is not a duration" if text else "the duration is empty", dialect.hint)
    if length < 1:
        raise Invalid(f"{quoted(text)} is no time at all", "Give a duration longer than zero.")
    if length > LONGEST:
        raise Invalid(f"{quoted(text)} is longer than 9999 years", "Give a shorter duration.")
    return length


def expiry(created_at: int, request: int | None, limit: int | None, now: int | None = None) -> int | None:
    """Return when a token made at `created_at` ends, or None for never; all in microseconds. Raises Invalid.

    `limit` is the password expiration timeout when that is enabled: both the default and the maximum (VAST,
    "apitoken create"). A longer wish is refused, not shortened. With `now`, an end that has passed is refused
    too: a changed lifetime still counts from the token's creation.
    """
    if request is not None and limit is not None and request > limit:
        raise Invalid(
            f"the longest lifetime of a token is {spell(limit)}, the password expiration timeout",
            "Ask for less, or raise it: vms modify_pwd_settings --pwd-expiration-timeout TIMEOUT",
        )
    lifetime = limit if request is None else request
    if lifetime is None:
        return None
    end = created_at + lifetime
    if end > LATEST:
        raise Invalid("the token would end after the year 9999", "Give a shorter lifetime.")
    if now is not None and end <= now:
        raise Invalid(
            f"the token would have ended already, at {rfc3339(end)}",
            "The lifetime counts from the token's creation; give a longer one, or revoke the token.",
        )
    return end


def spell(length: int) -> str:
    """Write a duration in vcli's units from days down, exact to the second: 180D, 36h, 90m, 45s."""
    for size, unit in ((DAY, "D"), (HOUR, "h"), (MINUTE, "m")):
        if length % size == 0:
            return f"{length // size}{unit}"
    return f"{length // SECOND}s"


def parse_clock(text: str) -> int:
    """Read vcli's `[DD [HH:[MM:]]]ss`, in microseconds: 3600, 30:00, 02:00:00, 1 00:00:00; raises Invalid."""
    match = _CLOCK.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if match is None:
        raise _no_clock(text)
    length, inner = 0, False
    for part, size, most in zip(match.groups(), (DAY, HOUR, MINUTE, SECOND), (0, 23, 59, 59), strict=True):
        count = int(part or 0)
        if inner and count > most:  # a part is bounded as soon as a greater one stands before it
            raise _no_clock(text)
        length += count * size
        inner = inner or part is not None
    if not 0 < length <= LONGEST:
        raise _no_clock(text)
    return length


def spell_clock(length: int) -> str:
    """Write a duration as vcli's `[DD ]HH:MM:SS`, cut to the second: 02:00:00, 1 00:00:00."""
    days, rest = divmod(length // SECOND, 86_400)
    minutes, seconds = divmod(rest, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return f"{days} {clock}" if days else clock


def _alone(text: str, dialect: Dialect) -> int | None:
    match = _ALONE.fullmatch(text)
    if match is None or match[2] not in dialect.alone:
        return None
    # A number this long is beyond every unit's bound; int() of millions of digits would take minutes.
    digits = match[1].lstrip("0")[:24]
    return int(digits or "0") * dialect.alone[match[2]]


def _chained(text: str, dialect: Dialect) -> int | None:
    if not dialect.chained or not text or len(text) > _LONGEST_TEXT:
        return None
    total, position = Fraction(0), 0
    while position < len(text):
        link = _LINK.match(text, position)
        if link is None or link[2] not in dialect.chained:
            return None
        total += Fraction(link[1]) * dialect.chained[link[2]]
        position = link.end()
    return int(total)


def _no_clock(text: str) -> Invalid:
    return Invalid(f"{quoted(text)} is not a time span", "Write it as [DD [HH:[MM:]]]ss, as in 02:00:00.")


cached_parse = lru_cache(maxsize=256)(parse)
"""`parse` for texts that are read again and again, such as settings."""
