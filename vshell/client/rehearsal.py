"""A server that is asked what it would answer: what a whole script runs against in a dry run.

The server's rehearsals (``POST /api/rehearsals/``) run requests one after the other by all its rules and undo them.
Looks are passed on as they are until the first change; from then on everything is rehearsed, with the changes of the
earlier lines sent along, so that a line may build on one before it.

Rules:

- A change whose answer nobody waits for is put off (``PutOff`` is raised) until many can be asked for at once.
- What the server does not try (a sign-in, another's password) raises ``NotTried`` where its answer is waited for.
- Of more changes than a rehearsal takes, the oldest are left out; ``forgotten`` counts them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vshell.client import responses
from vshell.client.client import HttpClient, whole_path
from vshell.client.dry_run import LOOKING
from vshell.client.target import Target
from vshell.errors import Failed, ShellError
from vshell.state.credentials import Credential

PATH = "/rehearsals/"
MOST_REQUESTS = 500
MOST_CHARACTERS = 800_000
MOST_PUT_OFF = 100


class PutOff(Exception):
    """The answer to this change comes later, in ``change``."""

    def __init__(self, change: Change) -> None:
        super().__init__("the answer comes later")
        self.change = change


class NotTried(Exception):
    """The server does not rehearse this; its text names the method and the path."""


@dataclass(slots=True)
class Change:
    """One request that would change something: ``answered`` once it is known how, ``error`` how it was refused."""

    method: str
    path: str
    body: object = field(repr=False)
    seed: str
    answered: bool = False
    tried: bool = True
    error: ShellError | None = None

    def sent(self) -> dict[str, object]:
        """Return it as the server takes it."""
        return {"method": self.method, "path": self.path, "body": self.body, "seed": self.seed}

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Said:
    """What the server would answer, in the form of an HTTP response."""

    status_code: int
    content: bytes
    headers: Mapping[str, str]


class RehearsalClient(HttpClient):
    """Answers as the server would if all that was sent before had been done; ``putting_off`` may be set at any time.

    ``changes`` are those of the line that runs.
    """

    def __init__(self, real: HttpClient) -> None:
        super().__init__("")
        self._real = real
        self._at: int | None = None
        self._earlier: list[Change] = []
        self._put_off: list[Change] = []
        self._run = secrets.token_hex(8)
        self._count = 0
        self.changes: list[Change] = []
        self.putting_off = False
        self.forgotten = 0

    @property
    def place(self) -> Target:
        """The real server."""
        return self._real.place

    @property
    def link(self) -> Target:
        """The real server and the credential."""
        return self._real.link

    @property
    def credential(self) -> Credential | None:
        """The real credential."""
        return self._real.credential

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        *,
        signed: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> object:
        """Return what the server would answer; raises the ShellError of a refusal, PutOff and NotTried."""
        looks = method.upper() == "GET" or path in LOOKING
        if looks and (not signed or not (self._earlier or self._put_off)):
            return self._real.request(method, path, body, query, signed=signed, headers=headers)
        self._count += 1
        change = Change(method.upper(), _address(path, query), body, f"{self._run}-{self._count}")
        if not looks:
            self.changes.append(change)
            if self.putting_off and signed:
                self._put_off.append(change)
                raise PutOff(change)
        if not signed:
            raise NotTried(str(change))
        return self._ask(change, remember=not looks)

    def settle(self) -> None:
        """Ask for the answers that were put off."""
        if self._put_off:
            self._ask(None, remember=False)

    @property
    def is_full(self) -> bool:
        """Tell whether enough was put off to be asked for."""
        return len(self._put_off) >= MOST_PUT_OFF

    def _ask(self, last: Change | None, *, remember: bool) -> object:
        """Have everything rehearsed that is not yet known, and return what ``last`` is answered."""
        new = self._put_off if last is None else [*self._put_off, last]
        self._put_off = []
        self._make_room(new)
        wish: dict[str, Any] = {"requests": [change.sent() for change in (*self._earlier, *new)]}
        if self._at is not None:
            wish["at"] = self._at
        said = self._real.request("POST", PATH, wish)
        if not isinstance(said, dict) or not isinstance(said.get("outcomes"), list):
            raise Failed("This server cannot rehearse a script.", "Use a vshell-server as new as this shell.")
        self._at = said["at"]
        outcomes = said["outcomes"][len(self._earlier) :]
        result: object = None
        for change, outcome in zip(new, outcomes, strict=True):
            result = self._settled(change, outcome)
            if change.error is None and change.tried and (remember or change is not last):
                self._earlier.append(change)
        if last is not None and last.error is not None:
            raise last.error
        if last is not None and not last.tried:
            raise NotTried(str(last))
        return result

    def _settled(self, change: Change, outcome: Mapping[str, Any]) -> object:
        """Note what one request would be answered, and return its value."""
        status, body = outcome["status"], outcome.get("body")
        change.answered = True
        change.tried = status != 202
        if not change.tried:
            return None
        content = b"" if body is None else json.dumps(body).encode()
        try:
            return responses.value(Said(status, content, {"Content-Type": "application/json"}), self.url)
        except ShellError as error:
            change.error = error
            return None

    def _make_room(self, new: list[Change]) -> None:
        """Leave out the oldest changes that a rehearsal has no room for."""
        sizes = [len(json.dumps(change.sent())) for change in (*self._earlier, *new)]
        while self._earlier and (len(sizes) > MOST_REQUESTS or sum(sizes) > MOST_CHARACTERS):
            del self._earlier[0], sizes[0]
            self.forgotten += 1


def _address(path: str, query: Mapping[str, object] | None) -> str:
    """Return a path as the server's routes have it, with its query."""
    from urllib.parse import urlencode

    whole = whole_path(path).replace("/api/latest/", "/api/", 1)
    given = {name: str(value) for name, value in (query or {}).items() if value is not None}
    return f"{whole}{'&' if '?' in whole else '?'}{urlencode(given)}" if given else whole
