"""Lengths of time as people write them: one parser, and a table of units for each dialect.

    vcli   180D 6M 1Y 2w 12h 30m 45s     Y = 365 days, M = 30 days; only m and M, and Y, mind their case
    go     720h 1h30m 1.5h 500ms         Vigo's --expires-in
    cells  24h 10m 7d                    Go's, and whole days alone (Pydio Cells)
    vault  1h 3600 1h30m 7d              Go's, whole days alone, and seconds without a unit (HashiCorp Vault)

Rules: sizes and results are exact counts of nanoseconds. Nothing silently becomes zero, and nothing is clamped; bounds
and messages are the caller's.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

MICROSECOND = 1_000
SECOND = 1_000_000 * MICROSECOND
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND

LONGEST_TEXT = 64


class Dialect(NamedTuple):
    """How one system writes durations: units that stand alone, units that chain and take decimals, a hint."""

    alone: Mapping[str, int]
    chained: Mapping[str, int]
    hint: str


_GO = {
    "h": HOUR,
    "m": MINUTE,
    "s": SECOND,
    "ms": SECOND // 1_000,
    "us": MICROSECOND,
    "\u00b5s": MICROSECOND,
    "\u03bcs": MICROSECOND,
    "ns": 1,
}
VCLI = Dialect(
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
GO = Dialect({}, _GO, "Write it as 720h, 30m or 1h30m.")
CELLS = Dialect({"d": DAY}, _GO, "Write it as 24h, 10m or 7d.")
VAULT = Dialect({"d": DAY, "": SECOND}, _GO, "Write it as 1h, 30m, 7d, or as a number of seconds.")

_ALONE = re.compile(r"([0-9]+)([A-Za-z]?)")
_LINK = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([a-z\u00b5\u03bc]+)")


def parse(text: str, dialect: Dialect) -> "int | Fraction | None":
    """Return a duration in nanoseconds, which may be zero; None for a text that the dialect has not."""
    match = _ALONE.fullmatch(text)
    if match is not None and match[2] in dialect.alone:
        # A number this long is beyond every unit's bound; int() of millions of digits would take minutes.
        digits = match[1].lstrip("0")[:24]
        return int(digits or "0") * dialect.alone[match[2]]
    if not dialect.chained or not 0 < len(text) <= LONGEST_TEXT:
        return None
    return _parse_chain(text, dialect.chained)


def _parse_chain(text: str, units: Mapping[str, int]) -> "Fraction | None":
    from fractions import Fraction  # seldom needed

    total, position = Fraction(0), 0
    while position < len(text):
        link = _LINK.match(text, position)
        if link is None or link[2] not in units:
            return None
        total += Fraction(link[1]) * units[link[2]]
        position = link.end()
    return total
