"""The toolbar, and the prompt itself: who, where, until when, and how the last line ended.

While a line is typed, the first thing shown is why the line is wrong, or which time a length of time means. What
does not fit the width is left out, the least important first; nothing is ever shown raw.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from prompt_toolkit.formatted_text import StyleAndTextTuples

from vshell.completion.live_names import LiveNames
from vshell.formats.text import visible
from vshell.prompt.style import NAMELESS
from vshell.terminal.widths import beginning, width

SOON = timedelta(hours=1)
"""A credential that lives no longer is shown in yellow, from then on."""

PRESSING = timedelta(minutes=5)
"""A credential that lives no longer is shown in red."""

_PLAIN, _WARNING, _TROUBLE = "class:toolbar", "class:toolbar.warning", "class:toolbar.trouble"


@dataclass
class Status:
    """How it stands between two lines.

    ``exit_code`` is that of the last line and ``seconds`` how long it took, None before the first. ``credential`` says
    where the credential comes from, or what is wrong with the keyring (``keyring_trouble``). ``news`` is what a
    key can do now, such as copying a new token.
    """

    exit_code: int | None = None
    seconds: float | None = None
    credential: str = ""
    keyring_trouble: bool = False
    news: str = ""


class TypedLine(NamedTuple):
    """What is said of the line being typed: why it is wrong, and which time it means."""

    error: str = ""
    time: str = ""


class _Part(NamedTuple):
    """One part of the toolbar; the one with the highest ``rank`` goes first, for its ``shorter`` form if it has one."""

    rank: int
    style: str
    text: str
    shorter: str = ""


def toolbar(names: LiveNames, status: Status, typed: TypedLine, columns: int, now: datetime) -> StyleAndTextTuples:
    """Return the toolbar within so many columns."""
    parts = [part for part in _parts(names, status, typed, now) if part.text]
    while len(parts) > 1 and _width(parts) > columns:
        number = max(range(len(parts)), key=lambda each: parts[each].rank)
        part = parts.pop(number)
        if part.shorter:
            # What is left of it is worth more than it was.
            parts.insert(number, _Part(part.rank - 5, part.style, part.shorter))
    joined: StyleAndTextTuples = []
    for part in parts:
        joined.append((_PLAIN, " | " if joined else " "))
        joined.append((part.style, _shorten(part.text, columns - 2)))
    return [*joined, (_PLAIN, " ")]


def _parts(names: LiveNames, status: Status, typed: TypedLine, now: datetime) -> list[_Part]:
    code, failed = status.exit_code, names.state.kind == "failed"
    trouble = f"names: {names.state.sentence}" if failed else ""
    where = urlsplit(names.url).netloc or names.url
    place = f"{names.who} at {where}" if names.who and where else where or "no server yet"
    return [
        _Part(0, _TROUBLE, visible(typed.error)),
        _Part(1, _PLAIN, visible(status.news)),
        _Part(3, _PLAIN, visible(typed.time)),
        _Part(9, _PLAIN, visible(place), visible(names.who)),
        _lifetime_part(names, now),
        _Part(9, _WARNING, status.credential, "no keyring")
        if status.keyring_trouble
        else _Part(10, _PLAIN, status.credential),
        _Part(5 if code else 11, _TROUBLE if code else _PLAIN, "" if code is None else f"exit {code}"),
        _Part(12, _PLAIN, "" if code is None or status.seconds is None else length(status.seconds)),
        _Part(2, _TROUBLE, visible(trouble)),
        _Part(13, _PLAIN, "names: loading" if names.state.kind == "loading" else ""),
    ]


def _lifetime_part(names: LiveNames, now: datetime) -> _Part:
    """Return how long the credential lives: of a sign-in, which renews itself, as long as it can."""
    row = next(iter(names.rows("login")), {})
    text = str(row.get("renewable_until") or row.get("expires_at") or "")
    try:
        left = datetime.fromisoformat(text) - now
    except (ValueError, TypeError):
        return _Part(8, _PLAIN, "")
    if left <= timedelta():
        return _Part(4, _TROUBLE, "ended: sign in with login", "ended")
    ends = f"ends in {length(left.total_seconds())}"
    if left <= SOON:
        return _Part(4, _TROUBLE if left <= PRESSING else _WARNING, ends)
    return _Part(8, _PLAIN, ends)


def length(seconds: float) -> str:
    """Return a length of time for a small place: "12 ms", "3.4 s", "59 min", "5 h", "30 d"."""
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= (2 * size if unit == "d" else size):
            return f"{int(seconds // size)} {unit}"
    raise AssertionError("a minute is the least that is left")


def _width(parts: list[_Part]) -> int:
    return 2 + sum(width(part.text) for part in parts) + 3 * (len(parts) - 1)


def _shorten(text: str, room: int) -> str:
    return text if width(text) <= room else beginning(text, room - 3) + "..."


def message(names: LiveNames, *, short: bool = False) -> StyleAndTextTuples:
    """Return the prompt, ``vshell: admin> ``; without a name until it is known, ``> `` where it is to be short."""
    if short:
        return [("class:prompt", "> ")]
    who = names.who
    if not who:
        return NAMELESS
    return [("class:prompt", "vshell: "), ("class:prompt.who", visible(who)), ("class:prompt", "> ")]


def title(names: LiveNames) -> str:
    """Return the terminal's title: who and where, and nothing of what is typed."""
    where = urlsplit(names.url).netloc or names.url
    return visible(" ".join(filter(None, ["vshell:", names.who, f"at {where}" if where else ""])))
