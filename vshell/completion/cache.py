"""The rows that completion holds: lists, searches in long lists, and what commands printed since.

Rules: bounded in every direction; read by one thread and filled by another, so every change is made under one lock and
puts new values in place of old ones instead of altering them.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from vshell.completion.resources import NOUNS, Row, select_rows

FRESH_SECONDS = 30.0
"""How long a list is taken as it is before it is requested again."""

BEGINNING_ROWS = 100
"""What is held of a list that is longer than a page: a menu of its beginning. Each row costs at every key."""

MOST_ANSWERS = 64
LEARNED_ROWS = 200


class NameQuery(NamedTuple):
    """What is to be got from the server: a whole list, or its entries that begin with a prefix or are of an owner."""

    noun: str
    prefix: str = ""
    owner: str | None = None

    @property
    def is_search(self) -> bool:
        """Whether it is not for the list."""
        return bool(self.prefix or self.owner)


class _Answer(NamedTuple):
    """The rows of an answer, whether they are all there are, and until when they are taken as they are."""

    rows: tuple[Row, ...] = ()
    whole: bool = False
    fresh_until: float = 0.0


class NameCache:
    """All that is held of one server as one person sees it; ``changes`` counts what may have made it old."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[NameQuery, _Answer] = OrderedDict()
        self._learned: dict[str, dict[object, Row]] = {}
        self.changes = 0

    def rows(self, noun: str) -> Sequence[Row]:
        """Return the rows of a noun, the newest learned ones last; none for an unknown noun."""
        with self._lock:
            rows = self._answers.get(NameQuery(noun), _Answer()).rows
            learned = dict(self._learned.get(noun, {}))
        return [learned.pop(row[NOUNS[noun].key], row) for row in rows] + list(learned.values()) if learned else rows

    def has_list(self, noun: str) -> bool:
        """Tell whether the list has been got once."""
        return NameQuery(noun) in self._answers

    def is_partial(self, noun: str) -> bool:
        """Tell whether the list is longer than what is held, and can be searched."""
        answer = self._answers.get(NameQuery(noun))
        return answer is not None and not answer.whole and NOUNS[noun].searched

    def find(self, query: NameQuery, now: float) -> tuple[Sequence[Row], bool]:
        """Return what a query found and whether that is new enough; else what an earlier, wider search found.

        A wider one that brought all there is answers for the narrower ones. ``now`` is in seconds of a clock that only
        goes forward.
        """
        with self._lock:
            exact = self._answers.get(query)
            if exact is not None or not query.is_search:
                return (exact.rows, now < exact.fresh_until) if exact else ((), False)
            wider = [answer for seen, answer in reversed(self._answers.items()) if _covers(seen, query)]
        whole = next((answer for answer in wider if answer.whole and now < answer.fresh_until), None)
        if whole is not None:
            return whole.rows, True
        return (wider[0].rows if wider else ()), False

    def store(
        self, query: NameQuery, rows: Sequence[object], *, whole: bool, now: float, asked_at_change: int | None = None
    ) -> None:
        """Hold the rows of an answer.

        ``asked_at_change`` is what ``changes`` was at the time of the request, None for what it is now: a list that a
        change has overtaken is held meanwhile, and requested again; a search is not held.
        """
        noun = NOUNS[query.noun]
        selected = select_rows(noun, rows)
        with self._lock:
            overtaken = asked_at_change not in (None, self.changes)
            if query.is_search:
                if overtaken:
                    return
                # A server without this query answers another one; names are found in any case.
                prefix = query.prefix.lower()
                selected = tuple(row for row in selected if str(row[noun.key]).lower().startswith(prefix))
            elif not whole:
                selected = selected[:BEGINNING_ROWS]
            elif not overtaken:
                self._learned.pop(query.noun, None)
            self._answers[query] = _Answer(selected, whole, 0.0 if overtaken else now + FRESH_SECONDS)
            self._answers.move_to_end(query)
            if len(self._answers) > MOST_ANSWERS:
                del self._answers[next(seen for seen in self._answers if seen.is_search)]

    def learn(self, noun: str, rows: Sequence[object]) -> None:
        """Hold what a command said about some objects, the last of them if they are many."""
        key = NOUNS[noun].key
        with self._lock:
            learned = dict(self._learned.get(noun, {}))
            listed = {row[key]: row for row in self._answers.get(NameQuery(noun), _Answer()).rows}
            for row in select_rows(NOUNS[noun], rows[-LEARNED_ROWS:]):
                learned[row[key]] = {**learned.pop(row[key], listed.get(row[key], {})), **row}
            self._learned[noun] = dict(list(learned.items())[-LEARNED_ROWS:])

    def forget(self, noun: str, field_name: str, value: object) -> None:
        """Drop the objects that have this value in this field, because they are no more."""
        with self._lock:
            self._drop_searches()
            query, learned = NameQuery(noun), self._learned.get(noun, {})
            if query in self._answers:
                rows = tuple(row for row in self._answers[query].rows if row.get(field_name) != value)
                self._answers[query] = self._answers[query]._replace(rows=rows)
            self._learned[noun] = {name: row for name, row in learned.items() if row.get(field_name) != value}

    def expire(self) -> None:
        """Note that any list may be out of date."""
        with self._lock:
            self.changes += 1
            self._drop_searches()
            for query, answer in self._answers.items():
                self._answers[query] = answer._replace(fresh_until=0.0)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self.changes += 1
            self._answers.clear()
            self._learned = {}

    def _drop_searches(self) -> None:
        for query in [query for query in self._answers if query.is_search]:
            del self._answers[query]


def _covers(seen: NameQuery, query: NameQuery) -> bool:
    """Tell whether an earlier search may hold some of what is searched for now."""
    same = seen.is_search and seen.noun == query.noun and seen.owner in (None, query.owner)
    return same and query.prefix.startswith(seen.prefix)
