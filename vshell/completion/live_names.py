"""The live names of a server for completion, held in memory and refreshed by one thread.

Rules:

- Only the background thread opens a socket, through a connection of its own. What is requested and missing or
  old it fetches, and then calls ``on_change``. Only ``wait_briefly`` waits for it, a few milliseconds at most.
- A list longer than a page is not held whole: what is typed is searched for at the server, before all else. A
  newer search replaces one that has not begun, and a line that moves on to something else drops it.
- Only the fields that completion needs are held, never a secret. What a command printed is learned at no cost.
- A failure is a state with one sentence; no request is sent again before ``RETRY_SECONDS`` have passed.
- Another server, or another user at the same one: everything held is dropped.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

from vshell.client.client import Client, HttpClient, Target, TargetFinder
from vshell.completion.cache import NameCache, NameQuery
from vshell.completion.resources import FOUND_ROWS, HELD_ROWS, LONGEST_VALUE, NOUNS, Row, beginning, page, search
from vshell.errors import NotAllowed, NotFound, ShellError, SlowDown, Unreachable
from vshell.kinds import Names

RETRY_SECONDS = 5.0
READ_SECONDS = 5.0

WAIT_SECONDS = 0.008
"""How long the screen may stay as it is behind a key: half of what a person could notice."""

NOT_SIGNED_IN = "not signed in"


class State(NamedTuple):
    """How it stands with the names; ``sentence`` says what went wrong, "" where nothing did."""

    kind: Literal["idle", "loading", "fresh", "failed"]
    sentence: str = ""


class WaitBudget:
    """Whether it pays to wait for an answer: only where the last one came within the time there is.

    A menu that is drawn twice for one key costs more than the few milliseconds in which a near server answers. A server
    that is slow, or hangs, is waited for once, and then not again before an answer came quickly. One thread begins and
    waits, another ends.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, seconds: float = WAIT_SECONDS) -> None:
        """``clock`` gives seconds, ``seconds`` is how long is waited at most."""
        self._clock = clock
        self._seconds = seconds
        self._settled = threading.Event()
        self._question: object = None
        self._asked_at = 0.0
        self._quick = False

    def begin(self, question: object) -> None:
        """Note the question that begins now; an earlier one is waited for no longer."""
        self._settled.clear()
        self._question, self._asked_at = question, self._clock()

    def end(self, question: object) -> None:
        """Note that a question is answered."""
        if question == self._question:
            self._quick = self._clock() - self._asked_at <= self._seconds
            self._settled.set()

    def drop(self) -> None:
        """Note that the answer is not wanted any more."""
        self._question = None

    def wait(self) -> bool:
        """Wait briefly for the answer where that pays, and tell whether there is one since it was asked."""
        if self._question is None:
            return False
        if self._quick and not self._settled.is_set():
            self._quick = self._settled.wait(self._seconds)
        if not self._settled.is_set():
            return False
        self._question = None
        return True


def connect(target: Target) -> HttpClient:
    """Return a connection of our own to the same server as the same person."""
    credential = target.credential
    if credential is not None:
        # This connection must not end the session, nor renew it where the other would not learn of it.
        refresh = credential.refresh if target.session_store else None
        credential = credential._replace(passing=False, refresh=refresh)
    return HttpClient(TargetFinder(lambda: target._replace(credential=credential)), timeout=READ_SECONDS)


