"""Unmodified requests-oauthlib over real sockets: RFC 8628 through pending, slow_down, approval, denial and expiry.

Time passes in the server's database: the test moves the moments that it keeps back, instead of waiting for minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from oauthlib.oauth2 import DeviceClient, OAuth2Error
from requests_oauthlib import OAuth2Session

from server_stub import store
from server_stub.domain.base.timestamps import SECOND
from tests import processes
from tests.processes import Server

PASSWORD = "correct horse 1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the data centre eu, with a manager who may sign in by password."""
    with processes.running(tmp_path_factory.mktemp("data"), "--dc", "eu") as started:
        made = started.call("POST", "/managers/", {"username": "carol", "password": PASSWORD, "roles": [2]})
        assert made.status_code == 201, made.text
        started.call("PATCH", "/vms/1/set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 100})
        yield started


@pytest.fixture(autouse=True)
def plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let oauthlib speak plain HTTP, on loopback."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def carol(server: Server) -> Iterator[requests.Session]:
    """A browser at which carol has signed in."""
    with requests.Session() as browser:
        fields = {"username": "carol", "password": PASSWORD, **hidden(browser.get(server.url + "/sign-in").text)}
        assert browser.post(server.url + "/sign-in", fields, allow_redirects=False).status_code == 303
        yield browser


@pytest.fixture
def session() -> Iterator[OAuth2Session]:
    """The client."""
    with OAuth2Session(client=DeviceClient("shell")) as made:
        yield made


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the last form of a page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def metadata(server: Server) -> dict[str, Any]:
    return dict(requests.get(server.url + "/.well-known/oauth-authorization-server", timeout=10).json())


def begin(server: Server) -> dict[str, Any]:
    """Begin at the address that the metadata names."""
    url = metadata(server)["device_authorization_endpoint"]
    answer = requests.post(url, {"client_id": "shell"}, timeout=10)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def fetch(server: Server, session: OAuth2Session, told: dict[str, Any]) -> dict[str, Any]:
    """Poll once."""
    url = metadata(server)["token_endpoint"]
    return dict(session.fetch_token(url, device_code=told["device_code"], include_client_id=True))


def error(server: Server, session: OAuth2Session, told: dict[str, Any]) -> str:
    """Poll once, and return the word that it is refused by."""
    with pytest.raises(OAuth2Error) as refused:
        fetch(server, session, told)
    assert refused.value.status_code == 400
    return str(refused.value.error)


def let_pass(server: Server, seconds: int) -> None:
    """Let time pass for all that wait."""
    connection = store.engine_of(str(server.data / "vshell.db")).connect()
    try:
        connection.rows(
            "UPDATE device_requests SET last_polled_at = last_polled_at - :time, expires_at = expires_at - :time",
            {"time": seconds * SECOND},
        )
    finally:
        connection.close()


def decide(browser: requests.Session, server: Server, told: dict[str, Any], word: str) -> None:
    """Type the code at the page that the terminal names, and decide."""
    page = told["verification_uri"]
    fields = hidden(browser.get(page).text)
    shown = browser.post(page, {**fields, "code": told["user_code"]})
    assert shown.status_code == 200, shown.text
    answer = browser.post(f"{page}/{word}", hidden(shown.text), allow_redirects=False)
    assert answer.status_code == 303, answer.text


def test_pending_slow_down_approval(server: Server, session: OAuth2Session, carol: requests.Session) -> None:
    told = begin(server)
    assert error(server, session, told) == "authorization_pending"
    assert error(server, session, told) == "slow_down"
    let_pass(server, told["interval"])
    assert error(server, session, told) == "slow_down", "for it is 5 s more from now on (RFC 8628, 3.5)"
    let_pass(server, told["interval"] + 10)
    assert error(server, session, told) == "authorization_pending"
    decide(carol, server, told, "approve")
    let_pass(server, told["interval"] + 10)
    token = fetch(server, session, told)
    assert (token["token_type"], token["approved_by"], token["dc"]) == ("Bearer", "carol", "eu")
    assert session.get(server.url + "/api/login/").json()["username"] == "carol", "the client shows it by itself"
    with OAuth2Session(client=DeviceClient("shell")) as again:
        assert error(server, again, told) == "expired_token", "a code is good once"


def test_denial(server: Server, session: OAuth2Session, carol: requests.Session) -> None:
    told = begin(server)
    decide(carol, server, told, "deny")
    assert error(server, session, told) == "access_denied"


def test_expiry(server: Server, session: OAuth2Session, carol: requests.Session) -> None:
    told = begin(server)
    assert error(server, session, told) == "authorization_pending"
    let_pass(server, told["expires_in"])
    assert error(server, session, told) == "expired_token"
    page = told["verification_uri"]
    shown = carol.post(page, {**hidden(carol.get(page).text), "code": told["user_code"]})
    assert shown.status_code == 404


def test_another_client_gets_nothing(server: Server, carol: requests.Session) -> None:
    told = begin(server)
    decide(carol, server, told, "approve")
    with OAuth2Session(client=DeviceClient("thief")) as thief:
        assert error(server, thief, told) == "invalid_grant"


def test_revocation_and_introspection(server: Server, session: OAuth2Session, carol: requests.Session) -> None:
    told, known = begin(server), metadata(server)
    decide(carol, server, told, "approve")
    token = fetch(server, session, told)["access_token"]
    url, headers, body = session._client.prepare_token_revocation_request(known["revocation_endpoint"], token)
    asked = {"token": token, "token_type_hint": "access_token"}
    seen = session.post(known["introspection_endpoint"], asked).json()
    assert (seen["active"], seen["username"], seen["client_id"], seen["dc"]) == (True, "carol", "shell", "eu")
    answers = [requests.post(url, data=body, headers=headers, timeout=10) for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 2
    assert session.get(server.url + "/api/login/").status_code == 401
    by_admin = {"Authorization": f"Bearer {server.local_admin}"}
    dead = requests.post(known["introspection_endpoint"], asked, headers=by_admin, timeout=10)
    assert dead.json() == {"active": False}


def test_no_log_holds_a_code_or_a_token(server: Server, session: OAuth2Session, carol: requests.Session) -> None:
    told = begin(server)
    decide(carol, server, told, "approve")
    token = fetch(server, session, told)["access_token"]
    requests.post(f"{server.url}/oauth/v2/token/revoke?token={token}", timeout=10)
    log = (server.data / "stderr.log").read_text()
    audit = server.call("GET", "/audit/?page_size=1000").text
    for secret in (token, told["device_code"], told["user_code"], told["user_code"].replace("-", "")):
        assert secret not in log
        assert secret not in audit
