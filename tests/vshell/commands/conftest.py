"""A shell whose server is the real application over a real database, without a socket between them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from tests.server_stub.conftest import PASSWORD, Person, Service, serving
from tests.vshell.commands.typing import Typist
from vshell.client.client import HttpClient
from vshell.state.identity import Credential

URL = "http://127.0.0.1:8443"


class InProcess(BaseAdapter):
    """Hands requests to the application itself, and remembers what was asked."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self.service = service
        self.asked: list[str] = []

    def send(self, request: PreparedRequest, *arguments: Any, **options: Any) -> Response:
        """Ask the application."""
        method, url = str(request.method), urlsplit(str(request.url))
        path = url.path.removeprefix("/api/latest")
        self.asked.append(f"{method} {path}")
        body = json.loads(request.body) if request.body else None
        query = dict(parse_qsl(url.query, keep_blank_values=True)) or None
        given = self.service.ask(method, path, body, request.headers.get("Authorization"), query=query)
        answer = Response()
        answer.status_code, answer.request, answer.url = given.status, request, str(request.url)
        answer.headers.update(given.headers)
        answer._content = b"" if given.json is None else json.dumps(given.json).encode()
        return answer

    def close(self) -> None:
        """Let go of nothing."""


class Shell(Typist):
    """Somebody at a shell; ``server`` is what they talk to, ``asked_server`` what their lines sent."""

    def __init__(self, service: Service, credential: Credential, **options: Any) -> None:
        self.wire = InProcess(service)
        super().__init__(HttpClient.at(URL, credential, adapter=self.wire), **options)
        self.server = service

    def rows(self, line: str) -> Any:
        """Run a line and return its result as programs get it."""
        printed = self.type(f"{line} --output json")
        return json.loads(printed)

    def fields(self, line: str, *names: str) -> Mapping[str, Any]:
        """Run a line and return some fields of its one result."""
        row = self.rows(line)
        return {name: row[name] for name in names}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A new server on SQLite, with a manager bob who has a password."""
    with serving(str(tmp_path / "vshell.db")) as running:
        running.manager("bob", password=PASSWORD)
        yield running


def holding(person: Person) -> Credential:
    """Return the credential of somebody with a token."""
    return Credential("the test", token=str(person.authorization).partition(" ")[2])


@pytest.fixture
def local(service: Service) -> Shell:
    """The local administrator's shell."""
    return Shell(service, holding(service.local))


@pytest.fixture
def signed_in(service: Service) -> Shell:
    """The shell of bob, who has signed in."""
    pair = service.nobody.post("/token/", username="bob", password=PASSWORD)
    return Shell(service, Credential("the test", "bob", token=pair["access"], refresh=pair["refresh"]))
