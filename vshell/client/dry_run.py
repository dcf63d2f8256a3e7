"""The clients that change nothing: for one command with ``--dry-run``, and for a whole script.

A script runs against the server's rehearsals (``POST /api/rehearsals/``), which run requests one after the other by all
its rules and undo them. Reads are passed on as they are until the first change; from then on everything is rehearsed,
with the changes of the earlier lines sent along, so that a line may build on one before it.

Rules:

- A change whose answer nobody waits for is put off (``PutOff`` is raised) until many can be sent at once.
- What the server does not try (a sign-in, another's password) raises ``NotTried`` where its answer is waited for.
- Of more changes than a rehearsal takes, the oldest are left out; ``forgotten`` counts them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vshell.client.client import Client, Request, read_value, whole_path
from vshell.client.transport import Answer
from vshell.errors import Failed, ShellError
from vshell.state.identity import Credential

READS = ("/apitokens/verify/", "/v1/sys/capabilities", "/v1/sys/capabilities-self")
"""Paths that change nothing although something is sent to them: a secret must not stand in an address."""

PATH = "/rehearsals/"
MOST_REQUESTS = 500
MOST_CHARACTERS = 800_000
MOST_PUT_OFF = 100


class WouldSend(Exception):
    """The request that would have changed something; its text names the method and the path, not the body."""


class PutOff(Exception):
    """The answer to this change comes later, in ``change``."""

    def __init__(self, change: Change) -> None:
        super().__init__("the answer comes later")
        self.change = change


class NotTried(Exception):
    """The server does not rehearse this; its text names the method and the path."""


class _SafeClient(Client):
    """A client that passes reads on to the real one."""

    def __init__(self, client: Client) -> None:
        super().__init__(client.finder, client.timeout)
        self._client = client

    def use(self, credential: Credential | None, session_store: object = None) -> None:
        """Go on as before: nobody has signed in."""

    def close(self) -> None:
        """Leave the real client open."""


class DryRunClient(_SafeClient):
    """The real server as far as it is read; the first request that would change something raises WouldSend."""

    is_dry_run = True

    def send(self, request: Request) -> object:
        """Return the real server's answer to a read; raises WouldSend for every other request."""
        if request.method != "GET" and request.path not in READS:
            raise WouldSend(f"{request.method} {request.path} would be sent to the server")
        return self._client.send(request)


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

    def as_json(self) -> dict[str, object]:
        """Return it as the server takes it."""
        return {"method": self.method, "path": self.path, "body": self.body, "seed": self.seed}

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class RehearsalClient(_SafeClient):
    """Answers as the server would if all that was sent before had been done; ``putting_off`` may be set at any time.

    ``changes`` are those of the line that runs.
    """

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._at: int | None = None
        self._earlier: list[Change] = []
        self._put_off: list[Change] = []
        self._run = secrets.token_hex(8)
        self._count = 0
        self.changes: list[Change] = []
        self.putting_off = False
        self.forgotten = 0

    def send(self, request: Request) -> object:
        """Return what the server would answer; raises the ShellError of a refusal, PutOff and NotTried."""
        is_read = request.method.upper() == "GET" or request.path in READS
        if is_read and (not request.signed or not (self._earlier or self._put_off)):
            return self._client.send(request)
        self._count += 1
        change = Change(request.method.upper(), _address(request), request.body, f"{self._run}-{self._count}")
        if not is_read:
            self.changes.append(change)
            if self.putting_off and request.signed:
                self._put_off.append(change)
                raise PutOff(change)
        if not request.signed:
            raise NotTried(str(change))
        return self._rehearse(change, remember=not is_read)

    def settle(self) -> None:
        """Send the changes that were put off, and note their answers."""
        if self._put_off:
            self._rehearse(None, remember=False)

    @property
    def is_full(self) -> bool:
        """Whether enough was put off to be sent."""
        return len(self._put_off) >= MOST_PUT_OFF

    def _rehearse(self, last: Change | None, *, remember: bool) -> object:
        """Have everything rehearsed that is not yet answered, and return what ``last`` is answered."""
        new = self._put_off if last is None else [*self._put_off, last]
        self._put_off = []
        self._make_room(new)
        body: dict[str, Any] = {"requests": [change.as_json() for change in (*self._earlier, *new)]}
        if self._at is not None:
            body["at"] = self._at
        answer = self._client.request("POST", PATH, body)
        if not isinstance(answer, dict) or not isinstance(answer.get("outcomes"), list):
            raise Failed("This server cannot rehearse a script.", "Use a vshell-server as new as this shell.")
        self._at = answer["at"]
        outcomes = answer["outcomes"][len(self._earlier) :]
        result: object = None
        for change, outcome in zip(new, outcomes, strict=True):
            result = self._note(change, outcome)
            if change.error is None and change.tried and (remember or change is not last):
                self._earlier.append(change)
        if last is not None and last.error is not None:
            raise last.error
        if last is not None and not last.tried:
            raise NotTried(str(last))
        return result

    def _note(self, change: Change, outcome: Mapping[str, Any]) -> object:
        """Note what one request would be answered, and return its value."""
        status, body = outcome["status"], outcome.get("body")
        change.answered = True
        change.tried = status != 202
        if not change.tried:
            return None
        content = b"" if body is None else json.dumps(body).encode()
        try:
            return read_value(Answer(status, {"Content-Type": "application/json"}, content), self.url)
        except ShellError as error:
            change.error = error
            return None

    def _make_room(self, new: list[Change]) -> None:
        """Leave out the oldest changes that a rehearsal has no room for."""
        sizes = [len(json.dumps(change.as_json())) for change in (*self._earlier, *new)]
        while self._earlier and (len(sizes) > MOST_REQUESTS or sum(sizes) > MOST_CHARACTERS):
            del self._earlier[0], sizes[0]
            self.forgotten += 1


def _address(request: Request) -> str:
    """Return a path as the server's routes have it, with its query."""
    whole = whole_path(request.path).replace("/api/latest/", "/api/", 1)
    query = request.query_string
    return f"{whole}{'&' if '?' in whole else '?'}{query}" if query else whole
