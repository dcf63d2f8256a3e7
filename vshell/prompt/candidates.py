"""Candidates for the word at the cursor, best first, for the menu, the grey suggestion and ``?``.

A beginning is best, then the same in other letters' case, then the beginning of a word inside (``date`` in
``--expiry-date``), then letters that occur in that order (``exd``). The dashes of an option do not count. Nothing here
waits, but for the menu: for a server that was quick to answer last, a few milliseconds, and it need not be drawn twice.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from vshell.completion.live_names import LiveNames
from vshell.formats.text import tokens_in, visible
from vshell.kinds import Candidate, Kind, ListOf, Live, Names, Several
from vshell.language.lexer import quote_word
from vshell.language.parsed_line import Expected, ParsedLine
from vshell.prompt.input_line import LineParser
from vshell.registry.tree import Parameter
from vshell.terminal import widths

BEGINNING, OTHER_CASE, INNER_WORD, IN_ORDER, IN_REMARK = range(5)
"""How well a text fits what is typed; ``IN_REMARK`` is a value of which only the remark holds it."""

_WORD = re.compile(r"[^\W_]+")

LONGEST_META = 46
"""Columns of a remark in the menu: behind a word of the usual length it then fits into half a wide terminal, and each
cell costs at every draw; ``?`` tells the whole of it."""

FEW = 10
"""Where fewer values fit than that, their remarks are searched too."""

MOST_ITEMS = 100
"""Offers in one menu: more are not read, and drawing each costs."""

ALWAYS_FITS = 30
"""An item of so many letters fits every screen."""

BESIDE = 4
"""Columns of the screen that the menu has beside an item."""


class CompletionItem(NamedTuple):
    """One thing that may stand at the cursor: the text to type, a remark, and the value's metavar if one follows."""

    text: str
    meta: str
    follows: str = ""


class CompletionCache:
    """The offers for the line as it is read now; the menu and the suggestion both show them at each key."""

    def __init__(self, names: LiveNames) -> None:
        self._names = names
        self._of: tuple[ParsedLine, list[CompletionItem]] | None = None

    def compute(self, parsed: ParsedLine) -> list[CompletionItem]:
        """Return the offers from what is known by now."""
        found = list_completions(parsed, self._names)
        self._of = (parsed, found)
        return found

    def get(self, parsed: ParsedLine) -> list[CompletionItem]:
        """Return the offers that were worked out last, if that was for this very line."""
        return self._of[1] if self._of is not None and self._of[0] is parsed else self.compute(parsed)


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
        # While a key is handled the suggestion has computed them; what has come since is read without a key.
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


def list_completions(parsed: ParsedLine, names: LiveNames) -> list[CompletionItem]:
    """Return what may be put in place of what is typed of the word at the cursor, best first.

    None can steer the terminal. A token that is being pasted is searched for nowhere.
    """
    expected = parsed.expected
    typed = expected.prefix
    if any(tokens_in(typed)):
        return []
    words = ((rank(typed, word), CompletionItem(word, explanation)) for word, explanation in expected.words)
    found = [*words, *_values(expected, parsed.values, names), *_options(expected)]
    if typed:
        found = sorted((each for each in found if each[0] is not None), key=lambda each: each[0] or BEGINNING)
    seen: dict[str, CompletionItem] = {}
    for _, item in found:
        if item.text.isprintable():
            seen.setdefault(item.text, item)
    return list(seen.values())


def may_become_right(parsed: ParsedLine, names: LiveNames) -> bool:
    """Tell whether what is typed at the cursor is the beginning of something that may stand there."""
    expected = parsed.expected
    prefix = expected.prefix
    parameter = expected.value_of
    if parameter is not None and any(_candidates(parameter.kind, prefix, parsed.values, names)):
        return True
    words = (word for word, _ in expected.words)
    spellings = (spelling for each in expected.parameters for spelling in each.spellings)
    return any(each.startswith(prefix) for each in (*words, *spellings))


def is_live(kind: Kind) -> bool:
    """Tell whether the values of the kind, or of the items in its list, are the server's."""
    return isinstance(kind.kind if isinstance(kind, ListOf | Several) else kind, Live)


