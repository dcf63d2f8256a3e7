"""Vault's "Auth Backend: Token", heading by heading: each request as it is written there, and what is said of it.

The requests go over real sockets, to the addresses as the page has them, without /v1, with the cookie that it names.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests import processes
from tests.processes import Server

DAY = 86_400
PASSWORD = "correct horse 1"


@dataclass(frozen=True)
class Client:
    """Whoever shows a token, "set directly as a cookie for the HTTP API"."""

    server: Server
    token: str = field(repr=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Send a request as the page writes it."""
        cookies = {"token": self.token}
        return requests.request(method, self.server.url + path, json=body, cookies=cookies, headers=headers, timeout=60)

    def create(self, **parameters: Any) -> dict[str, Any]:
        """POST /auth/token/create, and return what it returns below `auth`."""
        answer = self.ask("POST", "/auth/token/create", parameters)
        assert answer.status_code == 200, answer.text
        auth: dict[str, Any] = answer.json()["auth"]
        return auth

    def made(self, **parameters: Any) -> Client:
        """Create a token and return its holder."""
        return Client(self.server, self.create(**parameters)["client_token"])

    def data(self, token: str | None = None) -> dict[str, Any]:
        """GET /auth/token/lookup-self, or /auth/token/lookup/<token>, and return what is below `data`."""
        path = "/auth/token/lookup-self" if token is None else f"/auth/token/lookup/{token}"
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    @property
    def lives(self) -> bool:
        """Whether the token is accepted."""
        return self.ask("GET", "/auth/token/lookup-self").status_code == 200


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two roles, which Vault calls policies, and a manager with a password."""
    with processes.running(tmp_path_factory.mktemp("data")) as server:
        for name in ("web", "stage"):
            body = {"name": name, "permissions_list": ["view_logical"]}
            assert server.call("POST", "/roles/", body).status_code == 201
        manager = {"username": "armon", "password": PASSWORD, "roles": [2]}
        assert server.call("POST", "/managers/", manager).status_code == 201
        yield server


@pytest.fixture
def root(vault: Server) -> Client:
    """A root token: it holds every right and has no end."""
    return Client(vault, vault.local_admin).made()


class TestAuthBackendToken:
    """Auth Backend: Token"""

    def test_other_ways_in_give_a_new_unique_token(self, vault: Server) -> None:
        """When any other auth backend returns an identity, Vault core invokes the token backend to create a new unique
        token for that identity."""
        answers = [
            requests.post(f"{vault.url}/v1/auth/userpass/login/armon", json={"password": PASSWORD}, timeout=60).json()
            for _ in range(2)
        ]
        tokens = {answer["auth"]["client_token"] for answer in answers}
        assert len(tokens) == 2
        assert all(Client(vault, token).data()["path"] == "auth/userpass/login/armon" for token in tokens)


class TestAuthenticationViaTheAPI:
    """Authentication: Via the API"""

    def test_the_cookie(self, root: Client) -> None:
        """The token is set directly as a cookie for the HTTP API. The name of the cookie should be "token" and the
        value should be the token."""
        assert root.data()["id"] == root.token

    def test_the_cookie_of_another_page_is_none(self, root: Client) -> None:
        """A browser sends a cookie along with whatever any page asks; what comes from another one is refused."""
        assert root.ask("GET", "/auth/token/lookup-self", Origin="https://elsewhere.example").status_code == 403
        answer = root.ask("POST", "/auth/token/create", {}, **{"Sec-Fetch-Site": "cross-site"})
        assert (answer.status_code, answer.json()) == (403, {"errors": ["permission denied"]})


class TestCreate:
    """/auth/token/create: POST. Creates a new token. Certain options are only available to when called by a root
    token."""

    def test_returns(self, root: Client) -> None:
        """The five keys below `auth`, with the values that the page shows."""
        auth = root.create(policies=["web", "stage"], meta={"user": "armon"}, lease="1h", no_default_policy=True)
        shown = {key: auth[key] for key in ("policies", "metadata", "lease_duration", "renewable")}
        assert shown == {
            "policies": ["stage", "web"],
            "metadata": {"user": "armon"},
            "lease_duration": 3600,
            "renewable": True,
        }
        assert Client(root.server, auth["client_token"]).lives

    def test_id(self, root: Client) -> None:
        """id: The ID of the client token. Can only be specified by a root token. Otherwise, the token ID is a randomly
        generated UUID."""
        assert root.create(id="ABCD-1")["client_token"] == "ABCD-1"
        assert root.create()["client_token"] != root.create()["client_token"]
        answer = root.made(policies=["web"]).ask("POST", "/auth/token/create", {"id": "ABCD-2"})
        assert answer.json() == {"errors": ["root or sudo privileges required to specify token id"]}

    def test_policies(self, root: Client) -> None:
        """policies: This must be a subset of the policies belonging to the token making the request, unless root. If
        not specified, defaults to all the policies of the calling token."""
        parent = root.made(policies=["web", "stage"], no_default_policy=True)
        assert parent.create(policies=["web"])["policies"] == ["web"]
        assert parent.create()["policies"] == ["stage", "web"]
        answer = parent.ask("POST", "/auth/token/create", {"policies": ["administrators"]})
        assert (answer.status_code, answer.json()) == (400, {"errors": ["child policies must be subset of parent"]})
        assert root.create()["policies"] == ["root"]

    def test_meta(self, root: Client) -> None:
        """meta: A map of string to string valued metadata. This is passed through to the audit backends."""
        meta = {"user": "armon", "organization": "hashicorp"}
        holder = root.made(meta=meta)
        assert holder.data()["meta"] == meta
        child = holder.create()["accessor"]
        [record] = root.server.call("GET", "/audit/", params={"target": child}).json()["results"]
        assert (record["action"], record["detail"]["meta"]) == ("apitoken.create", meta)

    def test_no_parent(self, root: Client) -> None:
        """no_parent: If true and set by a root caller, the token will not have the parent token of the caller. This
        creates a token with no parent."""
        caller = root.made()
        child, orphan = caller.made(), caller.made(no_parent=True)
        assert root.ask("POST", f"/auth/token/revoke/{caller.token}").status_code == 204
        assert (child.lives, orphan.lives) == (False, True)
        answer = root.made(policies=["web"]).ask("POST", "/auth/token/create", {"no_parent": True})
        assert answer.json() == {"errors": ["root or sudo privileges required to create orphan token"]}

    def test_lease(self, root: Client) -> None:
        """lease: The lease period of the token, provided as "1h", where hour is the largest suffix. If not provided,
        the token is valid for the default lease duration (30 days), or indefinitely if the root policy is used."""
        assert root.create(lease="1h")["lease_duration"] == 3600
        assert root.create()["lease_duration"] == 0
        set_lease = {"default_lease_ttl": "720h"}
        assert root.server.call("PATCH", "/vms/1/", set_lease).status_code == 200
        assert root.create(policies=["web"])["lease_duration"] == 30 * DAY
        short = root.made(lease="1s")
        assert short.lives
        time.sleep(1.1)
        assert not short.lives

    def test_display_name(self, root: Client) -> None:
        """display_name: The display name of the token. Defaults to "token"."""
        assert root.made().data()["display_name"] == "token"
        assert root.made(display_name="github-armon").data()["display_name"] == "token-github-armon"

    def test_num_uses(self, root: Client) -> None:
        """num_uses: The maximum uses for the given token. This can be used to create a one-time-token or limited use
        token. Defaults to 0, which has no limit to number of uses."""
        once, thrice, any_number = root.made(num_uses=1), root.made(num_uses=3), root.made()
        assert [once.lives for _ in range(2)] == [True, False]
        assert [thrice.lives for _ in range(4)] == [True, True, True, False]
        assert all(any_number.lives for _ in range(20))
        assert any_number.data()["num_uses"] == 0


SIX = {"id", "policies", "path", "meta", "display_name", "num_uses"}


class TestLookup:
    """/auth/token/lookup-self and /auth/token/lookup/: GET"""

    def test_lookup_self(self, root: Client) -> None:
        """Returns information about the current client token."""
        holder = root.made(policies=["web", "stage"], meta={"user": "armon"})
        data = holder.data()
        assert data.keys() >= SIX
        assert (data["id"], data["path"], data["num_uses"]) == (holder.token, "auth/token/create", 0)
        assert data["policies"] == ["default", "stage", "web"]

    def test_lookup_another(self, root: Client) -> None:
        """The same of another token, which is named in the address."""
        holder = root.made(policies=["web"], meta={"user": "armon"})
        data = root.data(holder.token)
        assert data.keys() >= SIX
        assert (data["id"], data["meta"]) == (holder.token, {"user": "armon"})
        answer = root.ask("GET", "/auth/token/lookup/nobody")
        assert (answer.status_code, answer.json()) == (403, {"errors": ["bad token"]})


def family(root: Client) -> list[Client]:
    """Make a token, its child and its grandchild."""
    eldest = root.made()
    child = eldest.made()
    return [eldest, child, child.made()]


class TestRevoke:
    """/auth/token/revoke/, revoke-orphan/ and revoke-prefix/: POST. Returns `204` response code."""

    @pytest.mark.parametrize("method", ["POST", "PUT"])
    def test_revoke(self, root: Client, method: str) -> None:
        """Revokes a token and all child tokens."""
        eldest, child, grandchild = family(root)
        answer = root.ask(method, f"/auth/token/revoke/{child.token}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert [each.lives for each in (eldest, child, grandchild)] == [True, False, False]

    def test_revoke_orphan(self, root: Client) -> None:
        """Revokes a token but not its child tokens. All child tokens are orphaned, but can be revoked sub-sequently
        using `/auth/token/revoke/`."""
        eldest, child, grandchild = family(root)
        assert root.ask("POST", f"/auth/token/revoke-orphan/{child.token}").status_code == 204
        assert [each.lives for each in (eldest, child, grandchild)] == [True, False, True]
        assert grandchild.data()["orphan"] is True
        assert root.ask("POST", f"/auth/token/revoke/{grandchild.token}").status_code == 204
        assert not grandchild.lives

    def test_revoke_prefix(self, vault: Server) -> None:
        """Revokes all tokens generated at a given prefix, along with child tokens. Uses include revoking all tokens
        generated by a credential backend during a suspected compromise."""
        login = f"{vault.url}/v1/auth/userpass/login/armon"
        auth = requests.post(login, json={"password": PASSWORD}, timeout=60).json()["auth"]
        compromised = Client(vault, auth["client_token"])
        other = Client(vault, vault.local_admin).made()
        answer = Client(vault, vault.local_admin).ask("POST", "/auth/token/revoke-prefix/auth/userpass/login")
        assert answer.status_code == 204
        assert (compromised.lives, other.lives) == (False, True)

    def test_revoke_prefix_along_with_child_tokens(self, vault: Server) -> None:
        """Revokes all tokens generated at a given prefix, along with child tokens: wherever those were generated."""
        eldest = Client(vault, vault.local_admin).made()
        child = eldest.made()
        elsewhere = vault.call("POST", "/apitokens/", {}, token=child.token).json()["token"]
        beside = Client(vault, vault.create(owner="admin")["token"])
        answer = beside.ask("POST", "/auth/token/revoke-prefix/auth/token/create")
        assert answer.status_code == 204
        lives = [each.lives for each in (eldest, child, Client(vault, elsewhere), beside)]
        assert lives == [False, False, False, True]


class TestRenew:
    """/auth/token/renew/: POST. Renews a lease associated with a token."""

    def test_renew(self, root: Client) -> None:
        """This is used to prevent the expiration of a token, and the automatic revocation of it."""
        holder, left_alone = root.made(lease="2s", policies=["web"]), root.made(lease="2s")
        time.sleep(1.2)
        answer = root.ask("POST", f"/auth/token/renew/{holder.token}")
        assert answer.status_code == 200
        auth = answer.json()["auth"]
        assert (auth["client_token"], auth["lease_duration"], auth["renewable"]) == (holder.token, 2, True)
        assert auth["policies"] == ["default", "web"]
        time.sleep(1.2)
        assert (holder.lives, left_alone.lives) == (True, False)

    def test_increment(self, root: Client) -> None:
        """increment: An optional requested lease increment can be provided. This increment may be ignored."""
        holder = root.made(lease="1h")
        answer = root.ask("POST", f"/auth/token/renew/{holder.token}", {"increment": "2h"})
        assert answer.json()["auth"]["lease_duration"] == 7200
        periodic = root.made(period="1h")
        answer = root.ask("POST", f"/auth/token/renew/{periodic.token}", {"increment": "2h"})
        assert answer.json()["auth"]["lease_duration"] == 3600


def test_authentication_via_the_cli(root: Client, tmp_path: Path) -> None:
    """Authentication: Via the CLI. $ vault auth <token>"""
    holder = root.made(policies=["web"], display_name="github-armon")
    lines = ("$ vault auth " + holder.token, "vault token-lookup")
    command = [
        sys.executable,
        "-m",
        "vshell",
        "--server",
        root.server.url,
        *(word for line in lines for word in ("-c", line)),
    ]
    environment = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran
    assert "token-github-armon" in ran.stdout
