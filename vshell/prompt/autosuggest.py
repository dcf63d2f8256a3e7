"""The grey hint behind the cursor: the rest of the word that is meant, or what may come next.

What is shown and is no value to be made up can be taken with the right arrow.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from vshell.kinds import Length
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.buffer_lines import Lines, line_at
from vshell.prompt.candidates import Offer, needed
from vshell.registry.parameter import Parameter
from vshell.registry.tree import Command


class Hint(NamedTuple):
    """What stands in grey behind the cursor, and the part of it that the right arrow types."""

    shown: str = ""
    typed: str = ""


NOTHING = Hint()


def hint(text: str, cursor: int, lines: Lines, offers: Callable[[ParsedLine], Sequence[Offer]]) -> Hint:
    """Return the hint at the end of what is typed; none in its middle, in a quote, and before anything is typed.

    ``offers`` gives what may come at a reading's cursor.
    """
    if cursor != len(text):
        return NOTHING
    span = line_at(text, cursor)
    line = text[span.start : span.end]
    reading = lines.read(line, len(line))
    if not line.strip() or reading.continues or any(word.role == "comment" for word in reading.words[-1:]):
        return NOTHING
    typed = line[reading.expected.start :]
    if not typed:
        return _next(reading)
    found = offers(reading)
    meant = next((offer for offer in found if offer.text.startswith(typed)), None)
    if meant is not None and meant.text != typed and not _is_length(reading):
        rest = meant.text[len(typed) :]
        return Hint(f"{rest} {meant.follows}".rstrip(), rest)
    if any(word.error for word in reading.words) or (found and meant is None):
        return NOTHING
    following = _next(lines.read(f"{line} ", len(line) + 1))
    return Hint(f" {following.shown}", f" {following.typed}") if following.shown else NOTHING


def _is_length(reading: ParsedLine) -> bool:
    """Tell whether a length of time is typed: of its unit any guess would be a bad one."""
    parameter = reading.expected.value_of
    return parameter is not None and isinstance(parameter.kind, Length)


def _next(reading: ParsedLine) -> Hint:
    """Return what may come where a new word begins."""
    expected, command = reading.expected, reading.command
    if any(word.error for word in reading.words):
        return NOTHING
    if expected.words and not command:
        return Hint("|".join(word for word, _ in expected.words))
    parameter = expected.value_of
    if parameter is not None:
        required = parameter.required or parameter.place == "option"
        metavar = parameter.kind.metavar
        return Hint(metavar if required else f"[{metavar}]")
    return _options(expected.parameters, command) if command else NOTHING


def _options(parameters: tuple[Parameter, ...], command: Command) -> Hint:
    """Return the options that are needed, one group of alternatives of which one is, or the first that is free."""
    first = next(iter(parameters), None)
    if first is None:
        return NOTHING
    required = [each for each in parameters if each.required]
    if required:
        return Hint(" ".join(map(needed, required)), f"{required[0].spellings[0]} ")
    group = next((group for group in command.one_of if first.name in group), ())
    if group:
        forms = (needed(each) for each in parameters if each.name in group)
        return Hint("{" + " | ".join(forms) + "}")
    return NOTHING if first.common else Hint(f"[{needed(first)}] ...", f"{first.spellings[0]} ")
