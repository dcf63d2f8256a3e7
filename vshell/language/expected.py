"""What may come at the cursor: command words, options, values and signs."""

from __future__ import annotations

from itertools import chain

from vshell.language.lexer import Lexeme
from vshell.language.parsed_line import Expected
from vshell.language.parser import WATCH, WATCH_EXPLANATION, Parser
from vshell.language.pipeline import PipelineParser
from vshell.registry.filters import FILTERS, SIGNS
from vshell.registry.tree import Parameter


def expected_at(whole: Parser, cursor: int) -> Expected:
    """Return what may come at ``cursor``: what may come before the word there, and what of it is typed."""
    typed = whole.line[:cursor]
    lexemes = Parser(typed, whole.registry, whole.variables).split.lexemes
    last = lexemes[-1] if lexemes and lexemes[-1].end == len(typed) else Lexeme("", len(typed), len(typed))
    behind_sign = last.sign in SIGNS
    if behind_sign:
        last = Lexeme("", len(typed), len(typed))
    before = Parser(typed[: last.start], whole.registry, whole.variables)
    if last.comment or not (behind_sign or _begins_word(typed, last.start)):
        return Expected(last.text, last.start)
    if before.tail is not None:
        return _expected_in_pipeline(before.tail, last)
    if before.waiting is not None:
        return Expected(last.text, last.start, value_of=before.waiting)
    plain = typed.startswith("-", last.start)
    if plain and last.equals:
        return _expected_after_equals(before, last)
    behind = {word.parameter.name for word in whole.words if word.start >= cursor and word.parameter}
    if before.positionals and before.positionals[0].place == "rest" and before.rest_begun:
        options = _list_options(before, behind)
        return Expected(last.text, last.start, parameters=options, value_of=before.positionals[0])
    return Expected(
        last.text,
        last.start,
        words=() if plain else _list_words(before),
        parameters=_list_options(before, behind),
        value_of=before.positionals[0] if before.positionals and not plain else None,
        signs=tuple(SIGNS.items()) if before.command and not before.error else (),
    )


def _expected_in_pipeline(before: PipelineParser, last: Lexeme) -> Expected:
    """Return what may come behind a sign."""
    if before.is_filter_due:
        return Expected(last.text, last.start, words=tuple((each.name, each.explanation) for each in FILTERS.values()))
    signs = () if before.missing or before.ended else tuple((sign, SIGNS[sign]) for sign in ("|", "|!", ">", ">>"))
    return Expected(last.text, last.start, value_of=before.waiting, signs=signs)


def _begins_word(typed: str, start: int) -> bool:
    """Tell whether a word may begin at ``start``: not right behind a program's name or a variable's."""
    return start == 0 or typed[start - 1].isspace() or typed[start - 1] == "="


def _expected_after_equals(before: Parser, last: Lexeme) -> Expected:
    """Return the value that is expected behind ``--option=``."""
    spelling = before.find_spelling(last.name)
    parameter = before.command.options[spelling][0] if before.command and spelling else None
    if parameter is not None and not parameter.kind.takes_value:
        parameter = None
    return Expected(last.value.text, last.value.start, value_of=parameter)


def _list_words(before: Parser) -> tuple[tuple[str, str], ...]:
    """Return the command words that may follow, with their explanations."""
    node = before.node
    if node is None or before.given:
        return ()
    words = [(word, node.explain(word)) for word in sorted(node.words)]
    if node is before.registry.root and before.assigns is None and before.watch is None:
        words.append(("let", "Keep the result of a command in a variable."))
        words.append((WATCH, WATCH_EXPLANATION))
        own = before.registry.expansions
        words += [(name, f"your alias of: {own[name]}") for name in sorted(own) if name not in node.words]
    return tuple(words)


def _list_options(before: Parser, behind: set[str]) -> tuple[Parameter, ...]:
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
    needed = {parameter.name for parameter in left if parameter.required} | set(chain(*command.one_of))
    return tuple(sorted(left, key=lambda parameter: parameter.name not in needed))
