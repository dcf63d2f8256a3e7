"""Somebody at a browser who approves terminals on the page /device, by the requests that the page's forms make."""

from __future__ import annotations

import re
from html import unescape

import requests

from tests.journeys.people import PASSWORD
from tests.processes import Server

_HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')


class Visitor:
    """A manager who is signed in at the server's pages."""

    def __init__(self, server: Server, name: str) -> None:
        self._url = server.url
        self._session = requests.Session()
        page = self._session.get(f"{self._url}/sign-in?next=/device", timeout=60)
        came = self.submit(page, "/sign-in", username=name, password=PASSWORD)
        assert came.url == f"{self._url}/device", came.text

    def look_at(self, code: str) -> requests.Response:
        """Type a code, and return the page that shows what is asked for."""
        return self.submit(self._session.get(f"{self._url}/device", timeout=60), "/device", code=code)

    def approve(self, code: str) -> str:
        """Type a code, approve what it shows, and return that page's text."""
        return self._decide(code, "approve")

    def deny(self, code: str) -> str:
        """Type a code, deny what it shows, and return that page's text."""
        return self._decide(code, "deny")

    def close(self) -> None:
        """Leave."""
        self._session.close()

    def _decide(self, code: str, word: str) -> str:
        shown = self.look_at(code)
        assert shown.status_code == 200, shown.text
        done = self.submit(shown, f"/device/{word}")
        assert done.status_code == 200, done.text
        return unescape(re.sub(r"<[^>]+>", "", shown.text))

    def submit(self, page: requests.Response, action: str, **fields: str) -> requests.Response:
        """Send the last form of a page, with what is hidden in it, to an address of it."""
        form = page.text[page.text.rfind("<form") :]
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(form)}
        return self._session.post(self._url + action, {**hidden, **fields}, timeout=60)
