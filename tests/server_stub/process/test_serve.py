"""Start and stop: the port, the files of a start, addresses that clients can use, and no secret in a repr."""

import json
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from server_stub.domain.base import token_format
from server_stub.operations.authentication import LocalAdmin
from server_stub.process import serve
from server_stub.process.serve import Service
from tests import processes
from tests.processes import Server


def test_a_free_port_is_taken_and_kept_and_given_back() -> None:
    with serve.reserve_port("127.0.0.1", 0) as (address, port):
        assert address == "127.0.0.1"
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind((address, port))
    with serve.reserve_port("localhost", port) as (_, again):
        assert again == port


def test_a_port_that_another_shares_out_is_refused() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError, match="in use"), serve.reserve_port("127.0.0.1", other.getsockname()[1]):
            pass


def test_the_token_of_a_start_is_in_its_file_alone_and_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text("left by a killed server")
    started = replace(service("127.0.0.1"), data=tmp_path)
    with serve.local_admin(started) as ready:
        assert not (tmp_path / "server.json").exists()
        token = (tmp_path / "local-admin.token").read_text()
        presented = token_format.parse(token)
        assert presented is not None
        assert ready.local_admin is not None
        assert (presented.id, presented.digest) == (ready.local_admin.token_id, ready.local_admin.digest)
        assert token.partition(".")[2] not in repr(ready)
    assert list(tmp_path.iterdir()) == []


def test_what_it_says_of_itself_is_true(tmp_path: Path) -> None:
    with processes.running(tmp_path / "d", "--tls-self-signed", "--public-url", "https://vshell.example") as server:
        facts = processes.facts(server)
        assert facts == {
            "url": "https://vshell.example",
            "pid": server.process.pid,
            "token_file": str(server.data / "local-admin.token"),
            "server_id": facts["server_id"],
            "ca_file": str(server.data / "tls" / "certificate.pem"),
        }
        assert json.dumps(facts) == (server.data / "server.json").read_text()
        assert len(facts["server_id"]) == 16
        os.kill(facts["pid"], 0)


def test_the_id_outlives_a_start_and_the_token_does_not(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with processes.running(tmp_path / "d") as server:
            seen.append((processes.facts(server)["server_id"], server.local_admin))
    assert seen[0][0] == seen[1][0]
    assert seen[0][1] != seen[1][1]


@pytest.fixture
def connections(shared_server: Server) -> list[socket.socket]:
    """Connections that are opened and then say nothing, or never finish."""
    address = shared_server.url.removeprefix("http://").partition(":")
    opened = []
    for said in [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"\x16\x03\x01"] * 100:
        connection = socket.create_connection((address[0], int(address[2])))
        connection.sendall(said)
        opened.append(connection)
    return opened


def test_who_says_nothing_keeps_nobody_waiting(shared_server: Server, connections: list[socket.socket]) -> None:
    for _ in range(20):
        assert shared_server.call("GET", "/apitokens/").elapsed.total_seconds() < 1
    for connection in connections:
        connection.close()


def service(host: str, certificate: Path | None = None) -> Service:
    """Make one."""
    return Service(
        data=Path("/d"),
        database="postgresql://bob:hunter2@db/x",
        host=host,
        port=8443,
        workers=1,
        certificate=certificate,
        key=None,
        self_signed=False,
        stop_with_shells=False,
        public_url=None,
        local_admin=LocalAdmin("id", b"digest"),
    )


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8443"),
        ("0.0.0.0", "http://127.0.0.1:8443"),
        ("::", "http://[::1]:8443"),
        ("::1", "http://[::1]:8443"),
        ("localhost", "http://localhost:8443"),
    ],
)
def test_the_url_is_one_that_a_client_here_can_use(host: str, url: str) -> None:
    assert service(host).url == url
    assert service(host, Path("c")).url == url.replace("http", "https")


def test_no_secret_is_shown() -> None:
    shown = repr(service("::1"))
    assert "hunter2" not in shown
    assert "digest" not in shown
