"""The line at the cursor: its suggestion, the answer to ``?``, what the toolbar says of it.

The grey suggestion behind the cursor is the rest of the word that is meant, or what may come next. What is shown of it
and is no value to be made up can be taken with the right arrow. The answer to ``?`` is all that may come at the cursor,
explained, and an example; nothing waits.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from prompt_toolkit.application import get_app
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import fragment_list_to_text, fragment_list_width
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput

from vshell.completion.live_names import LiveNames
from vshell.formats.text import visible
from vshell.help.usage import explain_words
from vshell.kinds import Length
from vshell.language.messages import SIGN_EXAMPLES
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.candidates import CompletionCache, CompletionItem, list_completions, may_become_right, usage_form
from vshell.prompt.highlighting import mask_secrets
from vshell.prompt.input_line import LineParser, find_error, preview_time
from vshell.prompt.toolbar import TypedLine, message
from vshell.registry.tree import Command, Node, Parameter, Registry

_LEAST_ROOM = 8
"""Columns for which a longer suggestion is worth beginning."""

MOST_VALUES = 20
"""Values that are listed; a list that is longer is narrowed by typing."""

ENTER = "<Enter>"


class Suggestion(NamedTuple):
    """What stands in grey behind the cursor, and the part of it that the right arrow types."""

    shown: str = ""
    typed: str = ""


NOTHING = Suggestion()


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
    parameter = parsed.expected.value_of
    # Of the unit of a length of time any guess would be a bad one.
    is_length = parameter is not None and isinstance(parameter.kind, Length)
    if meant is not None and meant.text != typed and not is_length:
        rest = meant.text[len(typed) :]
        return Suggestion(f"{rest} {meant.follows}".rstrip(), rest)
    if any(word.error for word in parsed.words) or (found and meant is None):
        return NOTHING
    following = _suggest_next(lines.parse(f"{line} ", len(line) + 1))
    return Suggestion(f" {following.shown}", f" {following.typed}") if following.shown else NOTHING


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


def is_literal_question_mark(parsed: ParsedLine, cursor: int) -> bool:
    """Tell whether a ``?`` typed at the end of this line is a character of it: in a quote or a comment, behind \\\\."""
    behind_word = next((word for word in parsed.words if word.start < cursor <= word.end), None)
    comment = behind_word is not None and behind_word.role == "comment" and parsed.line[behind_word.start] == "#"
    return bool(parsed.open_quote) or comment or parsed.line[:cursor].endswith("\\")


def explain_line(parsed: ParsedLine, names: LiveNames, registry: Registry, width: int) -> str:
    """Return the answer for a line that ends at the cursor, within ``width`` columns."""
    wrong = next((word.error for word in parsed.words if word.error and word.end < parsed.expected.start), None)
    if wrong:
        return visible(wrong)
    rows = list(_rows(parsed, names))
    text = explain_words(rows, width) if rows else "  Nothing may come here."
    example = _example(parsed, registry)
    return f"{text}\n{explain_words([('Example', example)], width)}" if example else text


def _rows(parsed: ParsedLine, names: LiveNames) -> Iterator[tuple[str, str]]:
    """Yield what may come, one row each: how it is written, and what it is."""
    expected = parsed.expected
    found = list_completions(parsed, names)
    options = {spelling: each for each in expected.parameters for spelling in each.spellings}
    parameter = expected.value_of
    if parameter is not None:
        yield parameter.kind.metavar, f"{parameter.help} It is {parameter.kind.explanation}."
    values = [offer for offer in found if offer.text not in options]
    words = expected.value_of is None
    for offer in values if words else values[:MOST_VALUES]:
        yield visible(offer.text), visible(offer.meta)
    if not words and len(values) > MOST_VALUES:
        yield "...", f"{len(values) - MOST_VALUES} more; type a beginning to see fewer."
    shown: dict[str, Parameter] = {}
    for offer in found:
        option = options.get(offer.text)
        if option is None or option.name in shown:
            continue
        shown[option.name] = option
        if not option.common or expected.prefix:
            yield usage_form(option), offer.meta
    common = [each.spellings[0] for each in shown.values() if each.common]
    if common and not expected.prefix:
        yield "...", f"Also {', '.join(common)}: help output."
    for sign, meaning in expected.signs:
        if sign.startswith(expected.prefix):
            yield sign, meaning
    if parsed.complete and not expected.prefix:
        yield ENTER, "Runs the line."


def _example(parsed: ParsedLine, registry: Registry) -> str:
    """Return an example of the command, or of the first one that the words may lead to."""
    command = parsed.command or _first_command(parsed, registry)
    if command is None:
        return ""
    option = parsed.expected.value_of
    if any(word.role == "operator" and word.text != "\\G" for word in parsed.words):
        return SIGN_EXAMPLES.get(option.name if option else "word", "")
    fitting = (each for each in command.examples if option and any(f"{s} " in each for s in option.spellings))
    return next(fitting, command.examples[0])


def _first_command(parsed: ParsedLine, registry: Registry) -> Command | None:
    """Return the first command below the words, with the first offer for a word that is only begun."""
    node: Node | None = registry.root
    for word in parsed.words:
        if word.role == "command" and node is not None and (word.full or word.text) in node.words:
            node = node.words[word.full or word.text]
    if node is registry.root:
        return None
    while node is not None and node.command is None:
        node = next(iter(node.words.values()), None)
    return node.command if node else None
