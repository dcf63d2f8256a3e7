"""Unmodified vastpy over TLS: what its README does, by token and by name and password (vcli.md section 5.3)."""

from collections.abc import Iterator
from typing import Any

import pytest
from vastpy import RESTFailure, VASTClient

from tests import processes
from tests.processes import Server


@pytest.fixture(scope="module")
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a certificate of its own making, and a manager who may sign in by password."""
    with processes.running(tmp_path_factory.mktemp("data"), "--tls-self-signed") as server:
        made = server.call("POST", "/managers/", {"username": "carol", "password": "correct horse 1", "roles": [1]})
        assert made.status_code == 201, made.text
        yield server


def address(server: Server) -> str:
    """Return the server's address as vastpy wants it."""
    return server.url.removeprefix("https://")


def clients(server: Server) -> dict[str, Any]:
    """Return a client of each way to show who one is."""
    issued = server.create(owner="carol")
    certificate = str(server.data / "tls" / "certificate.pem")
    return {
        "Api-Token": VASTClient(token=issued["token"], address=address(server)),
        "Basic with a password": VASTClient(user="carol", password="correct horse 1", address=address(server)),
        "Basic with a token": VASTClient(user="carol", password=issued["token"], address=address(server)),
        "a checked certificate": VASTClient(
            token=issued["token"], address=address(server), cert_file=certificate, cert_server_name="localhost"
        ),
        "an API version": VASTClient(token=issued["token"], address=address(server), version="v5"),
    }


@pytest.mark.parametrize(
    "way",
    ["Api-Token", "Basic with a password", "Basic with a token", "a checked certificate", "an API version"],
)
def test_the_life_of_a_token(tls_server: Server, way: str) -> None:
    client = clients(tls_server)[way]
    name = f"by {way}"
    issued = client.apitokens.post(owner="support", name=name, expiry_date="180D")
    assert issued["token"].startswith(issued["id"] + ".")
    found = client.apitokens.get(name=name)
    assert [token["id"] for token in found] == [issued["id"]]
    assert client.apitokens[issued["id"]].get()["owner"] == "support"
    assert client.apitokens[issued["id"]].patch(name=name + "2") == "apitoken updated"
    assert client.apitokens.get(name=name + "2", owner="support", archived=True)[0]["id"] == issued["id"]
    # Without arguments vastpy sends an empty body in chunks.
    assert client.apitokens[issued["id"]].revoke.patch() == "apitoken revoked"
    assert client.apitokens[issued["id"]].revoke.patch() == "apitoken revoked"
    assert client.apitokens[issued["id"]].get()["revoked"] is True
    with pytest.raises(RESTFailure) as refused:
        VASTClient(token=issued["token"], address=address(tls_server)).apitokens.get()
    assert refused.value.status == 401
    tls_server.call("PATCH", f"/apitokens/{client_token_id(tls_server)}/revoke/")


def client_token_id(server: Server) -> str:
    """Return the id of carol's token of this test, to free her quota again."""
    found = server.call("GET", "/apitokens/?owner=carol").json()
    token_id: str = found[-1]["id"]
    return token_id


def test_a_create_without_arguments_is_for_oneself(tls_server: Server) -> None:
    client = VASTClient(user="carol", password="correct horse 1", address=address(tls_server))
    issued = client.apitokens.post()
    assert client.apitokens[issued["id"]].get()["name"] == "carol_api_token"
    client.apitokens[issued["id"]].revoke.patch()
