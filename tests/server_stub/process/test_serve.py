"""Start and stop: the port, the files of a start, addresses that clients can use, and no secret in a repr."""

import asyncio
import json
import os
import signal
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from server_stub.domain.base import token_format
from server_stub.process import serve
from tests import processes
from tests.processes import Server
from tests.server_stub.process.test_service import service


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
        assert (presented.id, presented.digest) == (ready.local_admin.id, ready.local_admin.digest)
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


def test_a_worker_is_stopped_once_by_however_many_signals() -> None:
    """One at a time, and several before the loop has come to the first."""
    loop = serve.build_loop()
    stopped: list[int] = []

    async def signalled() -> None:
        for numbers in ((signal.SIGINT, signal.SIGTERM), (signal.SIGTERM,)):
            for number in numbers:
                signal.raise_signal(number)
            await asyncio.sleep(0.05)

    try:
        for number in serve.STOPPING:
            loop.add_signal_handler(number, stopped.append, number)
        loop.run_until_complete(signalled())
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    assert stopped == [signal.SIGINT]


def test_signalled_with_its_workers_it_stops_at_once(tmp_path: Path) -> None:
    """As by Ctrl-C at a terminal, and by systemd."""
    with processes.running(tmp_path / "d", "--workers", "2") as server:
        workers = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        for each in (*map(int, workers), server.process.pid):
            os.kill(each, signal.SIGTERM)
        assert server.stop() == 0
        assert "refused to gracefully stop" not in (server.data / "stderr.log").read_text()


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
