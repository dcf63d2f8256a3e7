"""Durations as integer counts of microseconds, and the clock times of the VMS settings.

A duration is above zero, read in every dialect and written as vcli does. The dialects and their parser are the shell's
too (``vshell.formats.durations``). Here stand the bounds and the messages: junk, zero, signs and overflow are refused,
nothing is clamped.
"""

import functools
import re

from server_stub.domain.base.errors import Invalid, quote
from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE, SECOND
from vshell.formats import durations
from vshell.formats.durations import LONGEST_TEXT, MICROSECOND, VCLI, Dialect

LONGEST_DURATION = 9999 * 365 * DAY
"""No duration is longer: from today on, nothing beyond it could end before the year 10000."""


_CLOCK = re.compile(r"(?:(?:([0-9]+) )?(?:([0-9]+):(?=[0-9]+:))?([0-9]+):)?([0-9]+)")


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
