"""Lengths of time as vcli writes them: a whole number and one unit, where the case of M and m matters.

Source: VAST "apitoken create", EXPIRATION_TIME. The server is the authority and translates; the shell checks
the syntax before anything is sent and can say what a period means.
"""

import re
from collections.abc import Iterable, Mapping

from vshell.formats.durations import DAY, GO, SECOND, VCLI, Dialect, parse
from vshell.formats.text import quote
from vshell.kinds.plain import Candidate, Kind, Names

LONGEST_SECONDS = 100 * 365 * 86_400
"""A hundred years: a longer period is a typing slip and would overflow a calendar."""

_LONGEST = LONGEST_SECONDS * SECOND
_NAMES = {"Y": "year", "M": "month", "w": "week", "d": "day", "h": "hour", "m": "minute", "s": "second"}


class Length(Kind):
    """A length of time in any spelling, which means a time when it is counted from now; ``ago``: backwards.

    ``from_now`` tells that it is counted so; the time between two things that happen is not.
    """

    metavar = "DURATION"
    style = "duration"
    from_now = True

    def __init__(self, metavar: str | None = None, *, ago: bool = False) -> None:
        super().__init__(metavar)
        self.ago = ago

    def seconds(self, text: str) -> int:
        """Return the length of ``text`` in seconds; raises ValueError as ``parse`` does."""
        raise NotImplementedError


