"""People who speak Vault's language to the real application, without a socket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.server_stub.conftest import Answer, Service

DENIED = "permission denied"
LISTED_DENIED = "1 error occurred:\n\t* permission denied\n\n"


@dataclass(frozen=True)
class Holder:
    """Somebody who shows a token as Vault's clients do."""

    site: Service
    token: str = field(repr=False)

    def ask(self, method: str, path: str, body: object = None, **options: Any) -> Answer:
        """Send a request below /v1, or to an early address that begins with /auth."""
        whole = path if path.startswith("/auth/") else f"/v1/{path}"
        headers = {"X-Vault-Token": self.token, **options.pop("headers", {})}
        return self.site.ask(method, whole, body, headers=headers, **options)

    def create(self, path: str = "create", /, **request: object) -> dict[str, Any]:
        """Make a token and return what Vault calls its auth, with the warnings beside it."""
        answer = self.ask("POST", f"auth/token/{path}", request)
        assert answer.status == 200, answer
        return {**answer.json["auth"], "warnings": answer.json["warnings"]}

    def made(self, path: str = "create", /, **request: object) -> Holder:
        """Make a token and return its holder."""
        return Holder(self.site, self.create(path, **request)["client_token"])

    def data(self, token: str | None = None) -> dict[str, Any]:
        """Look a token up, by default the one that asks, and return its data."""
        if token is None:
            answer = self.ask("GET", "auth/token/lookup-self")
        else:
            answer = self.ask("POST", "auth/token/lookup", {"token": token})
        assert answer.status == 200, answer
        return dict(answer.json["data"])

    def refused(self, status: int, method: str, path: str, body: object = None, **options: Any) -> str:
        """Ask for what is refused, and return what Vault says."""
        answer = self.ask(method, path, body, **options)
        assert answer.status == status, answer
        assert set(answer.json) == {"errors"}
        (message,) = answer.json["errors"]
        return str(message)

    @property
    def works(self) -> bool:
        """Whether the token is accepted."""
        answer = self.ask("GET", "auth/token/lookup-self")
        assert answer.status in (200, 403), answer
        return answer.status == 200


def holder(site: Service, username: str, roles: Iterable[str] = (), **request: object) -> Holder:
    """Make a manager with a token of theirs."""
    site.manager(username, *roles)
    return Holder(site, site.local.post("/apitokens/", owner=username, **request)["token"])


@pytest.fixture
def root(site: Service) -> Holder:
    """local-admin, in Vault's language."""
    authorization = site.local.authorization
    assert authorization is not None
    return Holder(site, authorization.removeprefix("Bearer "))


@pytest.fixture
def admin(site: Service) -> Holder:
    """An administrator's token, which Vault would call a root token."""
    return holder(site, "alice", ["administrators"])


@pytest.fixture
def plain(site: Service) -> Holder:
    """The token of somebody without roles."""
    return holder(site, "nora")
