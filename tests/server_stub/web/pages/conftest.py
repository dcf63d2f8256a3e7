"""A browser without a screen: it keeps cookies, knows the forms of the page it shows, and says where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.server_stub.conftest import PASSWORD, SOURCE, Service

HOST = "panel.test"


class _Reader(HTMLParser):
    """Reads the forms of a page, each by its action, and all of its text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.words: list[str] = []
        self._fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a form or a field in."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = self.forms.setdefault(told["action"], {})
        if tag == "input":
            self._fields[told["name"]] = told.get("value", "")

    def handle_data(self, data: str) -> None:
        """Take text in."""
        self.words += data.split()


@dataclass(frozen=True)
class Shown:
    """A page as it came."""

    status: int
    html: str
    headers: dict[str, str]
    cookies: dict[str, Any]
    forms: dict[str, dict[str, str]]
    text: str

    @property
    def location(self) -> str | None:
        """Where the browser is sent on to."""
        return self.headers.get("location")


@dataclass
class Browser:
    """A browser of one person, at the server or at a stranger's page."""

    site: Service
    jar: dict[str, str] = field(default_factory=dict)
    shown: Shown | None = None
    scheme: str = "http"

    def ask(self, method: str, path: str, body: str | None = None, **headers: str | None) -> Shown:
        """Send one request; headers are named with underscores, and None leaves one out."""
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        if self.jar:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.jar.items()))
        answer = self.site.client.simulate_request(
            method, path, body=body, headers=sent, remote_addr=SOURCE, host=HOST, protocol=self.scheme
        )
        for name, cookie in answer.cookies.items():
            self.jar[name] = cookie.value
            if cookie.max_age == 0:
                del self.jar[name]
        reader = _Reader()
        reader.feed(answer.text)
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Shown(answer.status_code, answer.text, named, answer.cookies, reader.forms, " ".join(reader.words))

    def get(self, path: str, **headers: str | None) -> Shown:
        """Look at a page."""
        self.shown = self.ask("GET", path, **headers)
        return self.shown

    def post(self, path: str, fields: dict[str, str], **headers: str | None) -> Shown:
        """Send a form as a page of the server's own does."""
        told = {
            "Content_Type": "application/x-www-form-urlencoded",
            "Origin": f"{self.scheme}://{HOST}",
            "Sec_Fetch_Site": "same-origin",
            **headers,
        }
        self.shown = self.ask("POST", path, urlencode(fields), **told)
        return self.shown

    def submit(self, path: str, **fields: str) -> Shown:
        """Fill in the form of the page that is shown, and send it."""
        assert self.shown is not None
        return self.post(path, {**self.shown.forms[path], **fields})

    def sign_in(self, username: str, password: str = PASSWORD) -> Shown:
        """Sign in and look at where that leads."""
        self.get("/sign-in")
        sent = self.submit("/sign-in", username=username, password=password)
        assert (sent.status, sent.location) == (303, "/"), sent.text
        return self.get("/")


@pytest.fixture
def scheme() -> str:
    """How browsers reach the server; a module may ask for both ways."""
    return "https"


@pytest.fixture
def panel(scheme: str, tmp_path: Path) -> Iterator[Service]:
    """A server with pages."""
    service = Service(str(tmp_path / "vshell.db"), f"{scheme}://{HOST}")
    yield service
    service.close()


@pytest.fixture
def dan(panel: Service) -> Browser:
    """A manager without roles, signed in at a browser."""
    panel.manager("dan", password=PASSWORD)
    return signed_in(panel, "dan")


@pytest.fixture
def alice(panel: Service) -> Browser:
    """An administrator, signed in at a browser."""
    panel.manager("alice", "administrators", password=PASSWORD)
    return signed_in(panel, "alice")


def stranger(panel: Service) -> Browser:
    """Return a browser that nobody has signed in at."""
    return Browser(panel, scheme=scheme_of(panel))


def signed_in(panel: Service, username: str) -> Browser:
    """Return a browser at which somebody has just signed in."""
    browser = stranger(panel)
    browser.sign_in(username)
    return browser


def scheme_of(panel: Service) -> str:
    """Return how browsers reach a server."""
    return panel.url.partition(":")[0]
