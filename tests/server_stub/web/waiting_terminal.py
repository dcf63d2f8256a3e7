"""A terminal that asks for a token by the device flow, and somebody at a browser who decides; see ``oauth``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from server_stub.domain.devices import device_flow
from tests.server_stub.conftest import SOURCE, Answer, Service
from tests.server_stub.web.pages.conftest import Browser, Shown

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class Terminal:
    """A program that waits for its token at the RFC's door."""

    site: Service
    told: dict[str, Any] = field(repr=False)
    client_id: str = "vshell"
    source: str = SOURCE

    @property
    def code(self) -> str:
        """The code that it shows."""
        return str(self.told["user_code"])

    def poll(self, wait: bool = True, **fields: str) -> Answer:
        """Ask whether it was approved, an interval after the last time."""
        if wait:
            self.site.clock.advance(device_flow.INTERVAL)
        told = {"grant_type": GRANT, "device_code": self.told["device_code"], "client_id": self.client_id, **fields}
        return send(self.site, "/oauth/token", source=self.source, **told)

    def error(self, wait: bool = True) -> str:
        """Poll, and return the word that it is refused by."""
        answer = self.poll(wait)
        assert answer.status == 400, answer
        return str(answer.json["error"])

    def fetch(self) -> dict[str, Any]:
        """Poll, and return what an approved terminal gets."""
        answer = self.poll()
        assert answer.status == 200, answer
        return dict(answer.json)


def send(site: Service, path: str, source: str = SOURCE, authorization: str | None = None, **fields: str) -> Answer:
    """Send a form as an OAuth client does."""
    return site.ask("POST", path, form=urlencode(fields), source=source, authorization=authorization)


def started(
    site: Service, source: str = SOURCE, client_id: str = "vshell", by: str | None = None, **fields: str
) -> Terminal:
    """Begin at a terminal, signed in ``by`` an Authorization or as a stranger."""
    answer = send(site, "/oauth/device_authorization", source, by, client_id=client_id, **fields)
    assert answer.status == 200, answer
    return Terminal(site, answer.json, client_id, source)


def shown(browser: Browser, code: str) -> Shown:
    """Type a code at the page."""
    browser.get("/device")
    return browser.submit("/device", code=code)


def decide(browser: Browser, code: str, word: str = "approve") -> Shown:
    """Type a code, look at what it asks for, and approve or deny it."""
    page = shown(browser, code)
    assert page.status == 200, page.text
    return browser.post(f"/device/{word}", page.forms["/device/deny"])
