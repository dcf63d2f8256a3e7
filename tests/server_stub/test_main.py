"""Starting and stopping the server as a process: what refuses to start, in a sentence, and what an end leaves."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server_stub import store
from server_stub.__main__ import main
from server_stub.store import foundation
from tests import processes
from tests.processes import Server


def refused(*flags: str) -> str:
    """Start a server that must refuse to, and return what it says."""
    ran = subprocess.run(
        [sys.executable, "-m", "server_stub", *flags], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 1, ran
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    assert ran.stderr.splitlines()[-2].startswith("vshell-server: ")
    assert ran.stderr.splitlines()[-1].startswith("  ")
    return ran.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.0.2.1", "vshell.example"])
def test_secrets_do_not_cross_the_network_in_the_clear(tmp_path: Path, host: str) -> None:
    said = refused("--data", str(tmp_path / "d"), "--listen", f"{host}:0")
    assert "--tls-self-signed" in said
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "localhost"])
def test_loopback_needs_no_tls(tmp_path: Path, host: str) -> None:
    with processes.running(tmp_path / "d", "--listen", f"{host}:0") as server:
        assert server.call("GET", "/apitokens/").status_code == 200


def test_it_is_allowed_by_name_and_with_tls(tmp_path: Path) -> None:
    for flag in ("--insecure-http", "--tls-self-signed"):
        with processes.running(tmp_path / flag, "--listen", "0.0.0.0:0", flag) as server:
            assert server.call("GET", "/apitokens/").status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", ":-1", ""])
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--listen", address]) == 1
    assert "HOST:PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--tls-cert", "c.pem"], "go together"),
        (["--tls-cert", "c.pem", "--tls-key", "k.pem", "--tls-self-signed"], "makes its own"),
        (["--tls-cert", "missing.pem", "--tls-key", "missing.pem"], "missing.pem cannot be read"),
        (["--workers", "0"], "from 1 to 64"),
        (["--audit-required"], "needs something to require"),
        (["--token-prefix", "no good"], "cannot lead a token"),
        (["--proxy", "nginx"], "no address of a proxy"),
        (["--proxy", "0.0.0.0/0"], "would let anybody say where they are"),
    ],
)
def test_flags_that_do_not_fit_are_refused(
    tmp_path: Path, flags: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), *flags]) == 1
    assert said in capsys.readouterr().err


def test_a_flag_that_is_unknown_is_a_wrong_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--unheard-of"])
    assert caught.value.code == 2
    assert "--unheard-of" in capsys.readouterr().err


def test_a_second_server_on_the_same_data_refuses_and_disturbs_nothing(server: Server) -> None:
    assert "another server runs" in refused("--data", str(server.data), "--listen", "127.0.0.1:0")
    assert server.call("GET", "/apitokens/").status_code == 200
    assert processes.facts(server)["url"] == server.url


def test_a_port_that_is_taken_is_refused_also_when_one_of_us_has_it(server: Server, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    assert "cannot start" in refused("--data", str(tmp_path / "other"), "--listen", f"127.0.0.1:{port}")
    assert not (tmp_path / "other" / "server.json").exists()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused("--data", str(tmp_path / "other"), "--listen", f"127.0.0.1:{taken.getsockname()[1]}")


def test_a_folder_in_which_others_may_write_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    folder.chmod(0o777)
    assert "chmod 700" in refused("--data", str(folder))


def test_an_older_program_leaves_a_newer_database_alone(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir(mode=0o700)
    engine = store.engine_of(str(folder / "vshell.db"))
    store.migrate(engine)
    foundation.lay(engine)
    connection = engine.connect()
    connection.rows("INSERT INTO schema_version (version) VALUES (999)")
    connection.close()
    before = (folder / "vshell.db").read_bytes()
    assert "schema step 999" in refused("--data", str(folder), "--listen", "127.0.0.1:0")
    assert (folder / "vshell.db").read_bytes() == before


def test_a_database_that_is_away_is_said_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://bob:hunter2@127.0.0.1:1/none"
    said = refused("--data", str(tmp_path), "--listen", "127.0.0.1:0", "--database", url)
    assert "the database cannot be used" in said
    assert "hunter2" not in said


def test_files_of_the_server_are_private_whatever_the_mask_is(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir(mode=0o700)
    before = os.umask(0)
    try:
        with processes.running(tmp_path / "d", "--tls-self-signed") as server:
            found = [path for path in server.data.rglob("*") if path.name != "stderr.log"]
            assert {path.stat().st_mode & 0o077 for path in found} == {0}
            assert {"server.json", "local-admin.token", "vshell.db"} <= {path.name for path in found}
    finally:
        os.umask(before)


def left(data: Path) -> set[str]:
    """Return what tells shells that a server runs."""
    return {path.name for path in data.iterdir()} & {"server.json", "local-admin.token"}


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(tmp_path: Path, sent: signal.Signals) -> None:
    with processes.running(tmp_path / "d") as server:
        token = server.create(owner="root")
        for _ in range(4):
            assert server.call("GET", "/apitokens/", token="wrong").status_code == 401
        assert server.call("GET", f"/apitokens/{token['id']}/", token=token["token"]).status_code == 200
        server.process.send_signal(sent)
        assert server.stop() == 0
        assert left(server.data) == set()
        log = (server.data / "stderr.log").read_text()
        assert [line for line in log.splitlines() if not line.startswith("vshell-server:")] == []
    connection = store.engine_of(str(tmp_path / "d" / "vshell.db")).connect()
    refusals = connection.rows("SELECT detail FROM audit WHERE outcome = 'refused' ORDER BY seq")
    assert [json.loads(detail).get("repeated") for (detail,) in refusals] == [None, 3]
    assert connection.rows("SELECT last_used_at IS NOT NULL FROM tokens") == [(1,)]
    connection.close()


def test_killed_it_takes_its_workers_along_loses_nothing_and_starts_again(tmp_path: Path) -> None:
    with processes.running(tmp_path / "d", "--workers", "2") as server:
        tokens = sorted(server.create(owner="root")["id"] for _ in range(5))
        server.process.kill()
        server.process.wait()
        deadline = time.monotonic() + 10
        while is_served(server.url):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert left(tmp_path / "d") == {"server.json", "local-admin.token"}
    old = (tmp_path / "d" / "local-admin.token").read_text()
    with processes.running(tmp_path / "d") as again:
        assert [token["id"] for token in again.call("GET", "/apitokens/").json()] == tokens
        assert again.call("GET", "/apitokens/", token=old).status_code == 401


def is_served(url: str) -> bool:
    """Tell whether anybody listens there."""
    host, _, port = url.removeprefix("http://").partition(":")
    with contextlib.suppress(ConnectionRefusedError), socket.create_connection((host, int(port)), timeout=5):
        return True
    return False


def test_a_worker_that_dies_is_replaced(server: Server) -> None:
    time.sleep(0.2)
    worker = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    if not worker.exists():
        pytest.skip("needs /proc")
    first = worker.read_text().split()
    os.kill(int(first[-1]), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while worker.read_text().split() in ([], first) or not is_served(server.url):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert server.call("GET", "/apitokens/").status_code == 200
    assert server.process.poll() is None