def shorten_remark(text: str) -> str:
    """Return a remark that fits beside an offer, without anything that could steer the terminal."""
    text = visible(text)
    if len(text) <= LONGEST_META:
        return text
    whole_words, space, _ = text[: LONGEST_META - 2].rpartition(" ")
    return f"{whole_words if space else text[: LONGEST_META - 3]}..."


_Ranked = tuple[int | None, CompletionItem]


def _options(expected: Expected) -> Iterator[_Ranked]:
    """Yield the options; a word without dashes means one too where nothing else may stand."""
    typed = expected.prefix
    if typed and not typed.startswith("-"):
        if expected.value_of is not None or expected.words:
            return
        typed = f"--{typed}"
    for parameter in expected.parameters:
        meta = f"needed: {parameter.help}" if parameter.required else parameter.help
        for spelling in parameter.spellings:
            yield rank(typed, spelling), CompletionItem(spelling, meta, parameter.kind.metavar)


def _values(expected: Expected, values: Mapping[str, object], names: LiveNames) -> Iterator[_Ranked]:
    """Yield the values that begin with what is typed of the last item, and those that fit it in another way."""
    parameter, typed = expected.value_of, expected.prefix
    if parameter is None:
        return
    head = typed[: max(typed.rfind(","), typed.rfind("/")) + 1]
    live = is_live(parameter.kind)
    if not live:  # All that begins with it is among all that there is, only where that comes from a list.
        for text, meta in _candidates(parameter.kind, typed, values, names):
            yield rank(typed, text), CompletionItem(_as_value(text), meta)
    if head == typed and not live:
        return
    last = typed[len(head) :]
    candidates = list(_candidates(parameter.kind, head, values, names, typed))
    ranks = [rank(last, text[len(head) :]) for text, _ in candidates]
    searched = live and last != "" and len(ranks) - ranks.count(None) < FEW
    for how, (text, meta) in zip(ranks, candidates, strict=True):
        if how is not None:
            yield how, CompletionItem(_as_value(text), meta)
        elif searched and begins_word(last, meta):
            yield IN_REMARK, CompletionItem(_as_value(text), meta)


def _candidates(
    kind: Kind, prefix: str, values: Mapping[str, object], names: LiveNames, typed: str | None = None
) -> Iterable[Candidate]:
    """Return what the kind offers for a beginning; ``typed`` is what a long list is searched for, if more."""
    if kind.secret:
        return ()
    owner = values.get("owner")
    wanted: Names = names.narrow(prefix if typed is None else typed, owner if isinstance(owner, str) else None)
    return kind.complete(prefix, wanted, values)


@lru_cache(maxsize=4096)
def _as_value(text: str) -> str:
    """Return a value as it must be typed; one in the form of an option is quoted to be none."""
    return f"'{text}'" if text.startswith("-") and "'" not in text else quote_word(text)


def usage_form(parameter: Parameter) -> str:
    """Return how the option and its value are written: ``--owner OWNER``."""
    return " ".join(filter(None, [*parameter.spellings[:1], parameter.kind.metavar]))


def rank(typed: str, text: str) -> int | None:
    """Return how well ``text`` fits what is typed, 0 for best, None where it does not fit."""
    if text.startswith(typed):
        return BEGINNING
    wanted, there = typed.lower(), text.lower()
    if wanted.startswith("-"):
        wanted, there = wanted.lstrip("-"), there.lstrip("-")
    if not wanted:
        return None
    if there.startswith(wanted):
        return OTHER_CASE
    if begins_word(wanted, there):
        return INNER_WORD
    letters = iter(there)
    return IN_ORDER if len(wanted) > 1 and all(letter in letters for letter in wanted) else None


def begins_word(typed: str, text: str) -> bool:
    """Tell whether a word inside ``text`` begins with what is typed, whatever the letters' case."""
    wanted, there = typed.lower(), text.lower()
    if wanted not in there:
        return False
    return any(there.startswith(wanted, word.start()) for word in _WORD.finditer(there))
