"""What may follow a command in a line: ``\\G``, filters, and where the result goes.

    tail = [\\G] ["|" FILTER [VALUE]]... [">" FILE | ">>" FILE | "|!" COMMAND]

Rules: ``\\G`` may stand before or behind the filters. ``count`` and ``save`` end the filters. One target is enough:
behind ``save``, ``>`` or ``>>`` nothing follows, and ``|!`` takes the rest of the line. With ``let`` the result is
kept, so it has no target.
"""

from collections.abc import Sequence

from vshell.language import messages
from vshell.language.lexer import COMMAND, Lexeme
from vshell.language.parsed_line import Pipeline, WordList
from vshell.language.variables import WordError
from vshell.registry.filters import FILE, FILTERS, SHELL, Filter
from vshell.registry.tree import Parameter
from vshell.registry.view import FilterStep

_ANYTHING = Parameter("value", FILE.kind, "Whatever it is.", False, "positional")
"""What may follow a word that is no filter: it is taken without another complaint."""


class PipelineParser:
    """The pieces from the first sign on, as they were understood.

    ``waiting`` is the parameter whose value may come next, or must if it is required; ``is_filter_due`` tells that
    a filter's name must come, ``ended`` that nothing may. ``vertical`` tells of a ``\\G``.
    """

    def __init__(self, lexemes: Sequence[Lexeme], words: WordList, *, is_assigned: bool) -> None:
        self._words = words
        self._is_assigned = is_assigned
        self.steps: list[FilterStep] = []
        self.file: str | None = None
        self.append = False
        self.shell: str | None = None
        self.vertical: Lexeme | None = None
        self.waiting: Parameter | None = None
        self.is_filter_due = self.ended = False
        self._filter: Filter | None = None
        self._sign = ""
        for lexeme in lexemes:
            self._read(lexeme)

    @property
    def tail(self) -> Pipeline:
        """What becomes of the result."""
        return Pipeline(tuple(self.steps), self.file, self.append, self.shell)

    @property
    def missing(self) -> WordError | None:
        """What is missing at the end of the line."""
        if self.is_filter_due:
            return messages.needs_filter(FILTERS)
        if self.waiting is not None and self.waiting.required:
            name = self._filter.name if self._filter else self._sign
            return messages.sign_needs_value(name, self.waiting)
        return None

    def _read(self, lexeme: Lexeme) -> None:
        if lexeme.sign and lexeme.sign != COMMAND:
            self._read_sign(lexeme)
        elif self.is_filter_due and not lexeme.sign:
            self._read_filter(lexeme)
        elif self.waiting is not None:
            self._read_value(lexeme, self.waiting)
        else:
            error = lexeme.error or messages.nothing_follows(self._last_name, self._words.typed_text(lexeme))
            self._words.add(lexeme, "unknown", error=error)

    def _read_sign(self, lexeme: Lexeme) -> None:
        """Begin what a sign announces, if it may stand here."""
        sign, error = lexeme.sign, self.missing
        self.is_filter_due, self.waiting = False, None
        if error is None and (self.ended or (sign == "\\G" and self.vertical)):
            error = messages.nothing_follows(self._last_name, self._words.typed_text(lexeme))
        elif error is None and self._filter is FILTERS["count"] and sign == "|":
            error = messages.nothing_follows("count", lexeme.text)
        elif error is None and self._is_assigned and sign not in ("|", "\\G"):
            error = messages.NO_TARGET_WITH_LET
        self._words.add(lexeme, "operator", error=error)
        self._filter = None
        if sign == "\\G":
            self.vertical = lexeme
            return
        self._sign = sign
        if sign == "|":
            self.is_filter_due = True
        else:
            self.waiting = SHELL if sign == "|!" else FILE
            self.append = sign == ">>"

    def _read_filter(self, lexeme: Lexeme) -> None:
        """Take the name of a filter, whole or cut short."""
        self.is_filter_due = False
        possible = [lexeme.text] if lexeme.text in FILTERS else messages.beginning_with(lexeme.text, FILTERS)
        if lexeme.error or lexeme.filled or not lexeme.text or len(possible) != 1:
            error = lexeme.error or messages.no_such_filter(self._words.typed_text(lexeme), FILTERS)
            self._words.add(lexeme, "unknown", error=error)
            self.waiting = _ANYTHING  # what follows was meant for the filter
            return
        found = self._filter = FILTERS[possible[0]]
        refusal = messages.NO_TARGET_WITH_LET if self._is_assigned and found.name == "save" else None
        self._words.add(lexeme, "command", error=refusal, full="" if lexeme.text == found.name else found.name)
        if found.name != "save":
            self.steps.append(FilterStep(found.name))
        self.waiting = found.parameter

    def _read_value(self, lexeme: Lexeme, parameter: Parameter) -> None:
        """Take the value of a filter, or the target."""
        self.waiting = None
        if parameter is _ANYTHING:
            self._words.add(lexeme, "unknown")
            return
        value = self._words.add_value(lexeme, parameter, "positional")
        if parameter is FILE:
            self.file, self.ended = str(value), True
        elif parameter is SHELL:
            self.shell, self.ended = str(value), True
        elif self.steps:
            self.steps[-1] = FilterStep(self.steps[-1].name, value)

    @property
    def _last_name(self) -> str:
        """How a sentence calls what stands last."""
        return self._filter.name if self._filter else self._sign or "\\G"
