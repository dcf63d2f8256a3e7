"""The real application over a real database, without a socket, and people who ask it."""

from __future__ import annotations

import base64
import functools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from falcon import testing

from server_stub import store
from server_stub.domain.base import token_format
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.base.token_format import Presented
from server_stub.operations import passwords
from server_stub.operations.audit_throttle import AuditThrottle
from server_stub.operations.context import ServerContext
from server_stub.store import foundation
from server_stub.store.database import Database
from server_stub.web import routes
from server_stub.web.http import app

BEGIN = 1_790_000_000 * SECOND
SOURCE = "192.0.2.7"
PASSWORD = "correct horse"
OTHER_ROOTS = ("/auth/", "/v1/", "/oauth/", "/.well-known/", "/baas/")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: int = BEGIN

    def __call__(self) -> int:
        return self.now

    def advance(self, length: int) -> None:
        """Let time pass, in microseconds."""
        self.now += length


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    json: Any
    headers: dict[str, str]


@dataclass
class Person:
    """Somebody who asks, by what they show with each request."""

    ask_site: Callable[..., Answer]
    authorization: str | None = field(default=None, repr=False)

    def ask(self, method: str, path: str, body: object = None, **options: Any) -> Answer:
        """Send a request to /api/latest; ``options`` are those of ``Service.ask``."""
        return self.ask_site(method, path, body, self.authorization, **options)

    def get(self, path: str, /, **query: str) -> Any:
        """Look, and return what a good answer holds."""
        return self._good("GET", path, None, query)

    def post(self, path: str, /, **body: object) -> Any:
        """Make something, and return what a good answer holds."""
        return self._good("POST", path, body)

    def patch(self, path: str, **body: object) -> Any:
        """Change something, and return what a good answer holds."""
        return self._good("PATCH", path, body)

    def refused(self, status: int, method: str, path: str, body: object = None, **options: Any) -> str:
        """Ask for what is refused with a status, and return the sentence; check its form."""
        answer = self.ask(method, path, body, **options)
        assert answer.status == status, answer
        sentence, hint = answer.json["detail"], answer.json["hint"]
        assert sentence[:1].islower() or not sentence[:1].isalpha()
        assert not sentence.endswith(".")
        assert hint is None or hint
        return str(sentence)

    def _good(self, method: str, path: str, body: object, query: dict[str, str] | None = None) -> Any:
        answer = self.ask(method, path, body, query=query)
        assert 200 <= answer.status < 300, answer
        return answer.json


class Service:
    """A server without a socket: its application, its database, its clock."""

    def __init__(self, database_url: str, url: str = "", dc: str = "") -> None:
        engine = store.engine_of(database_url)
        store.migrate(engine)
        server_id = foundation.lay(engine)
        self.url = url
        self.clock = Clock()
        self.database = Database(engine, self.clock)
        self.throttle = AuditThrottle(self.database)
        minted = token_format.mint(BEGIN, os.urandom(token_format.FRESH_BYTES))
        check = functools.partial(passwords.check_password, self.database)
        site = ServerContext(server_id, "", os.urandom, check, url, dc=dc, is_first=self.throttle.is_first)
        local = Presented(minted.id, minted.digest)
        self.client = testing.TestClient(
            app.build(app.AppContext(self.database, site, local, self.throttle), routes.SERVED)
        )
        self.local = Person(self.ask, f"Bearer {minted.token}")
        self.nobody = Person(self.ask)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        authorization: str | None = None,
        *,
        query: dict[str, str] | None = None,
        form: str | None = None,
        source: str = SOURCE,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request to /api/latest, or to a path of another root; ``form`` goes instead of a JSON body."""
        sent = dict(headers or {}) | ({} if authorization is None else {"Authorization": authorization})
        content = None if body is None else json.dumps(body)
        if form is not None:
            sent["Content-Type"], content = "application/x-www-form-urlencoded", form
        whole = path if path.startswith(OTHER_ROOTS) else f"/api/latest{path}"
        answer = self.client.simulate_request(
            method, whole, params=query, body=content, headers=sent, remote_addr=source
        )
        decoded = json.loads(answer.content) if answer.content else None
        return Answer(answer.status_code, decoded, {name.lower(): value for name, value in answer.headers.items()})

    def manager(self, username: str, *roles: str, password: str | None = None, **request: object) -> int:
        """Make a manager and return their id."""
        body = {"username": username, "roles": list(roles), **request}
        if password is not None:
            body["password"] = password
        return int(self.local.post("/managers/", **body)["id"])

    def by_token(self, username: str) -> Person:
        """Return a manager with a new API token of theirs."""
        token = self.local.post("/apitokens/", owner=username)["token"]
        return Person(self.ask, f"Api-Token {token}")

    def by_password(self, username: str, password: str = PASSWORD) -> Person:
        """Return a manager who shows a password with each request."""
        pair = base64.b64encode(f"{username}:{password}".encode()).decode()
        return Person(self.ask, f"Basic {pair}")

    def by_session(self, username: str, password: str = PASSWORD) -> Person:
        """Return a manager who signs in now."""
        return self.by_bearer(self.nobody.post("/token/", username=username, password=password)["access"])

    def by_bearer(self, token: str) -> Person:
        """Return whoever holds a token."""
        return Person(self.ask, f"Bearer {token}")

    def audit(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """Return all that was done, in order: actor, action, target, detail."""
        rows = self.database.read(
            lambda tx: tx.rows("SELECT actor, action, target, detail FROM audit WHERE outcome = 'done' ORDER BY seq")
        )
        return [(actor, action, target, json.loads(detail)) for actor, action, target, detail in rows]

    def close(self) -> None:
        """Stop the threads."""
        self.throttle.close()
        self.database.close()


@contextmanager
def serving(database_url: str) -> Iterator[Service]:
    """Run a service while the block runs."""
    service = Service(database_url)
    try:
        yield service
    finally:
        service.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Service]:
    """A new server on SQLite."""
    with serving(str(tmp_path / "vshell.db")) as service:
        yield service


@pytest.fixture
def either_site(database_url: str) -> Iterator[Service]:
    """A new server on each engine in turn."""
    with serving(database_url) as service:
        yield service


@pytest.fixture
def alice(site: Service) -> Person:
    """An administrator, by token."""
    site.manager("alice", "administrators")
    return site.by_token("alice")


@pytest.fixture
def rita(site: Service) -> Person:
    """A manager with the role read_only, by token."""
    site.manager("rita", "read_only")
    return site.by_token("rita")


@pytest.fixture
def nora(site: Service) -> Person:
    """A manager without roles, by token."""
    site.manager("nora")
    return site.by_token("nora")
