"""Parsed lines and their words: what running, completing, colouring and help read."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from vshell.errors import Mistake
from vshell.formats.text import WHOLE_TOKEN
from vshell.language import messages
from vshell.language.lexer import Lexeme
from vshell.language.variables import WordError
from vshell.registry.tree import Command, Parameter
from vshell.registry.view import FilterStep

Role = Literal["command", "option", "value", "positional", "comment", "operator", "unknown"]


class Word(NamedTuple):
    """One word of a line, or one half of ``--option=value``.

    ``line[start:end]`` is what was typed, ``text`` what it means. ``parameter`` is the one that an option
    names or a value is for. ``error`` is one sentence. ``full`` is the whole spelling of an abbreviation, or "".
    """

    text: str
    start: int
    end: int
    role: Role
    parameter: Parameter | None = None
    error: str | None = None
    full: str = ""

    @property
    def secret(self) -> bool:
        """Tell whether the word is a secret: not for history, errors or the screen."""
        return self.role in ("value", "positional") and self.parameter is not None and self.parameter.kind.secret

    def __repr__(self) -> str:
        text = "***" if self.secret else self.text
        return f"Word({text!r}, {self.start}, {self.end}, {self.role!r}, error={self.error!r})"


class LineError(NamedTuple):
    """The first thing that is wrong with a line; ``column`` is the 0-based offset in the line as typed."""

    sentence: str
    hint: str | None
    column: int


class Expected(NamedTuple):
    """What may come at the cursor.

    ``prefix`` is what is already typed of the word there, without quotes, and ``start`` where it begins in the
    line, its quote included (of ``--option=value`` only the value). ``words`` are command words with one line of
    explanation each; ``parameters`` are those whose option may be written, required ones first;
    ``value_of`` is the parameter whose value may stand here. ``signs`` are those that may follow a command, with one
    line of explanation each. Nothing is left out for not fitting ``prefix``.
    """

    prefix: str
    start: int
    words: tuple[tuple[str, str], ...] = ()
    parameters: tuple[Parameter, ...] = ()
    value_of: Parameter | None = None
    signs: tuple[tuple[str, str], ...] = ()


class Pipeline(NamedTuple):
    """What becomes of a command's result: filters in their order, then a file or a line for the system's shell.

    ``append`` adds to the file instead of replacing it.
    """

    steps: tuple[FilterStep, ...] = ()
    file: str | None = None
    append: bool = False
    shell: str | None = None


SHOWN = Pipeline()
"""What becomes of a result when the line says nothing: it is shown whole."""


class Watch(NamedTuple):
    """How a command is repeated: ``seconds`` between two runs, so many ``rounds`` or, with None, until Ctrl-C."""

    seconds: int
    rounds: int | None = None


class WordList:
    """The words of a line as they are understood, from left to right, and the first error in them."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.words: list[Word] = []
        self.error: LineError | None = None

    def add(
        self,
        lexeme: Lexeme,
        role: Role,
        parameter: Parameter | None = None,
        error: WordError | None = None,
        full: str = "",
    ) -> None:
        """Add a word with its role, and what is wrong with it."""
        sentence = error.sentence if error else None
        self.words.append(Word(lexeme.text, lexeme.start, lexeme.end, role, parameter, sentence, full))
        if error is not None:
            self.fail(error, lexeme.start)

    def add_value(self, lexeme: Lexeme, parameter: Parameter, role: Role = "value") -> object:
        """Add a word that is a parameter's value, and return the value; None, and an error, when it is not one."""
        error, value = lexeme.error, None
        if error is None:
            try:
                value = parameter.kind.parse(lexeme.text)
            except ValueError as refusal:
                variable = self.typed_text(lexeme) if lexeme.filled else None
                error = messages.refuse_value(parameter, str(refusal), variable)
        self.add(lexeme, role, parameter, error)
        return value

    def fail(self, error: WordError, column: int) -> None:
        """Note what is wrong, if it is the first thing."""
        if self.error is None:
            self.error = LineError(error.sentence, error.hint, column)

    def typed_text(self, lexeme: Lexeme) -> str:
        """Return a word as it was typed: no message repeats a variable's value."""
        return self.line[lexeme.start : lexeme.end]


