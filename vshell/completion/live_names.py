"""What a server was last seen to hold, for completion: asked at once from memory, refreshed by one thread.

Rules:

- Only the background thread opens a socket, through a connection of its own. What is asked for and missing or
  old it goes and gets, and tells by ``on_change``. Only ``wait_a_moment`` waits for it, a few milliseconds at most.
- A list longer than a page is not held whole: what is typed is searched for at the server, before all else. A
  newer search replaces one that has not begun, and a line that moves on to something else drops it.
- Only the fields that completion needs are kept, never a secret. What a command printed is learned at no cost.
- A failure is a state with one sentence; nothing is asked again before ``RETRY_SECONDS`` have passed.
- Another server, or somebody else at the same one: all is forgotten.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from vshell.completion.cache import NameCache, NameQuery
from vshell.completion.resources import FOUND_ROWS, HELD_ROWS, LONGEST_VALUE, NOUNS, Row, beginning, page, search
from vshell.completion.wait_budget import WaitBudget
from vshell.errors import NotAllowed, NotFound, ShellError, SlowDown, Unreachable
from vshell.kinds import Names

if TYPE_CHECKING:
    from vshell.client.client import HttpClient
    from vshell.client.target import Target

RETRY_SECONDS = 5.0
READ_SECONDS = 5.0

NOT_SIGNED_IN = "not signed in"


class State(NamedTuple):
    """How it stands with the names; ``sentence`` says what went wrong, "" where nothing did."""

    kind: Literal["idle", "loading", "fresh", "failed"]
    sentence: str = ""


class Requests(Protocol):
    """The part of ``vshell.client.client.Client`` that is needed here."""

    def request(self, method: str, path: str, body: object = None, query: Mapping[str, object] | None = None) -> object:
        """Send one request and return the decoded answer; raises ShellError."""


def connect(link: Target) -> HttpClient:
    """Return a connection of our own to the same server as the same person."""
    from vshell.client.client import HttpClient
    from vshell.client.target import TargetFinder

    credential = link.credential
    if credential is not None:
        # This connection must not end the session, nor renew it where the other would not learn of it.
        refresh = credential.refresh if link.session_store else None
        credential = replace(credential, passing=False, refresh=refresh)
    return HttpClient(TargetFinder(lambda: replace(link, credential=credential)), timeout=READ_SECONDS)


class LiveNames:
    """The live names of the server that ``link`` leads to."""

    def __init__(
        self,
        link: Callable[[], Target],
        *,
        connect: Callable[[Target], Requests] = connect,
        clock: Callable[[], float] = time.monotonic,
        local: Mapping[str, Callable[[], Sequence[Row]]] | None = None,
        write: Callable[[Target, str, Sequence[object], float], None] | None = None,
    ) -> None:
        """``link`` is called in the background thread and may raise ShellError; ``clock`` gives seconds.

        ``local`` holds lists that this machine has and no server is asked for, such as the named servers.
        ``write`` gets who asked where, a noun, its list, and when the server was asked (in seconds since 1970), to
        write them down for other runs.
        """
        self._write = write
        self._local = local or {}
        self._link = link
        self._connect = connect
        self._clock = clock
        self._memory = NameCache()
        self._wishes: OrderedDict[tuple[str, bool], NameQuery] = OrderedDict()
        self._news = threading.Condition()  # held for bookkeeping only, never while the server is asked
        self._patience = WaitBudget(clock)
        self._busy = False
        self._closed = False
        self._trouble = ""
        self._wait_until = 0.0
        self._connection: Requests | None = None
        self._identity: object = None
        self._at: Target | None = None
        self._thread: threading.Thread | None = None
        self.on_change: Callable[[], None] = lambda: None
        self.url = ""

    # For whoever types.

    @property
    def who(self) -> str:
        """The name of who we are at the server, "" while it is unknown."""
        rows = self._memory.rows("login")
        return str(rows[0]["username"]) if rows else ""

    @property
    def state(self) -> State:
        """How it stands with the names."""
        if self._trouble:
            return State("failed", self._trouble)
        if self._busy or self._wishes:
            return State("loading")
        return State("fresh" if self._memory.known("login") else "idle")

    def rows(self, noun: str) -> Sequence[Row]:
        """Return the known rows of a noun; a list that is unknown or old is asked for meanwhile."""
        if noun in self._local:
            with suppress(ShellError):
                return self._local[noun]()
        if noun not in NOUNS:
            return ()
        self._want(NameQuery(noun))
        return self._memory.rows(noun)

    def looking_for(self, prefix: str, owner: str | None = None) -> Names:
        """Return the names as they are wanted for what is typed: a long list is searched at the server."""
        return _Looking(self, prefix.rpartition(",")[2][:LONGEST_VALUE], owner)

    def found(self, noun: str, prefix: str, owner: str | None) -> Sequence[Row]:
        """Return the known rows, those found for ``prefix`` first; a long list is searched for more."""
        rows = self.rows(noun)
        if not self._memory.partial(noun):
            return rows
        wish = NameQuery(noun, True, prefix, owner)
        best, searched = self._memory.search(wish, self._clock())
        if not searched and (prefix or owner):  # Without either, it would bring what is held anyway.
            self._want(wish)
        key = NOUNS[noun].key
        return list({row[key]: row for row in (*best, *rows)}.values())

    def look_away(self) -> None:
        """Drop the searches that have not begun: what is typed now is none of the server's names."""
        with self._news:
            for wanted in [key for key in self._wishes if key[1]]:
                del self._wishes[wanted]
        self._patience.dropped()

    def wait_a_moment(self) -> bool:
        """Wait for what is searched for, a few milliseconds and only if that was enough last; tell whether it came."""
        return self._patience.wait()

    def invalidate(self) -> None:
        """Note that the server's objects may have changed; ``refresh`` asks for them."""
        self._memory.changed()

    def refresh(self) -> None:
        """Have everything that is old or unknown asked for."""
        for noun in NOUNS:
            self._want(NameQuery(noun))

    def learn(self, noun: str, rows: Sequence[object]) -> None:
        """Keep what a command said about some objects."""
        self._memory.learn(noun, rows)

    def forget(self, noun: str, field_name: str, value: object) -> None:
        """Drop the objects that have this value in this field, because they are no more."""
        self._memory.forget(noun, field_name, value)

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

    def _want(self, wish: NameQuery) -> None:
        with self._news:
            if self._due(wish):
                self._wishes[wish.noun, wish.search] = wish
                if wish.search:
                    self._wishes.move_to_end((wish.noun, True), last=False)  # Somebody looks at the menu now.
                    self._patience.asked(wish)
                self._news.notify()

    def _due(self, wish: NameQuery) -> bool:
        now = self._clock()
        if wish.search:
            return now >= self._wait_until and not self._memory.search(wish, now)[1]
        return now >= self._wait_until and self._memory.old(wish.noun, now)

    # The background thread.

    def _work(self) -> None:
        while True:
            with self._news:
                while not self._wishes and not self._closed:
                    self._news.wait()
                if self._closed:
                    return
                self._busy = True  # before the wish is taken: ``state`` looks without the lock
                _, wish = self._wishes.popitem(last=False)
                due = self._due(wish)
            if due:
                self._fulfil(wish)
            self._busy = False
            self._patience.answered(wish)
            if due or not self._wishes:  # That nothing is loading any more is news too.
                self.on_change()

    def _fulfil(self, wish: NameQuery) -> None:
        """Get what is wished for, or keep the state that the failure is."""
        try:
            self._get(wish)
        except (NotAllowed, NotFound) as error:
            # Not for us to see, or not offered by this server: an empty list. Only being nobody is told.
            self._keep(wish, [], whole=True)
            self._succeed(wish, NOT_SIGNED_IN if isinstance(error, NotAllowed) else "")
        except ShellError as error:
            self._fail(_SHORT.get(type(error), error.sentence))
        except Exception:
            # Whatever a server or a proxy may send: names are a convenience and never a reason to fall.
            self._fail("the server's answer is not understood")
        else:
            self._succeed(wish)

    def _succeed(self, wish: NameQuery, nobody: str = "") -> None:
        """Note that the server answered; ``nobody`` says that it does not know us, if that was the question."""
        if wish.noun == "login":
            self._trouble = nobody
        elif self._trouble != NOT_SIGNED_IN:
            self._trouble = ""

    def _fail(self, sentence: str) -> None:
        with self._news:
            self._trouble = sentence
            self._wait_until = self._clock() + RETRY_SECONDS
            self._wishes.clear()

    def _get(self, wish: NameQuery) -> None:
        noun, asked_at = NOUNS[wish.noun], time.time()  # before it is found who asks: that may change meanwhile
        connection = self._connected()
        changes = self._memory.changes
        if wish.noun == "login":
            rows, whole = page([connection.request("GET", noun.path)])
        elif wish.search:
            query = search(noun, wish.prefix, wish.owner)
            rows, whole = page(connection.request("GET", noun.path, query=query), FOUND_ROWS)
        else:
            rows, whole = page(connection.request("GET", noun.path, query=beginning(noun)), HELD_ROWS)
        self._keep(wish, rows, whole=whole, asked_at_change=changes)
        if self._write is not None and self._at is not None and not wish.search and wish.noun != "login":
            self._write(self._at, wish.noun, rows, asked_at)

    def _keep(
        self, wish: NameQuery, rows: Sequence[object], *, whole: bool, asked_at_change: int | None = None
    ) -> None:
        changes = self._memory.changes if asked_at_change is None else asked_at_change
        self._memory.keep(wish, rows, whole=whole, now=self._clock(), asked_at_change=changes)

    def _connected(self) -> Requests:
        """Return the connection to where the link leads now; forget everything when that is elsewhere."""
        link = self._link()
        identity = link.identity
        if self._connection is None or identity != self._identity:
            if self._identity is not None:
                self._memory.clear()
                self.refresh()
            self.url = link.url
            self._at = link
            self._identity = identity
            self._connection = self._connect(link)
        return self._connection


class _Looking:
    """The names for what is being typed."""

    def __init__(self, names: LiveNames, prefix: str, owner: str | None) -> None:
        self._names = names
        self._prefix = prefix
        self._owner = owner

    def rows(self, noun: str) -> Sequence[Row]:
        """Return the rows that may be meant."""
        return self._names.found(noun, self._prefix, self._owner)


_SHORT: Mapping[type[ShellError], str] = {
    Unreachable: "the server does not answer",
    SlowDown: "the server asks for fewer requests",
}
