"""Aliases: words of the user's own that stand for the beginning of a line.

They stand in the settings file, and are read where a line begins:

    [alias]
    mine = "apitoken list --owner bob"

Rules:

- An alias is the first word of a line; what follows it is added to what it stands for. It is not looked for in itself.
- No alias takes the place of a command, of ``let`` or of another word that the language has at the beginning.
- Nothing secret may be in one: the settings file is not private.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from vshell.language.parsed_line import LineError, Word
from vshell.language.preamble import preamble

if TYPE_CHECKING:
    from vshell.registry.tree import Registry

_FIRST = re.compile(r"\s*([a-z][a-z0-9_-]*)(?=\s|$)")


class Expansion(NamedTuple):
    """A line with an alias: ``line[start:end]`` is the alias, ``meaning`` what it stands for."""

    line: str
    start: int
    end: int
    meaning: str

    @property
    def text(self) -> str:
        """The line with the meaning in place of the alias."""
        return f"{self.line[: self.start]}{self.meaning}{self.line[self.end :]}"

    def ahead(self, offset: int) -> int:
        """Return where an offset behind the alias lies in ``text``."""
        return offset + len(self.meaning) - (self.end - self.start) if offset >= self.end else offset

    def back(self, offset: int, *, inside: int) -> int:
        """Return where an offset of ``text`` lies in the line, ``inside`` for one within the meaning."""
        behind = self.start + len(self.meaning)
        if self.start < offset < behind:
            return inside
        return offset if offset <= self.start else offset - behind + self.end

    def words(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """Return the words of ``text`` as those of the line: the alias is one, with its meaning in full."""
        behind = self.start + len(self.meaning)
        within = [word for word in words if word.start >= self.start and word.end <= behind]
        error = next((word.error for word in within if word.error), None)
        name = self.line[self.start : self.end]
        own = Word(name, self.start, self.end, "command", error=error, full=self.meaning)
        shifted = [
            word._replace(start=self.back(word.start, inside=self.start), end=self.back(word.end, inside=self.end))
            for word in words
            if word not in within
        ]
        return tuple(sorted([own, *shifted], key=lambda word: word.start))

    def fault(self, fault: LineError | None) -> LineError | None:
        """Return what is wrong, under its column in the line."""
        return None if fault is None else fault._replace(column=self.back(fault.column, inside=self.start))


def expansion(line: str, registry: Registry) -> Expansion | None:
    """Return the alias at the beginning of a line with what it stands for, None where there is none."""
    if not registry.expansions:
        return None
    match = _FIRST.match(line, preamble(line, registry.root.words).end)
    if match is None or match.group(1) in registry.root.words:
        return None
    meaning = registry.expansions.get(match.group(1))
    return None if meaning is None else Expansion(line, *match.span(1), meaning)
