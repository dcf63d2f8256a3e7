"""What may come at the cursor, with a remark each: for the menu, the grey hint and ``?``; nothing here waits."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from vshell.completion.live_names import LiveNames
from vshell.formats.text import visible
from vshell.formats.token_format import tokens_in
from vshell.kinds import Candidate, Kind, ListOf, Live, Names, Several
from vshell.language.lexer import quoted
from vshell.language.parsed_line import Expected, ParsedLine
from vshell.prompt.ranking import begins_word, best, rank
from vshell.registry.parameter import Parameter

IN_REMARK = 4
"""How well a value fits of which only the remark holds what is typed: behind all others."""

LONGEST_META = 46
"""Columns of a remark in the menu: behind a word of the usual length it then fits into half a wide terminal, and each
cell costs at every draw; ``?`` tells the whole of it."""

FEW = 10
"""Where fewer values fit than that, their remarks are searched too."""


class Offer(NamedTuple):
    """One thing that may stand at the cursor: the text to type, a remark, and the value's metavar if one follows."""

    text: str
    meta: str
    follows: str = ""


class Offers:
    """The offers for the line as it is read now; the menu and the hint both want them at each key."""

    def __init__(self, names: LiveNames) -> None:
        self._names = names
        self._of: tuple[ParsedLine, list[Offer]] | None = None

    def fresh(self, reading: ParsedLine) -> list[Offer]:
        """Return the offers from what is known by now."""
        found = offers(reading, self._names)
        self._of = (reading, found)
        return found

    def known(self, reading: ParsedLine) -> list[Offer]:
        """Return the offers that were worked out last, if that was for this very reading."""
        return self._of[1] if self._of is not None and self._of[0] is reading else self.fresh(reading)


def offers(reading: ParsedLine, names: LiveNames) -> list[Offer]:
    """Return what may be put in place of what is typed of the word at the cursor, best first.

    None can steer the terminal. A token that is being pasted is looked for nowhere.
    """
    expected = reading.expected
    typed = expected.prefix
    if any(tokens_in(typed)):
        return []
    found = [*_words(expected), *_values(expected, reading.values, names), *_options(expected)]
    seen: dict[str, Offer] = {}
    for offer in best(typed, found, lambda pair: pair[0]):
        if offer[1].text.isprintable():
            seen.setdefault(offer[1].text, offer[1])
    return list(seen.values())


def may_become_right(reading: ParsedLine, names: LiveNames) -> bool:
    """Tell whether what is typed at the cursor is the beginning of something that may stand there."""
    expected = reading.expected
    prefix = expected.prefix
    parameter = expected.value_of
    if parameter is not None and any(_candidates(parameter.kind, prefix, reading.values, names)):
        return True
    words = (word for word, _ in expected.words)
    spellings = (spelling for each in expected.parameters for spelling in each.spellings)
    return any(each.startswith(prefix) for each in (*words, *spellings))


def is_live(kind: Kind) -> bool:
    """Tell whether the values of the kind, or of the items in its list, are the server's."""
    return isinstance(kind.kind if isinstance(kind, ListOf | Several) else kind, Live)


def shortened(text: str) -> str:
    """Return a remark that fits beside an offer, without anything that could steer the terminal."""
    text = visible(text)
    if len(text) <= LONGEST_META:
        return text
    whole_words, space, _ = text[: LONGEST_META - 2].rpartition(" ")
    return f"{whole_words if space else text[: LONGEST_META - 3]}..."


_Ranked = tuple[int | None, Offer]


def _words(expected: Expected) -> Iterator[_Ranked]:
    for word, explanation in expected.words:
        yield rank(expected.prefix, word), Offer(word, explanation)


def _options(expected: Expected) -> Iterator[_Ranked]:
    """Yield the options; a word without dashes means one too where nothing else may stand."""
    typed = expected.prefix
    only = expected.value_of is None and not expected.words
    if typed and not typed.startswith("-") and not only:
        return
    if typed and not typed.startswith("-"):
        typed = f"--{typed}"
    for parameter in expected.parameters:
        meta = f"needed: {parameter.help}" if parameter.required else parameter.help
        for spelling in parameter.spellings:
            yield rank(typed, spelling), Offer(spelling, meta, parameter.kind.metavar)


def _values(expected: Expected, values: Mapping[str, object], names: LiveNames) -> Iterator[_Ranked]:
    """Yield the values that begin with what is typed of the last item, and those that fit it in another way."""
    parameter, typed = expected.value_of, expected.prefix
    if parameter is None:
        return
    head = typed[: max(typed.rfind(","), typed.rfind("/")) + 1]
    live = is_live(parameter.kind)
    if not live:  # All that begins with it is among all that there is, only where that comes from a list.
        for text, meta in _candidates(parameter.kind, typed, values, names):
            yield rank(typed, text), Offer(_as_value(text), meta)
    if head == typed and not live:
        return
    last = typed[len(head) :]
    candidates = list(_candidates(parameter.kind, head, values, names, typed))
    ranks = [rank(last, text[len(head) :]) for text, _ in candidates]
    searched = live and last != "" and len(ranks) - ranks.count(None) < FEW
    for how, (text, meta) in zip(ranks, candidates, strict=True):
        if how is not None:
            yield how, Offer(_as_value(text), meta)
        elif searched and begins_word(last, meta):
            yield IN_REMARK, Offer(_as_value(text), meta)


def _candidates(
    kind: Kind, prefix: str, values: Mapping[str, object], names: LiveNames, typed: str | None = None
) -> Iterable[Candidate]:
    """Return what the kind offers for a beginning; ``typed`` is what a long list is searched for, if more."""
    if kind.secret:
        return ()
    owner = values.get("owner")
    wanted: Names = names.looking_for(prefix if typed is None else typed, owner if isinstance(owner, str) else None)
    return kind.complete(prefix, wanted, values)


@lru_cache(maxsize=4096)
def _as_value(text: str) -> str:
    """Return a value as it must be typed; one that looks like an option is quoted to be none."""
    return f"'{text}'" if text.startswith("-") and "'" not in text else quoted(text)


def needed(parameter: Parameter) -> str:
    """Return how the option and its value are written: ``--owner OWNER``."""
    return " ".join(filter(None, [*parameter.spellings[:1], parameter.kind.metavar]))
