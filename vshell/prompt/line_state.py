"""The line at the cursor: its suggestion, the answer to ``?``, what the toolbar says of it."""

from collections.abc import Callable
from datetime import datetime

from prompt_toolkit.application import get_app
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import fragment_list_to_text, fragment_list_width
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput

from vshell.completion.live_names import LiveNames
from vshell.formats.text import visible
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.autosuggest import Suggestion, suggest
from vshell.prompt.candidates import CompletionCache, may_become_right
from vshell.prompt.explain import explain_line, is_literal_question_mark
from vshell.prompt.highlighting import mask_secrets
from vshell.prompt.input_line import LineParser, find_error, preview_time
from vshell.prompt.toolbar import TypedLine, message
from vshell.registry.tree import Registry

_LEAST_ROOM = 8
"""Columns for which a longer suggestion is worth beginning."""


class LineState:
    """What is shown of the line being typed."""

    def __init__(self, registry: Registry, lines: LineParser, names: LiveNames) -> None:
        self._registry = registry
        self._lines = lines
        self._names = names
        self.completions = CompletionCache(names)

    def may_become_right(self, parsed: ParsedLine) -> bool:
        """Tell whether what is typed at the cursor is the beginning of something that may stand there."""
        return may_become_right(parsed, self._names)

    def describe(self, document: Document, now: datetime) -> TypedLine:
        """Return what the toolbar tells of the line at the cursor."""
        parsed, cursor = self._lines.parse_at(document.text, document.cursor_position)
        return TypedLine(find_error(parsed, cursor, self.may_become_right), preview_time(parsed, cursor, now))

    def suggest(self, document: Document) -> Suggestion:
        """Return the grey suggestion behind the cursor."""
        return suggest(document.text, document.cursor_position, self._lines, self.completions.get)

    def is_question(self, document: Document) -> bool:
        """Tell whether a ``?`` at the cursor is a question, and no character of the line."""
        parsed, cursor = self._lines.parse_at(document.text, document.cursor_position)
        before = self._lines.parse(parsed.line[:cursor])
        return not is_literal_question_mark(before, cursor)

    def is_help_request(self, text: str) -> bool:
        """Tell whether a line that was entered ends in a ``?`` that is a question, as on a dumb terminal."""
        line = text.rstrip()
        return line.endswith("?") and line[-2:-1] in ("", " ") and self.is_question(Document(line[:-1]))

    def explain(self, text: str, cursor: int, width: int) -> str:
        """Return what may come at the cursor, explained."""
        parsed, at = self._lines.parse_at(text, cursor)
        return explain_line(self._lines.parse(parsed.line[:at]), self._names, self._registry, width)

    def question(self, document: Document) -> str:
        """Return the line as it is shown, with the ``?`` that was typed, to stand above the answer."""
        parsed, cursor = self._lines.parse_at(document.text, document.cursor_position)
        prompt = fragment_list_to_text(message(self._names))
        return f"{prompt}{visible(mask_secrets(self._lines.parse(parsed.line[:cursor])))}?"


class SuggestionProcessor(Processor):
    """Puts the suggestion behind the last line, cut to what is left of it: it never makes a line wrap."""

    def __init__(self, line_state: LineState, prompt: Callable[[], StyleAndTextTuples]) -> None:
        self._line_state = line_state
        self._prompt = prompt

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """Return the line with the suggestion in grey behind it."""
        given = transformation_input
        app, document = get_app(), given.document
        if given.lineno != document.line_count - 1 or app.is_done or app.layout.is_searching:
            return Transformation(given.fragments)
        shown = self._line_state.suggest(document).shown
        used = fragment_list_width(given.fragments)
        used += fragment_list_width(self._prompt()) if given.lineno == 0 else 4
        room = given.width - used % given.width - 1 if given.width else 0
        if not shown or room < min(len(shown), _LEAST_ROOM):
            return Transformation(given.fragments)
        return Transformation([*given.fragments, ("class:hint", shown[:room])])