class _Facts(NamedTuple):
    line: str
    words: tuple[Word, ...]
    command: Command | None
    values: Mapping[str, object]
    common: Mapping[str, object]
    mistake: LineError | None
    assigns: str | None
    open_quote: str
    continues: bool
    expect: Callable[[], Expected]
    tail: Pipeline = SHOWN
    watch: Watch | None = None


class ParsedLine(_Facts):
    """A line as it was understood, whole or in part.

    ``values`` holds what was given and understood by parameter name, ``common`` the same for the options that
    all commands share (output, columns, sort, filter, times, yes, dry_run). ``mistake`` is the first error, ``assigns``
    the variable of a ``let``, ``tail`` what becomes of the result, ``watch`` how often the command runs.
    ``open_quote`` is a quote left open or "", ``continues`` tells that more lines are needed. ``expect`` returns what
    ``expected`` holds from then on.
    """

    def __repr__(self) -> str:
        return f"ParsedLine({self.masked!r})"

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to run: an empty line or a comment."""
        return self.command is None and self.mistake is None

    @property
    def complete(self) -> bool:
        """Tell whether the line may run as it stands."""
        return self.command is not None and self.mistake is None

    @cached_property
    def expected(self) -> Expected:
        """What may come at the cursor."""
        return self.expect()

    @property
    def acts_as(self) -> bool:
        """Tell whether the line is run as another person or elsewhere, so that nothing of it is the session's."""
        return not self.common.keys().isdisjoint(("as_token", "dc"))

    @property
    def abbreviated(self) -> bool:
        """Tell whether a command word or an option was cut short."""
        return any(word.full for word in self.words)

    @cached_property
    def full_text(self) -> str:
        """The line with command words and options in full; it means the same."""
        return self._replace_spans(self._abbreviations)

    @cached_property
    def masked_in_full(self) -> str:
        """The line with command words and options in full, and ``***`` for each secret."""
        return self._replace_spans([*self._abbreviations, *self._secrets])

    @cached_property
    def masked(self) -> str:
        """The line with ``***`` for each secret, for history and errors."""
        return self._replace_spans(self._secrets)

    def error(self) -> Mistake:
        """Return the mistake as an error that shows the line, its secrets masked; only if there is one."""
        assert self.mistake is not None
        return self.error_at(*self.mistake)

    def error_at(self, sentence: str, hint: str | None, typed: int) -> Mistake:
        """Return an error at the offset ``typed`` in the line, which it shows with its secrets masked."""
        column = typed
        for start, end, _ in self._secrets:
            if start < typed:
                column += min(start + 3, typed) - min(end, typed)
        return Mistake(sentence, hint, line=self.masked, column=column)

    def _replace_spans(self, changes: Iterable[tuple[int, int, str]]) -> str:
        """Return the line with other texts in these places."""
        text = self.line
        for start, end, new in sorted(changes, reverse=True):
            text = f"{text[:start]}{new}{text[end:]}"
        return text

    @property
    def _abbreviations(self) -> list[tuple[int, int, str]]:
        return [(word.start, word.end, word.full) for word in self.words if word.full]

    @cached_property
    def _secrets(self) -> list[tuple[int, int, str]]:
        """The places of the line that are not to be shown, without overlap, each with ``***``."""
        spans = [(word.start, word.end, "***") for word in self.words if word.secret and word.end > word.start]
        for token in WHOLE_TOKEN.finditer(self.line):
            if not any(start < token.end() and token.start() < end for start, end, _ in spans):
                spans.append((*token.span(), "***"))
        return sorted(spans)
