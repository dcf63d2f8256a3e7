"""The line in the editor: parsed once, with what is wrong in it and which time it means.

Rules:

- What is typed or pasted may be several lines. A backslash at the end and an open quote continue a line; in a script
  only the backslash does, but here a person sees that more is wanted.
- The word at the cursor is wrong only when nothing that may stand there begins with it: ``18`` may become ``180D``.
  The toolbar says what is wrong, and the line shows it underlined. What is only missing is no fault.
- A length of time is shown as what it means before Enter: ``180D -> 2027-05-20 14:03 UTC``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from vshell.formats.text import tokens_in, visible, without_tokens
from vshell.kinds import Length
from vshell.language.grammar import parse
from vshell.language.lexer import split_line
from vshell.language.parsed_line import ParsedLine, Word
from vshell.registry.tree import Registry

TOKEN = "This is a token; it will be neither run nor kept."  # noqa: S105 (a sentence)


class Span(NamedTuple):
    """One logical line in a text: ``text[start:end]``, without its line end."""

    start: int
    end: int


def logical_lines(text: str) -> Iterator[Span]:
    """Yield the lines of ``text``, continued ones as one; a text without any has one empty line."""
    start = 0
    for end in (found.start() for found in re.finditer(r"\n|\Z", text)):
        words = split_line(text[start:end])
        if end < len(text) and (words.open_quote or words.backslash):
            continue
        yield Span(start, end)
        start = end + 1


def line_at(text: str, cursor: int) -> Span:
    """Return the logical line that the offset ``cursor`` is in."""
    return next(span for span in logical_lines(text) if cursor <= span.end)


class LineParser:
    """Reads lines with the commands and the variables of this run; a line that was just read is not read again."""

    def __init__(self, registry: Registry, variables: Callable[[], Mapping[str, object]]) -> None:
        self._registry = registry
        self._variables = variables
        self._cached = lru_cache(maxsize=256)(self._parse)

    def parse(self, line: str, cursor: int | None = None) -> ParsedLine:
        """Return what ``line`` means; ``cursor`` is the offset that ``ParsedLine.expected`` is about."""
        return self._cached(line, cursor)

    def parse_at(self, text: str, cursor: int) -> tuple[ParsedLine, int]:
        """Return the logical line of a text that the cursor is in, and the cursor's offset in it."""
        span = line_at(text, cursor)
        return self.parse(text[span.start : span.end], cursor - span.start), cursor - span.start

    def forget(self) -> None:
        """Read every line anew: a command may have changed the variables."""
        self._cached.cache_clear()

    def _parse(self, line: str, cursor: int | None) -> ParsedLine:
        return parse(line, registry=self._registry, variables=self._variables(), cursor=cursor)


def is_unfinished(text: str, lines: LineParser) -> bool:
    """Tell whether the last line of ``text`` is not finished: an open quote, or a backslash at the end."""
    *_, last = logical_lines(text)
    return lines.parse(text[last.start : last.end]).continues


def is_wrong(word: Word, parsed: ParsedLine, cursor: int, may_become_right: Callable[[ParsedLine], bool]) -> bool:
    """Tell whether a word is to be called wrong; ``cursor`` is the offset at which is typed, -1 for nowhere."""
    if not word.error and word.role != "unknown":
        return False
    if not word.start <= cursor <= word.end:
        return True
    return cursor == word.end and not parsed.open_quote and not may_become_right(parsed)


def find_error(parsed: ParsedLine, cursor: int, may_become_right: Callable[[ParsedLine], bool]) -> str:
    """Return why the line cannot run as it is typed so far, "" while it may; what is only missing is no fault."""
    if parsed.command is None and any(tokens_in(parsed.line)):
        return TOKEN
    wrong = (word.error for word in parsed.words if is_wrong(word, parsed, cursor, may_become_right))
    return visible(without_tokens(next(filter(None, wrong), "")))


def preview_time(parsed: ParsedLine, cursor: int, now: datetime) -> str:
    """Return what the length of time at the cursor means, or the last one before it; "" without one.

    A length that is counted backwards (``--unused-for``) means a time that has been.
    """
    for word in reversed(parsed.words):
        kind = word.parameter.kind if word.parameter and word.role in ("value", "positional") else None
        if word.start <= cursor and word.error is None and isinstance(kind, Length) and kind.from_now:
            length = timedelta(seconds=kind.seconds(word.text))
            then = (now - length if kind.ago else now + length).astimezone(UTC)
            return f"{word.text} -> {then:%Y-%m-%d %H:%M} UTC"
    return ""
