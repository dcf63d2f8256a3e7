"""The rows that completion knows: lists, searches in long lists, and what commands told since.

Rules: bounded in every direction; asked from one thread and filled from another, so every change is made under
one lock and puts new values in place of old ones instead of altering them.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vshell.completion.resources import NOUNS, Row, kept_rows

FRESH_SECONDS = 30.0
"""How long a list is taken as it is before it is asked for again."""

BEGINNING_ROWS = 100
"""What is held of a list that is longer than a page: a menu of its beginning. Each row costs at every key."""

KEPT_SEARCHES = 32
LEARNED_ROWS = 200


class NameQuery(NamedTuple):
    """What is to be got from the server: a whole list, or the entries that begin with ``prefix``."""

    noun: str
    search: bool = False
    prefix: str = ""
    owner: str | None = None


class _Found(NamedTuple):
    """What a search brought: whether that is all there is, and until when it is taken as it is."""

    rows: tuple[Row, ...]
    whole: bool
    fresh_until: float


class _List:
    """What is known of one noun: the rows, whether they are all, and what commands told since."""

    def __init__(self) -> None:
        self.rows: tuple[Row, ...] = ()
        self.known = self.whole = False
        self.ask_again_at = 0.0
        self.learned: Mapping[object, Row] = {}


class NameCache:
    """All that is known of one server as one person sees it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lists = {noun: _List() for noun in NOUNS}
        self._searches: OrderedDict[NameQuery, _Found] = OrderedDict()
        self.changes = 0

    def rows(self, noun: str) -> Sequence[Row]:
        """Return the known rows of a noun, the newest learned ones last; none for an unknown noun."""
        with self._lock:
            known = self._lists.get(noun)
            if known is None or not known.learned:
                return known.rows if known else ()
            learned = dict(known.learned)
        key = NOUNS[noun].key
        return [learned.pop(row[key], row) for row in known.rows] + list(learned.values())

    def known(self, noun: str) -> bool:
        """Tell whether the list has been got once."""
        return self._lists[noun].known

    def partial(self, noun: str) -> bool:
        """Tell whether the list is longer than what is held, and can be searched."""
        known = self._lists.get(noun)
        return known is not None and known.known and not known.whole and NOUNS[noun].searched

    def old(self, noun: str, now: float) -> bool:
        """Tell whether the list is to be asked for, at ``now`` in seconds of a clock that only goes forward."""
        return now >= self._lists[noun].ask_again_at

    def search(self, wish: NameQuery, now: float) -> tuple[Sequence[Row], bool]:
        """Return what a search found and whether that is new enough; else what an earlier, wider one found.

        A wider one that brought all there is answers for the narrower ones.
        """
        with self._lock:
            exact = self._searches.get(wish)
            if exact is not None:
                return exact.rows, now < exact.fresh_until
            wider = [found for seen, found in reversed(self._searches.items()) if _covers(seen, wish)]
        whole = next((found for found in wider if found.whole and now < found.fresh_until), None)
        if whole is not None:
            return whole.rows, True
        return (wider[0].rows if wider else ()), False

    def keep(self, wish: NameQuery, rows: Sequence[object], *, whole: bool, now: float, asked_at_change: int) -> None:
        """Keep the rows of an answer.

        ``asked_at_change`` is what ``changes`` was when the server was asked: an answer that a change has
        overtaken is kept for the moment, and asked for again.
        """
        noun = NOUNS[wish.noun]
        kept = kept_rows(noun, rows)
        with self._lock:
            overtaken = asked_at_change != self.changes
            if wish.search:
                if not overtaken:
                    # A server that does not know the question answers another; names are found in any case.
                    meant = (row for row in kept if str(row[noun.key]).lower().startswith(wish.prefix.lower()))
                    self._searches[wish] = _Found(tuple(meant), whole, now + FRESH_SECONDS)
                    self._searches.move_to_end(wish)
                while len(self._searches) > KEPT_SEARCHES:
                    self._searches.popitem(last=False)
                return
            known = self._lists[wish.noun]
            known.rows, known.whole, known.known = kept if whole else kept[:BEGINNING_ROWS], whole, True
            known.ask_again_at = 0.0 if overtaken else now + FRESH_SECONDS
            if whole and not overtaken:
                known.learned = {}

    def learn(self, noun: str, rows: Sequence[object]) -> None:
        """Keep what a command said about some objects, the last of them if they are many."""
        key = NOUNS[noun].key
        fresh = kept_rows(NOUNS[noun], rows[-LEARNED_ROWS:])
        with self._lock:
            known = self._lists[noun]
            learned = dict(known.learned)
            listed = {row[key]: row for row in known.rows} if fresh else {}
            for row in fresh:
                before = learned.pop(row[key], listed.get(row[key], {}))
                learned[row[key]] = {**before, **row}
            known.learned = dict(list(learned.items())[-LEARNED_ROWS:])

    def forget(self, noun: str, field_name: str, value: object) -> None:
        """Drop the objects that have this value in this field, because they are no more."""
        with self._lock:
            self._searches.clear()
            known = self._lists[noun]
            known.rows = tuple(row for row in known.rows if row.get(field_name) != value)
            known.learned = {name: row for name, row in known.learned.items() if row.get(field_name) != value}

    def changed(self) -> None:
        """Note that any list may be out of date."""
        with self._lock:
            self.changes += 1
            self._searches.clear()
            for known in self._lists.values():
                known.ask_again_at = 0.0

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self.changes += 1
            self._searches.clear()
            self._lists = {noun: _List() for noun in NOUNS}


def _covers(seen: NameQuery, wish: NameQuery) -> bool:
    """Tell whether an earlier search may hold some of what is searched for now."""
    return seen.noun == wish.noun and seen.owner in (None, wish.owner) and wish.prefix.startswith(seen.prefix)