class Duration(Length):
    """A period such as 180D; the value stays the typed text, because the server translates it."""

    metavar = "EXPIRATION_TIME"
    explanation = "a whole number and a unit: Y (365 days), M (30 days), w, d, h, m (minutes), s; as in 180D"

    def parse(self, text: str) -> str:
        """Return ``text`` unchanged; raises ValueError when it is not a period of 1 second to 100 years."""
        self.seconds(text)
        return text

    def seconds(self, text: str) -> int:
        """Return the length of ``text`` in seconds; raises ValueError as ``parse`` does."""
        length = parse(text, VCLI)
        if length is None:
            raise ValueError(_what_is_wrong(text))
        if not length:
            raise ValueError(f"{quote(text)} is no time at all; give at least 1, such as 1{text[-1]}.")
        if length > _LONGEST:
            raise ValueError(f"{quote(text)} is longer than 100 years; give a shorter period, such as 1Y.")
        return int(length // SECOND)

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer usual periods, or the units after a typed number."""
        if not prefix:
            return [Candidate(text, self.show(text)) for text in ("1D", "7D", "30D", "180D", "1Y")]
        if not (prefix.isascii() and prefix.isdigit() and len(prefix) <= 12):
            return []
        return [
            Candidate(prefix + unit, self.show(prefix + unit))
            for unit in ("s", "m", "h", "D", "w", "M", "Y")
            if 0 < int(prefix) * VCLI.alone[unit] <= _LONGEST
        ]

    def show(self, value: object) -> str:
        """Return what a period means: "6 months = 180 days", "30 minutes"; other text unchanged."""
        text = str(value)
        try:
            seconds = self.seconds(text)
        except ValueError:
            return text
        unit = text[-1]
        shown = _count_units(seconds * SECOND // VCLI.alone[unit], _NAMES.get(unit) or _NAMES[unit.lower()])
        if unit in "YMwW":
            shown += f" = {_count_units(seconds // 86_400, 'day')}"
        return shown


def _count_units(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _what_is_wrong(text: str) -> str:
    """Say why ``text`` is not a number and a unit."""
    if not text:
        return "A period is missing; give a whole number and a unit, such as 180D."
    if text[0] in "-+":
        return f"{quote(text)} has a sign; a period counts forward, such as 180D."
    if re.fullmatch(r"[0-9]+", text, re.ASCII):
        return f"{quote(text)} has no unit; add Y, M, w, d, h, m (minutes) or s: {quote(text[:9] + 'D')}."
    if re.fullmatch(r"[0-9]*[.,][0-9]*[A-Za-z]", text, re.ASCII):
        return f"{quote(text)} is not a whole number; use a smaller unit, such as 36h for a day and a half."
    if re.fullmatch(r"[0-9]+y", text, re.ASCII):
        return f"{quote(text)} has an unknown unit; years have a capital Y: {quote(text[:-1] + 'Y')}."
    if re.fullmatch(r"[0-9]+[A-Za-z]", text, re.ASCII):
        return f"{quote(text)} has an unknown unit; the units are Y, M, w, d, h, m (minutes) and s, as in 180D."
    return f"{quote(text)} is not a period; give a whole number and one unit, such as 180D."


class Clock(Length):
    """A length of time as a clock shows it, ``[DD [HH:[MM:]]]ss``, or an integer with d, h, m or s.

    Source: VAST "VMS Security Settings", --access-token-lifetime 02:00:00. The value stays the typed text.
    """

    explanation = "a length of time, [DD [HH:[MM:]]]ss or a number with d, h, m or s, such as 02:00:00"

    _clock = re.compile(r"(?:[0-9]{1,5} )?(?:[0-9]{1,3}:)?(?:[0-9]{1,3}:)?[0-9]{1,9}", re.ASCII)
    _counted = re.compile(r"[0-9]{1,9}[dhms]", re.ASCII)

    def parse(self, text: str) -> str:
        """Return ``text`` unchanged; raises ValueError when it is no clock time or is no time at all."""
        if not (self._clock.fullmatch(text) or self._counted.fullmatch(text)):
            raise ValueError(f"{quote(text)} is not a length of time; write 02:00:00, '1 12:00:00' or 90m.")
        if not text.strip("0: dhms"):
            raise ValueError(f"{quote(text)} is no time at all; give at least one second.")
        return text

    def seconds(self, text: str) -> int:
        """Return the length of ``text`` in seconds; raises ValueError as ``parse`` does."""
        self.parse(text)
        if self._counted.fullmatch(text):
            return int(text[:-1]) * VCLI.alone[text[-1]] // SECOND
        days, _, clock = text.rpartition(" ")
        total = 0
        for part in clock.split(":"):
            total = total * 60 + int(part)
        return int(days or 0) * 86_400 + total


class GoDuration(Length):
    """A length of time as Go writes it, 24h or 1h30m, and whole days; the value is seconds in vcli's form, 86400s.

    Source: Pydio Cells, "admin user token"; HashiCorp Vault, whose bare numbers are seconds (``bare``).
    """

    explanation = "a length of time, such as 24h, 10m, 1h30m or 7d"

    _cut = re.compile(r"\.(?![0-9])|(?<![0-9])\.")  # a point that does not stand between digits

    def __init__(self, metavar: str | None = None, *, bare: bool = False) -> None:
        super().__init__(metavar)
        self._dialect = Dialect(
            {"d": DAY, "": SECOND} if bare else {"d": DAY}, {unit: GO.chained[unit] for unit in "hms"}, ""
        )

    def parse(self, text: str) -> str:
        """Return the seconds, as in 86400s; raises ValueError when it is not 1 second to 100 years in whole seconds."""
        length = None if len(text) > 32 or self._cut.search(text) else parse(text, self._dialect)
        if length is None:
            raise ValueError(f"{quote(text)} is not a length of time; write it as 24h, 10m, 1h30m or 7d.")
        if length < SECOND or length % SECOND:
            raise ValueError(f"{quote(text)} is not a number of whole seconds; give at least 1s.")
        if length > _LONGEST:
            raise ValueError(f"{quote(text)} is longer than 100 years; give a shorter time, such as 365d.")
        return f"{int(length // SECOND)}s"

    def seconds(self, text: str) -> int:
        """Return the length of ``text`` in seconds; raises ValueError as ``parse`` does."""
        return int(self.parse(text)[:-1])

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer usual lengths."""
        return [] if prefix else [Candidate(text) for text in ("10m", "1h", "24h", "7d")]
