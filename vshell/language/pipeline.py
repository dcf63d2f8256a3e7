"""What may follow a command in a line: ``\\G``, filters, and where the result goes.

    tail = [\\G] ["|" FILTER [VALUE]]... [">" FILE | ">>" FILE | "|!" COMMAND]

Rules: ``\\G`` may stand before or behind the filters. ``count`` and ``save`` end the filters. One target is enough:
behind ``save``, ``>`` or ``>>`` nothing follows, and ``|!`` takes the rest of the line. With ``let`` the result is
kept, so it has no target.
"""

from collections.abc import Callable, Sequence

from vshell.language import messages
from vshell.language.lexer import COMMAND, Lexeme
from vshell.language.messages import beginning_with
from vshell.language.parsed_line import Pipeline, Role
from vshell.language.variables import WordError
from vshell.registry.filters import FILE, FILTERS, SHELL, Filter, FilterStep
from vshell.registry.parameter import Parameter

Keep = Callable[..., None]
"""Keeps a word: piece, role, parameter, problem and the whole spelling of an abbreviation."""

Typed = Callable[[Lexeme], str]
"""Returns a piece as it was typed: no sentence repeats a variable's value."""


class PipelineParser:
    """The pieces from the first sign on, as they were understood.

    ``waiting`` is the parameter whose value may come next, ``needed`` tells that it must; ``wants_filter`` tells that
    a filter's name must come, ``ended`` that nothing may. ``vertical`` tells of a ``\\G``.
    """

    def __init__(self, pieces: Sequence[Lexeme], keep: Keep, typed: Typed, *, kept_in_variable: bool) -> None:
        self._keep_word = keep
        self._typed = typed
        self._in_variable = kept_in_variable
        self.steps: list[FilterStep] = []
        self.file: str | None = None
        self.append = False
        self.shell: str | None = None
        self.vertical: Lexeme | None = None
        self.waiting: Parameter | None = None
        self.needed = self.wants_filter = self.ended = False
        self._filter: Filter | None = None
        self._sign = ""
        self._end = 0
        for piece in pieces:
            self._piece(piece)
            self._end = piece.end

    @property
    def tail(self) -> Pipeline:
        """What becomes of the result."""
        return Pipeline(tuple(self.steps), self.file, self.append, self.shell)

    @property
    def missing(self) -> WordError | None:
        """What is missing at the end of the line."""
        if self.wants_filter:
            return messages.needs_filter(FILTERS)
        if self.needed and self.waiting is not None:
            name = self._filter.name if self._filter else self._sign
            return messages.sign_needs_value(name, self.waiting)
        return None

    def _piece(self, piece: Lexeme) -> None:
        if piece.sign == COMMAND:
            self._value(piece)
        elif piece.sign:
            self._take_sign(piece)
        elif self.wants_filter:
            self._take_filter(piece)
        elif self.waiting is not None:
            self._value(piece)
        else:
            self._keep(
                piece, "unknown", problem=piece.error or messages.nothing_follows(self._told(), self._typed(piece))
            )

    def _take_sign(self, piece: Lexeme) -> None:
        """Begin what a sign announces, if it may stand here."""
        problem = self.missing
        self.wants_filter = self.needed = False
        self.waiting = None
        if problem is None and (self.ended or (piece.sign == "\\G" and self.vertical)):
            problem = messages.nothing_follows(self._told(), self._typed(piece))
        elif problem is None and self._filter is FILTERS["count"] and piece.sign == "|":
            problem = messages.nothing_follows("count", piece.text)
        elif problem is None and self._in_variable and piece.sign not in ("|", "\\G"):
            problem = messages.KEPT_IN_VARIABLE
        self._keep(piece, "operator", problem=problem)
        self._filter = None
        self._sign = self._sign if piece.sign == "\\G" else piece.sign
        if piece.sign == "\\G":
            self.vertical = piece
        elif piece.sign == "|":
            self.wants_filter = True
        else:
            self._await(SHELL if piece.sign == "|!" else FILE, needed=True)
            self.append = piece.sign == ">>"

    def _take_filter(self, piece: Lexeme) -> None:
        """Take the name of a filter, whole or cut short."""
        self.wants_filter = False
        possible = [piece.text] if piece.text in FILTERS else beginning_with(piece.text, FILTERS)
        if piece.error or piece.filled or not piece.text or len(possible) != 1:
            self._keep(piece, "unknown", problem=piece.error or messages.no_such_filter(self._typed(piece), FILTERS))
            self.waiting = _ANYTHING  # what follows was meant for the filter
            return
        found = self._filter = FILTERS[possible[0]]
        problem = messages.KEPT_IN_VARIABLE if self._in_variable and found.name == "save" else None
        self._keep(piece, "command", problem=problem, full="" if piece.text == found.name else found.name)
        if found.name != "save":
            self.steps.append(FilterStep(found.name))
        if found.parameter is not None:
            self._await(found.parameter, needed=found.needed)

    def _await(self, parameter: Parameter, *, needed: bool) -> None:
        self.waiting, self.needed = parameter, needed

    def _value(self, piece: Lexeme) -> None:
        """Take the value of a filter, or the target."""
        parameter, self.waiting, self.needed = self.waiting, None, False
        if parameter is None or parameter is _ANYTHING:
            self._keep(piece, "unknown")
            return
        problem, value = piece.error, None
        if problem is None:
            try:
                value = parameter.kind.parse(piece.text)
            except ValueError as error:
                problem = messages.refused(parameter, str(error), self._typed(piece) if piece.filled else None)
        self._keep(piece, "positional", parameter, problem)
        if parameter is FILE:
            self.file, self.ended = str(value), True
        elif parameter is SHELL:
            self.shell, self.ended = str(value), True
        elif self.steps:
            self.steps[-1] = FilterStep(self.steps[-1].name, value)

    def _told(self) -> str:
        """Return how a sentence calls what stands last."""
        return self._filter.name if self._filter else self._sign or "\\G"

    def _keep(
        self,
        piece: Lexeme,
        role: Role,
        parameter: Parameter | None = None,
        problem: WordError | None = None,
        full: str = "",
    ) -> None:
        self._keep_word(piece, role, parameter, problem, full)


_ANYTHING = Parameter("value", "value", FILE.kind, "Whatever it is.", False, "positional")
"""What may follow a word that is no filter: it is taken without another complaint."""
