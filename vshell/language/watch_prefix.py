"""``watch 5s COMMAND``: what stands before a command that is to be run again and again.

    watch = "watch" [--count N] INTERVAL [--count N]

It is read before the command, as ``let`` is, so that the command behind it is completed, coloured and checked as
anywhere. How it runs is told in ``vshell.run.watch``.
"""

import re
from collections.abc import Iterable, Mapping

from vshell.kinds import Candidate, Duration, Integer, Names
from vshell.language import messages
from vshell.language.parsed_line import LineError, Role, Watch, Word
from vshell.language.variables import WordError
from vshell.registry.parameter import Parameter

WORD = "watch"
EXPLANATION = "Run a command again and again, and mark what changes."


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

_BEGIN = re.compile(r"\s*(watch)(?=\s|\Z)")
_COUNT = re.compile(r"\s*(--count)(?=[\s=]|\Z)(?:\s*=?\s*([^\s=|>]\S*))?")
_INTERVAL = re.compile(r"\s*([^\s|>]\S*)")


class WatchPrefix:
    """The words of a ``watch`` and what they mean; ``end`` is where they end, or where the line does.

    ``watch`` is None while it is not finished; then ``waiting`` is what must come next.
    """

    def __init__(self, line: str, at: int) -> None:
        self.words: list[Word] = []
        self.fault: LineError | None = None
        self.watch: Watch | None = None
        self.waiting: Parameter | None = None
        begin = _BEGIN.match(line, at)
        assert begin is not None
        self.words.append(Word(WORD, *begin.span(1), "command"))
        self._line, self.end = line, begin.end()
        count = self._count()
        seconds = self._interval()
        count = self._count() or count
        if seconds is not None and self.waiting is None:
            self.watch = Watch(seconds, count)

    def _count(self) -> int | None:
        match = _COUNT.match(self._line, self.end)
        if match is None or self.waiting is not None:
            return None
        self.end = match.end()
        self._add(match, 1, "option", COUNT)
        if match.group(2) is None:
            self._wait(COUNT)
            return None
        value = self._add(match, 2, "value", COUNT)
        return value if isinstance(value, int) else None

    def _interval(self) -> int | None:
        match = _INTERVAL.match(self._line, self.end)
        if match is None or self.waiting is not None:
            if self.waiting is None:
                self._wait(INTERVAL)
            return None
        self.end = match.end()
        value = self._add(match, 1, "positional", INTERVAL)
        return 0 if value is None else Interval().seconds(str(value))

    def _wait(self, parameter: Parameter) -> None:
        self.waiting = parameter
        self._fail(messages.watch_needs(parameter), self.end)

    def _add(self, match: re.Match[str], part: int, role: Role, parameter: Parameter) -> object:
        """Keep a word, and return its value when it is one that can be used."""
        text, problem, value = match.group(part), None, None
        if role != "option":
            try:
                value = parameter.kind.parse(text)
            except ValueError as error:
                problem = messages.refused(parameter, str(error), None)
                self._fail(problem, match.start(part))
        self.words.append(Word(text, *match.span(part), role, parameter, problem.sentence if problem else None))
        return value

    def _fail(self, problem: WordError, column: int) -> None:
        self.fault = self.fault or LineError(problem.sentence, problem.hint, column)


def begins(line: str, at: int) -> bool:
    """Tell whether a ``watch`` stands at ``at``."""
    return _BEGIN.match(line, at) is not None
