"""The embedded server: started once, shared, stopped with the last shell; with the real server."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from vshell.client import embedded_server
from vshell.client.client import HttpClient
from vshell.client.connect import make_target, read_local_credential
from vshell.client.embedded_server import LocalServer, open_server
from vshell.errors import Failed
from vshell.state import private_files


@pytest.fixture
def opened() -> Iterator[list[LocalServer]]:
    """Servers that a test opened, to be given up whatever happens."""
    servers: list[LocalServer] = []
    yield servers
    for server in servers:
        server.close()


def pid_in(directory: Path) -> int:
    """Return the process number of the server that runs there."""
    return int(json.loads((directory / "server.json").read_text())["pid"])


def gone(directory: Path, pid: int, seconds: float = 15) -> bool:
    """Wait until the server's lock is free and its process has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        handle = os.open(directory / "server.lock", os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(0.05)
        finally:
            os.close(handle)
    return False


def test_it_starts_is_joined_and_stops_with_the_last_shell(tmp_path: Path, opened: list[LocalServer]) -> None:
    data = tmp_path / "data"
    opened.append(open_server(data))
    pid = pid_in(data)
    link = make_target(opened[0].server)
    api = HttpClient.at(link.url, read_local_credential(link), link.trust)
    who = api.request("GET", "/login/")
    assert isinstance(who, dict)
    assert who["username"] == "local-admin"
    api.close()
    for path in (data, *data.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    opened.append(open_server(data))
    assert (opened[1].server.url, pid_in(data)) == (opened[0].server.url, pid)
    opened[0].close()
    time.sleep(0.6)  # More than the server's own pause: it has looked, and one shell is left.
    os.kill(pid, 0)
    opened[1].close()
    assert gone(data, pid)
    opened.append(open_server(data))
    assert pid_in(data) != pid


def test_shells_that_begin_at_once_share_one_server(tmp_path: Path, opened: list[LocalServer]) -> None:
    barrier = threading.Barrier(4)
    failed: list[BaseException] = []

    def begin() -> None:
        barrier.wait()
        try:
            opened.append(open_server(tmp_path))
        except BaseException as trouble:
            failed.append(trouble)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len({server.server.url for server in opened}) == 1
    log = (tmp_path / "server.log").read_text()
    assert "another server runs" not in log


def test_shells_that_come_and_go_always_find_one(tmp_path: Path) -> None:
    for pause in (0, 0.1, 0.25, 0.3, 0.4):
        server = open_server(tmp_path)
        HttpClient.at(server.server.url).request("GET", "/healthz")
        server.close()
        time.sleep(pause)


def test_a_server_started_by_hand_is_joined(tmp_path: Path, opened: list[LocalServer]) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "server_stub", "--data", str(tmp_path), "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().removeprefix("listening on ").strip()
        opened.append(open_server(tmp_path))
        assert opened[0].server.url == url
        opened[0].close()
        time.sleep(0.6)
        assert server.poll() is None
    finally:
        server.terminate()
        server.wait(timeout=15)
        if server.stdout is not None:
            server.stdout.close()


def test_one_that_cannot_start_says_why_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private_files.write(tmp_path / "server.log", "vshell-server: an old story\n")
    (tmp_path / "vshell.db").mkdir()
    with pytest.raises(Failed, match="did not start") as caught:
        open_server(tmp_path)
    assert "old story" not in caught.value.sentence
    assert caught.value.hint == f"Its log is {tmp_path / 'server.log'}"


def test_a_log_that_grew_long_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_server, "LONGEST_LOG", 10)
    private_files.write(tmp_path / "server.log", "an old story, and a long one\n")
    open_server(tmp_path).close()
    assert "old story" not in (tmp_path / "server.log").read_text()


def test_a_directory_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failed, match="cannot be used"):
        open_server(tmp_path / "file")


def test_a_shell_waits_for_a_stopping_server(tmp_path: Path, opened: list[LocalServer]) -> None:
    handle = os.open(tmp_path / "shells.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    thread = threading.Thread(target=lambda: opened.append(open_server(tmp_path)))
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    assert not (tmp_path / "server.json").exists()
    os.close(handle)
    thread.join(30)
    assert opened[0].server.url.startswith("http://127.0.0.1:")


def test_one_that_never_stops_is_told(tmp_path: Path) -> None:
    handle = os.open(tmp_path / "shells.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(Failed, match="stopping for too long"):
            open_server(tmp_path, wait_seconds=0.2)
    finally:
        os.close(handle)


def test_a_modules_name_in_the_working_directory_is_not_imported(
    tmp_path: Path, opened: list[LocalServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "work"
    trap.mkdir()
    (trap / "falcon.py").write_text("raise SystemExit('imported from the working directory')\n")
    monkeypatch.chdir(trap)
    opened.append(open_server(tmp_path / "data"))


def test_the_place_of_the_packages_is_told_where_they_are_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = str(Path(embedded_server.__file__).parents[2])
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert embedded_server._make_environment()["PYTHONPATH"] == root
    monkeypatch.setenv("PYTHONPATH", "/before")
    assert embedded_server._make_environment()["PYTHONPATH"] == f"{root}{os.pathsep}/before"
    monkeypatch.setenv("VSHELL_TOKEN", "s3cret")
    assert "VSHELL_TOKEN" not in embedded_server._make_environment()
    monkeypatch.setattr(embedded_server, "__file__", "/x/site-packages/vshell/client/embedded_server.py")
    assert embedded_server._make_environment()["PYTHONPATH"] == "/before"
