"""The moment that a typed length of time means, told before Enter: ``180D -> 2027-05-20 14:03 UTC``."""

from datetime import UTC, datetime, timedelta

from vshell.kinds import Length
from vshell.language.parsed_line import ParsedLine


def moment(reading: ParsedLine, cursor: int, now: datetime) -> str:
    """Return what the length of time at the cursor means, or the last one before it; "" without one.

    A length that is counted backwards (``--unused-for``) means a moment that has been.
    """
    for word in reversed(reading.words):
        kind = word.parameter.kind if word.parameter and word.role in ("value", "positional") else None
        if word.start <= cursor and word.error is None and isinstance(kind, Length) and kind.from_now:
            length = timedelta(seconds=kind.seconds(word.text))
            then = (now - length if kind.ago else now + length).astimezone(UTC)
            return f"{word.text} -> {then:%Y-%m-%d %H:%M} UTC"
    return ""
