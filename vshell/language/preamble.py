"""What stands before a command: a copied prompt, ``let NAME =``, and ``watch INTERVAL``.

    preamble = [PROMPT] [PROGRAM] ["let" NAME "=" | watch]
    watch    = "watch" [--count N] INTERVAL [--count N]

It is read before the command, so that the command behind it is completed, coloured and checked as anywhere. How a
``watch`` runs stands in ``vshell.run.watch``.
"""

import re
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from vshell.kinds import Candidate, Duration, Integer, Names
from vshell.language import messages
from vshell.language.lexer import Lexeme, Split, split_line
from vshell.language.parsed_line import LineError, Watch, Word, WordList
from vshell.language.variables import NAME
from vshell.registry.tree import Parameter

WATCH = "watch"
WATCH_EXPLANATION = "Run a command again and again, and mark what changes."


class Interval(Duration):
    """A period between two runs, of whole seconds, minutes or hours; digits alone are seconds."""

    metavar = "INTERVAL"
    explanation = "a whole number of seconds, or with a unit: 5s, 2m, 1h"
    from_now = False

    def seconds(self, text: str) -> int:
        """Return the period in seconds; raises ValueError when it is none."""
        return super().seconds(f"{text}s" if text.isascii() and text.isdigit() else text)

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer usual intervals."""
        offers = (Candidate("2s"), Candidate("5s"), Candidate("30s"), Candidate("1m"))
        return [offer for offer in offers if offer.text.startswith(prefix)]


INTERVAL = Parameter("interval", "interval", Interval(), "Says how long to wait between two runs.", True, "positional")
COUNT = Parameter(
    "count",
    "count",
    Integer(1, 1_000_000),
    "Says how often to run; until Ctrl-C if not given.",
    False,
    spellings=("--count",),
)

_PROMPT = re.compile(r"\s*((?:vcli|vshell):\s+\S+>|\$)(?=\s|$)")
_PROGRAM = re.compile(r"\s*(vcli|vigocli|catalyst|\./cells-enterprise|vault|vshell)(?=\s|$)")
_LET = re.compile(r"\s*(let)(?=\s|$)\s*([^\s=]*)\s*(=?)")
_WATCH = re.compile(rf"\s*({WATCH})(?=\s|\Z)")


class Preamble(NamedTuple):
    """The words before the command, and the ``rest`` of the line.

    ``assigns`` is the variable of a ``let``, ``watch`` how a ``watch`` repeats, ``error`` what is wrong with it;
    ``broken`` tells that no command can follow, ``waiting`` what must come first.
    """

    words: list[Word]
    error: LineError | None
    rest: Split
    assigns: str | None = None
    broken: bool = False
    watch: Watch | None = None
    waiting: Parameter | None = None


def read_preamble(
    line: str, commands: Mapping[str, Container[str]], variables: Mapping[str, object] | None = None
) -> Preamble:
    """Return what stands before the command.

    ``commands`` are the command words, each with those that may follow it. A program's name that is one of them is
    not skipped, unless what follows is another command: ``vault auth`` is one, ``vault apitoken list`` is not.
    """
    words = WordList(line)
    end = 0
    for pattern in (_PROMPT, _PROGRAM):
        match = pattern.match(line, end)
        if match and not _is_command(match.group(1), line[match.end() :].split(None, 1)[:1], commands):
            words.add(_lexeme(match, 1), "comment")
            end = match.end()
    if match := _WATCH.match(line, end):
        words.add(_lexeme(match, 1), "command")
        return _read_watch(words, split_line(line, variables, match.end()))
    assigns, broken = None, False
    if match := _LET.match(line, end):
        assigns, broken, end = _read_let(words, match), not match.group(3), match.end()
    return Preamble(words.words, words.error, split_line(line, variables, end), assigns, broken)


def _is_command(word: str, following: list[str], commands: Mapping[str, Container[str]]) -> bool:
    return word in commands and (not following or following[0] in commands[word] or following[0] not in commands)


def _lexeme(match: re.Match[str], group: int) -> Lexeme:
    return Lexeme(match.group(group), *match.span(group))


def _read_let(words: WordList, match: re.Match[str]) -> str | None:
    """Add the words of a ``let``, finished or not, and return the name of its variable."""
    name, equals = match.group(2), match.group(3)
    is_name = NAME.fullmatch(name) is not None
    words.add(_lexeme(match, 1), "command")
    if name:
        words.add(_lexeme(match, 2), "positional", error=None if is_name else messages.no_variable_name(name))
    else:
        words.fail(messages.LET_WITHOUT_NAME, match.end(1))
    if equals:
        words.add(_lexeme(match, 3), "command")
    elif is_name:
        words.fail(messages.LET_WITHOUT_EQUALS, match.end())
    return name if is_name else None


def _read_watch(words: WordList, rest: Split) -> Preamble:
    """Return the preamble with a ``watch``, finished or not."""
    left = list(rest.lexemes)
    seconds, rounds, waiting = 0, None, None
    for parameter in (COUNT, INTERVAL, COUNT):
        if parameter is COUNT:
            if not left or left[0].name != "--count" or not words.line.startswith("--count", left[0].start):
                continue
            option = left.pop(0)
            words.add(Lexeme(option.name, option.start, option.start + len(option.name)), "option", COUNT)
            if option.value.text:
                left.insert(0, option.value)
        if not left or left[0].sign or left[0].comment:
            waiting = parameter
            words.fail(messages.watch_needs(parameter), words.words[-1].end)
            break
        value = words.add_value(left.pop(0), parameter, "value" if parameter is COUNT else "positional")
        if isinstance(value, int):
            rounds = value
        elif value is not None:
            seconds = Interval().seconds(str(value))
    watch = None if waiting else Watch(seconds, rounds)
    return Preamble(words.words, words.error, rest._replace(lexemes=left), None, waiting is not None, watch, waiting)
