"""What stands around the line while it is typed: the grey hint, what ``?`` answers, what the toolbar says of it.

All are readings of the one line at the cursor; nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from prompt_toolkit.application import get_app
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import fragment_list_to_text, fragment_list_width
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput

from vshell.completion.live_names import LiveNames
from vshell.formats.text import visible
from vshell.language.parsed_line import ParsedLine
from vshell.prompt import clipboard
from vshell.prompt.autosuggest import Hint, hint
from vshell.prompt.buffer_lines import Lines, line_at
from vshell.prompt.candidates import Offers, may_become_right
from vshell.prompt.executor import Running
from vshell.prompt.explain import explanation, takes_question_mark
from vshell.prompt.highlighting import shown_text
from vshell.prompt.line_errors import doubt
from vshell.prompt.time_preview import moment
from vshell.prompt.toolbar import Typed, message
from vshell.registry.tree import Registry

_LEAST_ROOM = 8
"""Columns for which a longer hint is worth beginning."""


class _At(NamedTuple):
    """The line at the cursor as it was read, and the cursor's offset in it."""

    reading: ParsedLine
    cursor: int


class Editing:
    """The readings of the line being typed."""

    def __init__(
        self,
        registry: Registry,
        lines: Lines,
        names: LiveNames,
        running: Running,
        environment: Mapping[str, str],
    ) -> None:
        self._registry = registry
        self._lines = lines
        self._names = names
        self.offers = Offers(names)
        self._running = running
        self._environment = environment

    def may_become_right(self, reading: ParsedLine) -> bool:
        """Tell whether what is typed at the cursor is the beginning of something that may stand there."""
        return may_become_right(reading, self._names)

    def typed(self, document: Document, now: datetime) -> Typed:
        """Return what the toolbar tells of the line at the cursor."""
        reading, cursor = self._at(document)
        return Typed(doubt(reading, cursor, self.may_become_right), moment(reading, cursor, now))

    def hint(self, document: Document) -> Hint:
        """Return the grey hint behind the cursor."""
        return hint(document.text, document.cursor_position, self._lines, self.offers.known)

    def hints(self, prompt: Callable[[], StyleAndTextTuples]) -> Processor:
        """Return what shows the hint in the editor, in the room that is left of its line."""
        return _ShowHint(self, prompt)

    def explains(self, document: Document) -> bool:
        """Tell whether a ``?`` at the cursor asks, and is no character of the line."""
        reading, cursor = self._at(document)
        before = self._lines.read(reading.line[:cursor])
        return not takes_question_mark(before, cursor)

    def asks(self, text: str) -> bool:
        """Tell whether a line that was entered ends in a ``?`` that asks, as on a dumb terminal."""
        line = text.rstrip()
        return line.endswith("?") and line[-2:-1] in ("", " ") and self.explains(Document(line[:-1]))

    def answer(self, text: str, cursor: int, width: int) -> str:
        """Return what may come at the cursor, explained."""
        reading, at = self._at(Document(text, cursor))
        return explanation(self._lines.read(reading.line[:at]), self._names, self._registry, width)

    def question(self, document: Document) -> str:
        """Return the line as it is shown, with the ``?`` that was typed, to stand above the answer."""
        reading, cursor = self._at(document)
        prompt = fragment_list_to_text(message(self._names))
        return f"{prompt}{visible(shown_text(self._lines.read(reading.line[:cursor])))}?"

    def copies(self) -> bool:
        """Tell whether there is a new token to copy, and a clipboard that may take it."""
        return bool(self._running.secret) and clipboard.has_clipboard(self._environment)

    def copy(self) -> str:
        """Return what sends the new token to the terminal's clipboard."""
        self._running.sent()
        return clipboard.sequence(self._running.secret, self._environment)

    def _at(self, document: Document) -> _At:
        span = line_at(document.text, document.cursor_position)
        cursor = document.cursor_position - span.start
        return _At(self._lines.read(document.text[span.start : span.end], cursor), cursor)


class _ShowHint(Processor):
    """Puts the hint behind the last line, cut to what is left of it: it never makes a line wrap."""

    def __init__(self, editing: Editing, prompt: Callable[[], StyleAndTextTuples]) -> None:
        self._editing = editing
        self._prompt = prompt

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """Return the line with the hint in grey behind it."""
        given = transformation_input
        app, document = get_app(), given.document
        if given.lineno != document.line_count - 1 or app.is_done or app.layout.is_searching:
            return Transformation(given.fragments)
        shown = self._editing.hint(document).shown
        used = fragment_list_width(given.fragments)
        used += fragment_list_width(self._prompt()) if given.lineno == 0 else 4
        room = given.width - used % given.width - 1 if given.width else 0
        if not shown or room < min(len(shown), _LEAST_ROOM):
            return Transformation(given.fragments)
        return Transformation([*given.fragments, ("class:hint", shown[:room])])
