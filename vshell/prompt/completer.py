"""The menu: what may come at the cursor, best first, with its explanation beside it.

For a server that was quick to answer last, a few milliseconds are waited: then the menu need not be drawn twice.
"""

from collections.abc import Iterable

from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from vshell.completion.live_names import LiveNames
from vshell.prompt.candidates import CompletionCache, is_live, shorten_remark
from vshell.prompt.input_line import LineParser
from vshell.terminal import widths

MOST_ITEMS = 100
"""Offers in one menu: more are not read, and drawing each costs."""

ALWAYS_FITS = 30
"""An item of so many letters fits every screen."""

BESIDE = 4
"""Columns of the screen that the menu has beside an item."""


class LineCompleter(Completer):
    """Completes command words, options and values."""

    def __init__(self, lines: LineParser, names: LiveNames, completions: CompletionCache | None = None) -> None:
        self._lines = lines
        self._names = names
        self._completions = completions or CompletionCache(names)
        self._live_at: tuple[str, int] | None = None

    def waits_at(self, document: Document) -> bool:
        """Tell whether live values were last asked for just here, so that newer ones are welcome."""
        return self._live_at == (document.text, document.cursor_position)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield the found, best first."""
        parsed, cursor = self._lines.parse_at(document.text, document.cursor_position)
        expected = parsed.expected
        live = expected.value_of is not None and is_live(expected.value_of.kind)
        self._live_at = (document.text, document.cursor_position) if live else None
        if not live:
            self._names.drop_searches()
        back = expected.start - cursor
        typed = parsed.line[expected.start : cursor]
        # While a key is handled the suggestion has asked too; what has come since is asked for without a key.
        found = self._completions.get(parsed) if complete_event.text_inserted else self._completions.compute(parsed)
        if live and self._names.wait_briefly():
            self._live_at = None  # What would come as news is seen here already.
            found = self._completions.compute(parsed)
        found = found[:MOST_ITEMS]
        if len(found) == 1 and found[0].text == typed:
            return
        for item in found:
            yield Completion(item.text, back, display=_display(item.text), display_meta=shorten_remark(item.meta))


def _display(text: str) -> str:
    """Return an item as the menu shows it: a long one without its middle, since two scopes differ at their ends."""
    if len(text) <= ALWAYS_FITS:
        return text
    return widths.shorten(text, get_app().output.get_size().columns - BESIDE, "...")