class LiveNames:
    """The live names of the server that ``target`` leads to."""

    def __init__(
        self,
        target: Callable[[], Target],
        *,
        clock: Callable[[], float] = time.monotonic,
        local: Mapping[str, Callable[[], Sequence[Row]]] | None = None,
        write: Callable[[Target, str, Sequence[object], float], None] | None = None,
    ) -> None:
        """``target`` is called in the background thread and may raise ShellError; ``clock`` gives seconds.

        ``local`` holds lists that this machine has and no server is queried for, such as the named servers.
        ``write`` gets who asked where, a noun, its list, and when the server was asked (in seconds since 1970), to
        write them down for other runs.
        """
        self._write = write
        self._local = local or {}
        self._find_target = target
        self._clock = clock
        self._cache = NameCache()
        self._queries: OrderedDict[tuple[str, bool], NameQuery] = OrderedDict()
        self._news = threading.Condition()  # held for bookkeeping only, never during a request
        self._budget = WaitBudget(clock)
        self._busy = False
        self._closed = False
        self._trouble = ""
        self._wait_until = 0.0
        self._connection: Client | None = None
        self._identity: object = None
        self._at: Target | None = None
        self._thread: threading.Thread | None = None
        self.on_change: Callable[[], None] = lambda: None
        self.url = ""

    # For whoever types.

    @property
    def who(self) -> str:
        """The name of who we are at the server, "" while it is unknown."""
        rows = self._cache.rows("login")
        return str(rows[0]["username"]) if rows else ""

    @property
    def state(self) -> State:
        """How it stands with the names."""
        if self._trouble:
            return State("failed", self._trouble)
        if self._busy or self._queries:
            return State("loading")
        return State("fresh" if self._cache.has_list("login") else "idle")

    def rows(self, noun: str) -> Sequence[Row]:
        """Return the known rows of a noun; a list that is unknown or old is requested meanwhile."""
        if noun in self._local:
            with suppress(ShellError):
                return self._local[noun]()
        if noun not in NOUNS:
            return ()
        self._want(NameQuery(noun))
        return self._cache.rows(noun)

    def narrow(self, prefix: str, owner: str | None = None) -> Names:
        """Return the names as they are wanted for what is typed: a long list is searched at the server."""
        return _NarrowedNames(self, prefix.rpartition(",")[2][:LONGEST_VALUE], owner)

    def search(self, noun: str, prefix: str, owner: str | None) -> Sequence[Row]:
        """Return the known rows, those found for ``prefix`` first; a long list is searched for more."""
        rows = self.rows(noun)
        if not self._cache.is_partial(noun):
            return rows
        query = NameQuery(noun, prefix, owner)
        best, searched = self._cache.find(query, self._clock())
        if not searched and query.is_search:  # Without either, it would bring what is held anyway.
            self._want(query)
        key = NOUNS[noun].key
        return list({row[key]: row for row in (*best, *rows)}.values())

    def drop_searches(self) -> None:
        """Drop the searches that have not begun: what is typed now is none of the server's names."""
        with self._news:
            for wanted in [key for key in self._queries if key[1]]:
                del self._queries[wanted]
        self._budget.drop()

    def wait_briefly(self) -> bool:
        """Wait for what is searched for, a few milliseconds and only if that was enough last; tell whether it came."""
        return self._budget.wait()

    def invalidate(self) -> None:
        """Note that the server's objects may have changed; ``refresh`` asks for them."""
        self._cache.expire()

    def refresh(self) -> None:
        """Have everything that is old or unknown asked for."""
        for noun in NOUNS:
            self._want(NameQuery(noun))

    def learn(self, noun: str, rows: Sequence[object]) -> None:
        """Hold what a command said about some objects."""
        self._cache.learn(noun, rows)

    def forget(self, noun: str, field_name: str, value: object) -> None:
        """Drop the objects that have this value in this field, because they are no more."""
        self._cache.forget(noun, field_name, value)

    def start(self) -> None:
        """Start the background thread, which gets everything once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="vshell-names", daemon=True)
            self.refresh()
            self._thread.start()

    def close(self) -> None:
        """Let the background thread end; one that waits for the server is not waited for."""
        with self._news:
            self._closed = True
            self._news.notify()

    def _want(self, query: NameQuery) -> None:
        with self._news:
            if self._is_due(query):
                self._queries[query.noun, query.is_search] = query
                if query.is_search:
                    self._queries.move_to_end((query.noun, True), last=False)  # Its menu is on the screen.
                    self._budget.begin(query)
                self._news.notify()

    def _is_due(self, query: NameQuery) -> bool:
        now = self._clock()
        return now >= self._wait_until and not self._cache.find(query, now)[1]

    # The background thread.

    def _work(self) -> None:
        while True:
            with self._news:
                while not self._queries and not self._closed:
                    self._news.wait()
                if self._closed:
                    return
                self._busy = True  # before the query is taken: ``state`` is read without the lock
                _, query = self._queries.popitem(last=False)
                due = self._is_due(query)
            if due:
                self._answer(query)
            self._busy = False
            self._budget.end(query)
            if due or not self._queries:  # That nothing is loading any more is news too.
                self.on_change()

    def _answer(self, query: NameQuery) -> None:
        """Get what the query names, or note the failure as the state."""
        try:
            self._get(query)
        except (NotAllowed, NotFound) as error:
            # Not for us to see, or not offered by this server: an empty list. Only a missing sign-in is shown.
            self._cache.store(query, [], whole=True, now=self._clock())
            self._note_success(query, NOT_SIGNED_IN if isinstance(error, NotAllowed) else "")
        except ShellError as error:
            self._note_failure(_SHORT.get(type(error), error.sentence))
        except Exception:
            # Whatever a server or a proxy may send: names are a convenience and never a reason to fall.
            self._note_failure("the server's answer is not understood")
        else:
            self._note_success(query)

    def _note_success(self, query: NameQuery, trouble: str = "") -> None:
        """Note that the server answered; ``trouble`` says that we are not signed in, if that was the question."""
        if query.noun == "login":
            self._trouble = trouble
        elif self._trouble != NOT_SIGNED_IN:
            self._trouble = ""

    def _note_failure(self, sentence: str) -> None:
        with self._news:
            self._trouble = sentence
            self._wait_until = self._clock() + RETRY_SECONDS
            self._queries.clear()

    def _get(self, query: NameQuery) -> None:
        noun, asked_at = NOUNS[query.noun], time.time()  # before it is found who asks: that may change meanwhile
        connection = self._connect_now()
        changes = self._cache.changes
        if query.noun == "login":
            rows, whole = page([connection.request("GET", noun.path)])
        else:
            most = FOUND_ROWS if query.is_search else HELD_ROWS
            fields = search(noun, query.prefix, query.owner) if query.is_search else beginning(noun)
            rows, whole = page(connection.request("GET", noun.path, query=fields), most)
        self._cache.store(query, rows, whole=whole, now=self._clock(), asked_at_change=changes)
        if self._write is not None and self._at is not None and not query.is_search and query.noun != "login":
            self._write(self._at, query.noun, rows, asked_at)

    def _connect_now(self) -> Client:
        """Return the connection to where the target leads now; forget everything when that is elsewhere."""
        target = self._find_target()
        identity = target.identity
        if self._connection is None or identity != self._identity:
            if self._identity is not None:
                self._cache.clear()
                self.refresh()
            self.url = target.url
            self._at = target
            self._identity = identity
            self._connection = connect(target)
        return self._connection


class _NarrowedNames(NamedTuple):
    """The names for what is being typed."""

    names: LiveNames
    prefix: str
    owner: str | None

    def rows(self, noun: str) -> Sequence[Row]:
        """Return the rows that may be meant."""
        return self.names.search(noun, self.prefix, self.owner)


_SHORT: Mapping[type[ShellError], str] = {
    Unreachable: "the server does not answer",
    SlowDown: "the server asks for fewer requests",
}
