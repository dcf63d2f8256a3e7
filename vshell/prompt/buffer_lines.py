"""The lines in the editor: what is typed or pasted may be several, and each is read once.

A backslash at the end and an open quote continue a line; in a script only the backslash does, but here a
person sees that more is wanted.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from vshell.language.grammar import parse
from vshell.language.lexer import split
from vshell.language.parsed_line import ParsedLine
from vshell.registry.tree import Registry


class Span(NamedTuple):
    """One logical line in a text: ``text[start:end]``, without its line end."""

    start: int
    end: int


def logical_lines(text: str) -> Iterator[Span]:
    """Yield the lines of ``text``, continued ones as one; a text without any has one empty line."""
    start = 0
    for end in _line_ends(text):
        if end < start:
            continue
        words = split(text[start:end])
        if end < len(text) and (words.open_quote or words.backslash):
            continue
        yield Span(start, end)
        start = end + 1


def _line_ends(text: str) -> Iterator[int]:
    at = text.find("\n")
    while at >= 0:
        yield at
        at = text.find("\n", at + 1)
    yield len(text)


def line_at(text: str, cursor: int) -> Span:
    """Return the logical line that the offset ``cursor`` is in."""
    return next(span for span in logical_lines(text) if cursor <= span.end)


class Lines:
    """Reads lines with the commands and the variables of this run; a line that was just read is not read again."""

    def __init__(self, registry: Registry, variables: Callable[[], Mapping[str, object]]) -> None:
        self._registry = registry
        self._variables = variables
        self._cached = lru_cache(maxsize=256)(self._read)

    def read(self, line: str, cursor: int | None = None) -> ParsedLine:
        """Return what ``line`` means; ``cursor`` is the offset that ``Reading.expected`` is about."""
        return self._cached(line, cursor)

    def forget(self) -> None:
        """Read every line anew: a command may have changed the variables."""
        self._cached.cache_clear()

    def _read(self, line: str, cursor: int | None) -> ParsedLine:
        return parse(line, registry=self._registry, variables=self._variables(), cursor=cursor)
