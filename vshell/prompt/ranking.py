"""What is typed of a word against what it may become: best first, and among equals in the order given.

A beginning is best, then the same in other letters' case, then the beginning of a word inside (``date`` in
``--expiry-date``), then letters that occur in that order (``exd``). The dashes of an option do not count.
"""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")

BEGINNING, OTHER_CASE, INNER_WORD, IN_ORDER = range(4)

_WORD = re.compile(r"[^\W_]+")


def rank(typed: str, text: str) -> int | None:
    """Return how well ``text`` fits what is typed, 0 for best, None where it does not fit."""
    if text.startswith(typed):
        return BEGINNING
    wanted, there = typed.lower(), text.lower()
    if wanted.startswith("-"):
        wanted, there = wanted.lstrip("-"), there.lstrip("-")
    if not wanted:
        return None
    if there.startswith(wanted):
        return OTHER_CASE
    if begins_word(wanted, there):
        return INNER_WORD
    return IN_ORDER if len(wanted) > 1 and _in_order(wanted, there) else None


def begins_word(typed: str, text: str) -> bool:
    """Tell whether a word inside ``text`` begins with what is typed, whatever the letters' case."""
    wanted, there = typed.lower(), text.lower()
    if wanted not in there:
        return False
    return any(there.startswith(wanted, word.start()) for word in _WORD.finditer(there))


def best(typed: str, things: Iterable[Thing], fit: Callable[[Thing], int | None]) -> list[Thing]:
    """Return the things that fit, best first; all of them as they come where nothing is typed."""
    if not typed:
        return list(things)
    ranked = [(how, thing) for thing in things if (how := fit(thing)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    return [thing for _, thing in ranked]


def _in_order(wanted: str, text: str) -> bool:
    at = -1
    for letter in wanted:
        at = text.find(letter, at + 1)
        if at < 0:
            return False
    return True
