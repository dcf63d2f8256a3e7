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
from vshell.language.lexer import Lexeme, join, quoted
from vshell.language.parsed_line import SHOWN, Expected, LineError, ParsedLine, Word
from vshell.language.parser import Parser
from vshell.language.pipeline import PipelineParser
from vshell.language.watch_prefix import EXPLANATION, WORD
from vshell.registry.filters import FILTERS, SIGNS
from vshell.registry.parameter import Parameter
from vshell.registry.tree import REGISTRY, Command, Registry

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
        expect=lambda: _expected(reader, len(line) if cursor is None else cursor),
        tail=SHOWN if manual or reader.tail is None else reader.tail.tail,
        watch=reader.watch,
    )


def _expected(whole: Parser, cursor: int) -> Expected:
    """Return what may come at ``cursor``: what may come before the word there, and what of it is typed."""
    typed = whole.line[:cursor]
    pieces = Parser(typed, whole.registry, whole.variables).split.pieces
    last = pieces[-1] if pieces and pieces[-1].end == len(typed) else Lexeme("", len(typed), len(typed))
    behind_sign = last.sign in SIGNS
    if behind_sign:
        last = Lexeme("", len(typed), len(typed))
    before = Parser(typed[: last.start], whole.registry, whole.variables)
    if last.comment or not (behind_sign or _begins_word(typed, last.start)):
        return Expected(last.text, last.start)
    if before.tail is not None:
        return _expected_in_tail(before.tail, last)
    if before.waiting is not None:
        return Expected(last.text, last.start, value_of=before.waiting)
    plain = typed.startswith("-", last.start)
    if plain and last.equals:
        return _expected_after_equals(before, last)
    behind = {word.parameter.name for word in whole.words if word.start >= cursor and word.parameter}
    if before.positionals and before.positionals[0].place == "rest" and before.rest_begun:
        options = _options(before, behind)
        return Expected(last.text, last.start, parameters=options, value_of=before.positionals[0])
    return Expected(
        last.text,
        last.start,
        words=() if plain else _words(before),
        parameters=_options(before, behind),
        value_of=before.positionals[0] if before.positionals and not plain else None,
        signs=tuple(SIGNS.items()) if before.command and not before.fault else (),
    )


def _expected_in_tail(before: PipelineParser, last: Lexeme) -> Expected:
    """Return what may come behind a sign."""
    if before.wants_filter:
        return Expected(last.text, last.start, words=tuple((each.name, each.explanation) for each in FILTERS.values()))
    signs = () if before.needed or before.ended else tuple((sign, SIGNS[sign]) for sign in ("|", "|!", ">", ">>"))
    return Expected(last.text, last.start, value_of=before.waiting, signs=signs)


def _begins_word(typed: str, start: int) -> bool:
    """Tell whether a word may begin at ``start``: not right behind a program's name or a variable's."""
    return start == 0 or typed[start - 1].isspace() or typed[start - 1] == "="


def _expected_after_equals(before: Parser, last: Lexeme) -> Expected:
    """Return the value that is expected behind ``--option=``."""
    assert last.equals is not None
    in_line, in_text = last.equals
    spelling = before.spelling(last.text[:in_text])
    parameter = before.command.options[spelling][0] if before.command and spelling else None
    if parameter is not None and not parameter.kind.takes_value:
        parameter = None
    return Expected(last.text[in_text + 1 :], in_line + 1, value_of=parameter)


def _words(before: Parser) -> tuple[tuple[str, str], ...]:
    """Return the command words that may follow, with their explanations."""
    node = before.node
    if node is None or before.given:
        return ()
    words = [(word, node.explain(word)) for word in sorted(node.words)]
    if node is before.registry.root and before.assigns is None and before.watch is None:
        words.append(("let", "Keep the result of a command in a variable."))
        words.append((WORD, EXPLANATION))
        own = before.registry.expansions
        words += [(name, f"your alias of: {own[name]}") for name in sorted(own) if name not in node.words]
    return tuple(words)


def _options(before: Parser, behind: set[str]) -> tuple[Parameter, ...]:
    """Return the options that may still be written, those that are needed first."""
    command = before.command
    if command is None:
        return ()
    taken = behind | before.given.keys()
    excluded = {name for group in command.one_of if not taken.isdisjoint(group) for name in group}
    left = [
        parameter
        for parameter in command.parameters + command.common
        if parameter.place == "option"
        and (parameter.name not in taken | excluded or (parameter.repeatable and parameter.name not in excluded))
    ]
    return tuple(sorted(left, key=lambda parameter: not _needed(command, parameter)))


def _needed(command: Command, parameter: Parameter) -> bool:
    return parameter.required or any(parameter.name in group for group in command.one_of)
