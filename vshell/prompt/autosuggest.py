"""The grey suggestion behind the cursor: the rest of the word that is meant, or what may come next.

What is shown and is no value to be made up can be taken with the right arrow.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from vshell.kinds import Length
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.candidates import CompletionItem, usage_form
from vshell.prompt.input_line import LineParser
from vshell.registry.tree import Command, Parameter


class Suggestion(NamedTuple):
    """What stands in grey behind the cursor, and the part of it that the right arrow types."""

    shown: str = ""
    typed: str = ""


NOTHING = Suggestion()


def suggest(
    text: str, cursor: int, lines: LineParser, complete: Callable[[ParsedLine], Sequence[CompletionItem]]
) -> Suggestion:
    """Return the suggestion at the end of what is typed; none in its middle, in a quote, and before anything is typed.

    ``complete`` gives what may come at a line's cursor.
    """
    if cursor != len(text):
        return NOTHING
    parsed, _ = lines.parse_at(text, cursor)
    line = parsed.line
    if not line.strip() or parsed.continues or any(word.role == "comment" for word in parsed.words[-1:]):
        return NOTHING
    typed = line[parsed.expected.start :]
    if not typed:
        return _suggest_next(parsed)
    found = complete(parsed)
    meant = next((offer for offer in found if offer.text.startswith(typed)), None)
    if meant is not None and meant.text != typed and not _is_length(parsed):
        rest = meant.text[len(typed) :]
        return Suggestion(f"{rest} {meant.follows}".rstrip(), rest)
    if any(word.error for word in parsed.words) or (found and meant is None):
        return NOTHING
    following = _suggest_next(lines.parse(f"{line} ", len(line) + 1))
    return Suggestion(f" {following.shown}", f" {following.typed}") if following.shown else NOTHING


def _is_length(parsed: ParsedLine) -> bool:
    """Tell whether a length of time is typed: of its unit any guess would be a bad one."""
    parameter = parsed.expected.value_of
    return parameter is not None and isinstance(parameter.kind, Length)


def _suggest_next(parsed: ParsedLine) -> Suggestion:
    """Return what may come where a new word begins."""
    expected, command = parsed.expected, parsed.command
    if any(word.error for word in parsed.words):
        return NOTHING
    if expected.words and not command:
        return Suggestion("|".join(word for word, _ in expected.words))
    parameter = expected.value_of
    if parameter is not None:
        required = parameter.required or parameter.place == "option"
        metavar = parameter.kind.metavar
        return Suggestion(metavar if required else f"[{metavar}]")
    return _suggest_options(expected.parameters, command) if command else NOTHING


def _suggest_options(parameters: tuple[Parameter, ...], command: Command) -> Suggestion:
    """Return the options that are needed, one group of alternatives of which one is, or the first that is free."""
    first = next(iter(parameters), None)
    if first is None:
        return NOTHING
    required = [each for each in parameters if each.required]
    if required:
        return Suggestion(" ".join(map(usage_form, required)), f"{required[0].spellings[0]} ")
    group = next((group for group in command.one_of if first.name in group), ())
    if group:
        forms = (usage_form(each) for each in parameters if each.name in group)
        return Suggestion("{" + " | ".join(forms) + "}")
    return NOTHING if first.common else Suggestion(f"[{usage_form(first)}] ...", f"{first.spellings[0]} ")
