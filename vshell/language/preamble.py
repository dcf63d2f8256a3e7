"""What may stand before a command: what a copied line begins with, ``let NAME =``, and ``watch INTERVAL``."""

import re
from collections.abc import Container, Mapping
from typing import NamedTuple

from vshell.language import messages
from vshell.language.parsed_line import LineError, Role, Watch, Word
from vshell.language.variables import NAME, WordError
from vshell.language.watch_prefix import WatchPrefix, begins
from vshell.registry.parameter import Parameter

_PROMPT = re.compile(r"\s*((?:vcli|vshell):\s+\S+>|\$)(?=\s|$)")
_PROGRAM = re.compile(r"\s*(vcli|vigocli|catalyst|\./cells-enterprise|vault|vshell)(?=\s|$)")
_LET = re.compile(r"\s*(let)(?=\s|$)\s*([^\s=]*)\s*(=?)")


class Preamble(NamedTuple):
    """The words before the command and where they ``end``.

    ``assigns`` is the variable of a ``let``, ``watch`` what a ``watch`` wants, ``fault`` what is wrong with it;
    ``broken`` tells that no command can follow, ``waiting`` what must come first.
    """

    words: list[Word]
    end: int
    assigns: str | None = None
    fault: LineError | None = None
    broken: bool = False
    watch: Watch | None = None
    waiting: Parameter | None = None


def preamble(line: str, commands: Mapping[str, Container[str]]) -> Preamble:
    """Return what stands before the command.

    ``commands`` are the command words, each with those that may follow it. A program's name that is one of them is
    not skipped, unless what follows is another command: ``vault auth`` is one, ``vault apitoken list`` is not.
    """
    words = []
    end = 0
    for pattern in (_PROMPT, _PROGRAM):
        match = pattern.match(line, end)
        if match and not _is_command(match.group(1), line[match.end() :].split(None, 1)[:1], commands):
            words.append(Word(match.group(1), *match.span(1), "comment"))
            end = match.end()
    if begins(line, end):
        again = WatchPrefix(line, end)
        broken = again.watch is None
        words += again.words
        return Preamble(words, again.end, None, again.fault, broken, again.watch, again.waiting)
    match = _LET.match(line, end)
    return _let(match, words) if match else Preamble(words, end)


def _is_command(word: str, following: list[str], commands: Mapping[str, Container[str]]) -> bool:
    return word in commands and (not following or following[0] in commands[word] or following[0] not in commands)


def _let(match: re.Match[str], words: list[Word]) -> Preamble:
    """Return the preamble with a ``let``, finished or not."""
    name, equals = match.group(2), match.group(3)
    is_name = NAME.fullmatch(name) is not None
    fault = None
    if not name:
        fault = _fault(messages.LET_WITHOUT_NAME, match.end(1))
    elif not is_name:
        fault = _fault(messages.no_variable_name(name), match.start(2))
    elif not equals:
        fault = _fault(messages.LET_WITHOUT_EQUALS, match.end())
    parts: list[tuple[int, Role]] = [(1, "command"), (2, "positional"), (3, "command")]
    for part, role in parts:
        if match.group(part):
            error = fault.sentence if fault and fault.column == match.start(part) else None
            words.append(Word(match.group(part), *match.span(part), role, error=error))
    return Preamble(words, match.end(), name if is_name else None, fault, broken=not equals)


def _fault(problem: WordError, column: int) -> LineError:
    return LineError(problem.sentence, problem.hint, column)
