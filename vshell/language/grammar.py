"""The shell's language: ``parse`` is the only parser, total and pure.

    line     = [what a copied transcript begins with] ["let" NAME "=" | watch] command-word... argument... [tail]
    argument = --option VALUE | --option=VALUE | --switch | WORD | # comment
    watch    = "watch" INTERVAL [--count N]
    tail     = [\\G] ["|" FILTER [VALUE]]... [">" FILE | ">>" FILE | "|!" COMMAND]

Rules:

- Parsing never raises. The first error stands in ``ParsedLine.mistake``, and parsing goes on as far as it makes
  sense, so that colours, hints and completion work in unfinished and in wrong lines.
- A beginning of a command word or an option that fits no other stands for it.
- Only what was typed plainly is an option: neither a quoted word nor a variable's value becomes one.
- No sentence repeats a variable's value or a secret.
- ``--help`` or ``-h`` behind a command reads as ``help COMMAND``, whatever else is missing or wrong.
- An alias is the first word of a line; what follows it is added to what it stands for. It is not looked up in itself,
  and takes the place of no command and of no word that the language has at the beginning.

How a line falls into words stands in ``lexer``, how they are understood in ``parser``, what follows a command in
``pipeline``.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from vshell.language.expected import expected_at
from vshell.language.parsed_line import SHOWN, Expected, ParsedLine, Word
from vshell.language.parser import Parser, read_preamble
from vshell.registry.tree import REGISTRY, Registry

_ALIAS = re.compile(r"[a-z][a-z0-9_-]*")


def parse(
    line: str,
    *,
    registry: Registry = REGISTRY,
    variables: Mapping[str, object] | None = None,
    cursor: int | None = None,
) -> ParsedLine:
    """Return what ``line`` means, finished or not; an alias at its beginning is what it stands for.

    ``variables`` are the values for ``$name``; ``cursor`` is the offset that ``ParsedLine.expected`` is about,
    by default the end of the line.
    """
    alias = find_alias(line, registry) if registry.expansions else None
    if alias is None:
        return parse_literal(line, registry, variables, cursor)
    at = len(line) if cursor is None else cursor
    meant = parse_literal(alias.text, registry, variables, alias.offset_in_text(at))

    def expect() -> Expected:
        if at <= alias.end:  # The alias itself is being typed.
            return parse_literal(line, registry, variables, at).expected
        return meant.expected._replace(start=alias.offset_in_line(meant.expected.start, inside=at))

    mistake = meant.mistake
    if mistake is not None:
        mistake = mistake._replace(column=alias.offset_in_line(mistake.column, inside=alias.start))
    return meant._replace(line=line, words=alias.words_of_line(meant.words), mistake=mistake, expect=expect)


def parse_literal(
    line: str, registry: Registry, variables: Mapping[str, object] | None = None, cursor: int | None = None
) -> ParsedLine:
    """Return what ``line`` means with no regard to aliases; see ``parse``."""
    parser = Parser(line, registry, variables or {})
    command, values, common, mistake = parser.command, parser.values, parser.common, parser.error
    tail = parser.tail.tail if parser.tail else SHOWN
    manual = registry.find("help") if parser.is_help else None
    if manual and command:
        values, common, mistake, tail = {"words": list(command.words)}, {}, None, SHOWN
        command = manual
    return ParsedLine(
        line,
        tuple(parser.words),
        command,
        values,
        common,
        mistake,
        parser.assigns,
        open_quote=parser.split.open_quote,
        continues=bool(parser.split.open_quote) or parser.split.backslash,
        expect=lambda: expected_at(parser, len(line) if cursor is None else cursor),
        tail=tail,
        watch=parser.watch,
    )


class Alias(NamedTuple):
    """A line with an alias: ``line[start:end]`` is the alias, ``meaning`` what it stands for."""

    line: str
    start: int
    end: int
    meaning: str

    @property
    def text(self) -> str:
        """The line with the meaning in place of the alias."""
        return f"{self.line[: self.start]}{self.meaning}{self.line[self.end :]}"

    def offset_in_text(self, offset: int) -> int:
        """Return where an offset behind the alias lies in ``text``."""
        return offset + len(self.meaning) - (self.end - self.start) if offset >= self.end else offset

    def offset_in_line(self, offset: int, *, inside: int) -> int:
        """Return where an offset of ``text`` lies in the line, ``inside`` for one within the meaning."""
        behind = self.start + len(self.meaning)
        if self.start < offset < behind:
            return inside
        return offset if offset <= self.start else offset - behind + self.end

    def words_of_line(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """Return the words of ``text`` as those of the line: the alias is one, with its meaning in full."""
        behind = self.start + len(self.meaning)
        within = [word for word in words if word.start >= self.start and word.end <= behind]
        error = next((word.error for word in within if word.error), None)
        name = self.line[self.start : self.end]
        own = Word(name, self.start, self.end, "command", error=error, full=self.meaning)
        start, end = self.start, self.end
        shifted = [
            word._replace(
                start=self.offset_in_line(word.start, inside=start), end=self.offset_in_line(word.end, inside=end)
            )
            for word in words
            if word not in within
        ]
        return tuple(sorted([own, *shifted], key=lambda word: word.start))


def find_alias(line: str, registry: Registry) -> Alias | None:
    """Return the alias at the beginning of a line with what it stands for, None where there is none."""
    lexemes = read_preamble(line, registry.root.words).rest.lexemes
    name = line[lexemes[0].start : lexemes[0].end] if lexemes else ""
    meaning = registry.expansions.get(name)
    if meaning is None or name in registry.root.words or not _ALIAS.fullmatch(name):
        return None
    return Alias(line, lexemes[0].start, lexemes[0].end, meaning)
