"""The shell's language: ``parse`` is the only parser, total and pure.

    line     = [what a copied transcript begins with] ["let" NAME "=" | watch] command-word... argument... [tail]
    argument = --option VALUE | --option=VALUE | --switch | WORD | # comment
    watch    = "watch" INTERVAL [--count N]
    tail     = [\\G] ["|" FILTER [VALUE]]... [">" FILE | ">>" FILE | "|!" COMMAND]

Rules:

- Reading never raises. The first fault is told in ``Reading.mistake``, and reading goes on as far as it makes
  sense, so that colours, hints and completion work in unfinished and in wrong lines.
- A beginning of a command word or an option that fits no other stands for it.
- Only what was typed plainly is an option: neither a quoted word nor a variable's value becomes one.
- No sentence repeats a variable's value or a secret.
- ``--help`` or ``-h`` behind a command reads as ``help COMMAND``, whatever else is missing or wrong.

How a line falls into words is told in ``lexer``, how they are understood in ``parser``, what follows a command in
``pipeline``.
"""

from collections.abc import Mapping

from vshell.language import aliases
from vshell.language.expected import expected_at
from vshell.language.lexer import join, quoted
from vshell.language.parsed_line import SHOWN, Expected, LineError, ParsedLine, Word
from vshell.language.parser import Parser
from vshell.registry.tree import REGISTRY, Registry

__all__ = ["Expected", "LineError", "ParsedLine", "Word", "join", "parse", "parse_literal", "quoted"]


def parse(
    line: str,
    *,
    registry: Registry = REGISTRY,
    variables: Mapping[str, object] | None = None,
    cursor: int | None = None,
) -> ParsedLine:
    """Return what ``line`` means, finished or not; an alias at its beginning is what it stands for.

    ``variables`` are the values for ``$name``; ``cursor`` is the offset that ``Reading.expected`` is about,
    by default the end of the line.
    """
    found = aliases.expansion(line, registry)
    if found is None:
        return parse_literal(line, registry=registry, variables=variables, cursor=cursor)
    at = len(line) if cursor is None else cursor
    meant = parse_literal(found.text, registry=registry, variables=variables, cursor=found.ahead(at))

    def expected() -> Expected:
        if at <= found.end:  # The alias itself is being typed.
            return parse_literal(line, registry=registry, variables=variables, cursor=at).expected
        return meant.expected._replace(start=found.back(meant.expected.start, inside=at))

    return meant.moved(line, found.words(meant.words), found.fault(meant.mistake), expected)


def parse_literal(
    line: str,
    *,
    registry: Registry = REGISTRY,
    variables: Mapping[str, object] | None = None,
    cursor: int | None = None,
) -> ParsedLine:
    """Return what ``line`` means with no regard to aliases; see ``parse``."""
    reader = Parser(line, registry, variables or {})
    manual = registry.find("help") if reader.asks_help and reader.command else None
    explained = {"words": list(reader.command.words)} if reader.command else {}
    return ParsedLine(
        line,
        tuple(reader.words),
        command=manual or reader.command,
        values=explained if manual else reader.values,
        common={} if manual else reader.common,
        mistake=None if manual else reader.fault,
        assigns=reader.assigns,
        open_quote=reader.split.open_quote,
        continues=bool(reader.split.open_quote) or reader.split.backslash,
        expect=lambda: expected_at(reader, len(line) if cursor is None else cursor),
        tail=SHOWN if manual or reader.tail is None else reader.tail.tail,
        watch=reader.watch,
    )
