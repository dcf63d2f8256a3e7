"""Offer what may come at the cursor, from the Reading and from what is remembered; nothing here waits."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from vshell.errors import visible
from vshell.kinds import Kind, ListOf, Live, Names
from vshell.names import ServerNames
from vshell.parameters import Parameter
from vshell.prompt.lines import Lines, line_at
from vshell.reading import Expected
from vshell.token_form import tokens_in
from vshell.words import quoted

MOST_OFFERS = 100
"""Offers in one menu: nobody reads more, and drawing each costs."""

LONGEST_META = 60


class LineCompleter(Completer):
    """Completes command words, options and values."""

    def __init__(self, lines: Lines, names: ServerNames) -> None:
        self._lines = lines
        self._names = names
        self._looked_at: tuple[str, int] | None = None

    def waits_at(self, document: Document) -> bool:
        """Tell whether live values were last asked for just here, so that newer ones are welcome."""
        return self._looked_at == (document.text, document.cursor_position)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield the offers, best first."""
        span = line_at(document.text, document.cursor_position)
        line = document.text[span.start : span.end]
        cursor = document.cursor_position - span.start
        reading = self._lines.read(line, cursor)
        expected = reading.expected
        live = expected.value_of is not None and _is_live(expected.value_of.kind)
        self._looked_at = (document.text, document.cursor_position) if live else None
        offers = _offers(expected, reading.values, self._names)
        back = expected.start - cursor
        typed = line[expected.start : cursor]
        found = [offer for offer in islice(offers, MOST_OFFERS) if offer[0].isprintable()]
        if len(found) == 1 and found[0][0] == typed:
            return
        for text, meta in found:
            yield Completion(text, back, display_meta=shortened(meta))


def _offers(expected: Expected, values: Mapping[str, object], names: ServerNames) -> Iterator[tuple[str, str]]:
    """Yield the texts to put in place of what is typed of the word, with a remark each."""
    prefix = expected.prefix
    if any(tokens_in(prefix)):
        return
    for word, explanation in expected.words:
        if word.startswith(prefix):
            yield word, explanation
    if expected.value_of is not None:
        for text, meta in _values(expected.value_of, prefix, values, names):
            yield _as_value(text), meta
    if not prefix or prefix.startswith("-"):
        for parameter in expected.parameters:
            for spelling in parameter.spellings:
                if spelling.startswith(prefix):
                    yield spelling, parameter.help


def _values(
    parameter: Parameter, prefix: str, values: Mapping[str, object], names: ServerNames
) -> Iterable[tuple[str, str]]:
    if parameter.kind.secret:
        return ()
    owner = values.get("owner")
    wanted: Names = names.looking_for(prefix, owner if isinstance(owner, str) else None)
    return parameter.kind.complete(prefix, wanted, values)


def _is_live(kind: Kind) -> bool:
    return isinstance(kind.kind if isinstance(kind, ListOf) else kind, Live)


def _as_value(text: str) -> str:
    """Return a value as it must be typed; one that looks like an option is quoted to be none."""
    return f"'{text}'" if text.startswith("-") and "'" not in text else quoted(text)


def shortened(text: str) -> str:
    """Return a remark that fits beside an offer, without anything that could steer the terminal."""
    text = visible(text)
    return text if len(text) <= LONGEST_META else text[: LONGEST_META - 3] + "..."
