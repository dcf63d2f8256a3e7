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
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from vshell.errors import Failed, Mistake, NotFound, visible
from vshell.language.parsed_line import LineError, Word
from vshell.language.preamble import preamble

if TYPE_CHECKING:
    from vshell.registry.tree import Registry

TABLE = "alias"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
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


def of_tables(tables: Mapping[str, Any], path: Path) -> dict[str, str]:
    """Return the aliases that the settings file holds. Raises Failed when they are not texts."""
    table = tables.get(TABLE, {})
    if not isinstance(table, dict) or not all(isinstance(meaning, str) for meaning in table.values()):
        raise Failed(f"In {path}, 'alias' is not a table of texts.", f'Write it as [{TABLE}] and NAME = "LINE".')
    return dict(table)


def require(name: str, meaning: str, registry: Registry) -> None:
    """Raise Mistake unless ``name`` can be an alias of ``meaning``, which begins a line of the language."""
    from vshell.formats.token_format import tokens_in
    from vshell.language.grammar import parse_literal

    if _NAME.fullmatch(name) is None:
        raise Mistake(f"'{visible(name)}' cannot name an alias.", "Use small letters, digits, - and _.")
    said = parse_literal(name, registry=registry)
    if name in registry.root.words or said.assigns is not None or any(word.role == "comment" for word in said.words):
        raise Mistake(f"'{name}' is a word of the shell's own.", "Choose another name.")
    if name in ("let", "watch"):
        raise Mistake(f"'{name}' is a word of the shell's own.", "Choose another name.")
    reading = parse_literal(meaning, registry=registry)
    if any(word.secret for word in reading.words) or any(tokens_in(meaning)):
        raise Mistake("An alias holds no secret: the settings file is not private.", "Leave it out.")
    another = expansion(meaning, registry)
    if another is not None:
        first = meaning[another.start : another.end]
        raise Mistake(
            f"'{first}' is an alias itself, and no alias begins with one.",
            f"Begin with what it stands for: {visible(another.meaning)}",
        )
    if reading.command is None or "\n" in meaning or reading.assigns is not None:
        raise Mistake(
            f"'{visible(meaning)}' does not begin with a command.", "For example: alias add mine 'apitoken list'"
        )


def keep(path: Path, name: str, meaning: str) -> None:
    """Write an alias into the settings file. Raises Failed when that cannot be changed."""
    from vshell.state import settings, toml_edit

    settings.change(path, lambda text: toml_edit.set_value(text, TABLE, name, meaning))


def forget(path: Path, name: str) -> None:
    """Take an alias out of the settings file. Raises NotFound when it is not there."""
    from vshell.state import settings, toml_edit

    if name not in of_tables(settings.read(path), path):
        raise NotFound(f"There is no alias '{visible(name)}'.", "See: alias list")
    settings.change(path, lambda text: toml_edit.remove_value(text, TABLE, name))
