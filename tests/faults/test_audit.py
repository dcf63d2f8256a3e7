"""The audit trail cannot be written: no change happens, the answer says so, reads go on, and it recovers by itself.

The server is the real one; its disk is full (a small tmpfs), or its system calls fail (strace).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests import processes
from tests.processes import Server
from vshell.audit import records, signed_note, verification
from vshell.audit.verification import Verdict

RECOVERY_SECONDS = 5.0
NOT_DONE = ("unavailable", "outcome_unknown")


def count(server: Server) -> tuple[int, int]:
    """Return how many tokens and how many records of their making there are."""
    tokens = server.call("GET", "/apitokens/").json()
    made = server.call("GET", "/audit/?action=apitoken.create&page_size=1000").json()["results"]
    return len(tokens), len(made)


def create(server: Server) -> requests.Response:
    """Try to make a token."""
    return server.call("POST", "/apitokens/", {"owner": "root"})


def until_refused(server: Server) -> requests.Response:
    """Make tokens until one is refused, as when a disk has some room left; return the refusal."""
    for _ in range(2_000):
        answer = create(server)
        if answer.status_code != 201:
            return answer
    raise AssertionError("no change was refused")


def require_recovery(server: Server) -> None:
    """Make sure that changes are made again soon."""
    end = time.monotonic() + RECOVERY_SECONDS
    while create(server).status_code != 201:
        assert time.monotonic() < end, "it does not recover"


def verified(server: Server, keys: list[signed_note.Key] | None = None) -> Verdict:
    """Verify the chain as the server exports it, with its own key unless there are others."""
    keys = keys or signed_note.parse_keys((server.data / "audit.pub").read_text().split("\n"))
    page = server.call("GET", "/audit/export/").json()
    found = list(page["lines"])
    while page["next"]:
        page = server.call("GET", page["next"].removeprefix("/api")).json()
        found += page["lines"]
    return verification.verify((f"{line}\n".encode() for line in found), keys)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a file system of 3 MiB, or skip."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a file system: run the tests as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill a file system to its last block."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4_096)
    return filler


def workers(server: Server) -> list[int]:
    """Return the processes that serve."""
    found = [
        task.joinpath("children").read_text().split() for task in Path(f"/proc/{server.process.pid}/task").iterdir()
    ]
    return [int(pid) for pids in found for pid in pids]


@contextlib.contextmanager
def failing(server: Server, calls: str, error: str, log: Path) -> Iterator[None]:
    """Let system calls of a server fail while the block runs."""
    strace = processes.needed("strace", "strace")
    command = [strace, "-f", "-qq", "-o", str(log), "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}"]
    for pid in workers(server):
        command += ["-p", str(pid)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 20
        while not all(_is_traced(pid) for pid in workers(server)):
            if process.poll() is not None:
                pytest.skip(f"needs the right to trace processes: {process.stderr.read() if process.stderr else ''}")
            assert time.monotonic() < end
            time.sleep(0.02)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        if process.stderr is not None:
            process.stderr.close()


def _is_traced(pid: int) -> bool:
    tasks = Path(f"/proc/{pid}/task")
    return all("TracerPid:\t0\n" not in (task / "status").read_text() for task in tasks.iterdir())


def test_a_full_disk(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk") as disk,
        processes.running(tmp_path / "data", "--database", str(disk / "vshell.db")) as server,
    ):
        create(server)
        filler = fill(disk)
        refused = until_refused(server)
        assert (refused.status_code, refused.json()["code"] in NOT_DONE) == (503, True)
        before = count(server)
        assert before[0] == before[1], "each token has its record, and each record its token"
        assert create(server).status_code == 503
        assert count(server) == before
        filler.unlink()
        require_recovery(server)
        assert count(server) == (before[0] + 1, before[1] + 1)
        assert verified(server).records > before[0]


@pytest.mark.parametrize(
    ("calls", "error"),
    [("fdatasync,fsync", "EIO"), ("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("pwrite64", "EROFS")],
)
def test_the_disk_fails(tmp_path: Path, calls: str, error: str) -> None:
    """EROFS is what a file system answers that was mounted anew, read-only, after an error of its disk."""
    with processes.running(tmp_path / "data") as server:
        assert create(server).status_code == 201
        before = count(server)
        with failing(server, calls, error, tmp_path / "strace.log"):
            for _ in range(3):
                refused = create(server)
                assert (refused.status_code, refused.json()["code"] in NOT_DONE) == (503, True)
                assert "not" in refused.json()["detail"]
            assert count(server) == before, "reads go on, and nothing was done"
        assert "INJECTED" in (tmp_path / "strace.log").read_text()
        require_recovery(server)
        after = count(server)
        assert after[0] == after[1] == before[0] + 1
        verified(server)


def test_two_servers_of_one_database_sign_one_chain(tmp_path: Path, database_url: str) -> None:
    """Each has a key of its own, and the chain holds with both."""
    with (
        processes.running(tmp_path / "one", "--database", database_url) as one,
        processes.running(tmp_path / "two", "--database", database_url, "--workers", "2") as two,
    ):
        for server in (one, two, one, two):
            create(server)
        keys = signed_note.parse_keys(one.call("GET", "/audit/key/").json()["keys"])
        assert len(keys) == 2
        assert {(server.data / "audit.pub").read_text() for server in (one, two)} == {
            f"{each}\n" for each in two.call("GET", "/audit/key/").json()["keys"]
        }
    with processes.running(tmp_path / "one", "--database", database_url) as again:
        verdict = verified(again, keys)
        assert (verdict.records, verdict.tail) == (7, 0)


@pytest.mark.parametrize("workers_of_the_server", ["1", "2"])
def test_a_required_copy_that_fails_holds_changes(tmp_path: Path, workers_of_the_server: str) -> None:
    folder, away = tmp_path / "log", tmp_path / "away"
    folder.mkdir()
    flags = ("--audit-file", str(folder / "copy.jsonl"), "--audit-required", "--workers", workers_of_the_server)
    with processes.running(tmp_path / "data", *flags) as server:
        assert create(server).status_code == 201
        folder.rename(away)
        refused = until_refused(server)
        assert refused.status_code == 503
        assert "nothing is changed while the copy of the audit trail to a file fails" in refused.json()["detail"]
        assert server.call("GET", "/apitokens/").status_code == 200
        _eventually(
            lambda: (
                "to a file fails: No such" in requests.get(f"{server.url}/healthz", timeout=9).json().get("audit", "")
            )
        )
        away.rename(folder)
        require_recovery(server)
        _eventually(lambda: "audit" not in requests.get(f"{server.url}/healthz", timeout=9).json())
    require_whole_copy(tmp_path / "data", folder / "copy.jsonl")


def test_a_copy_that_need_not_be_there_holds_nothing(tmp_path: Path) -> None:
    with processes.running(tmp_path / "data", "--audit-file", str(tmp_path / "none" / "copy")) as server:
        for _ in range(5):
            assert create(server).status_code == 201
        _eventually(
            lambda: (
                "to a file fails: No such" in requests.get(f"{server.url}/healthz", timeout=9).json().get("audit", "")
            )
        )
    (tmp_path / "none").mkdir()
    with processes.running(tmp_path / "data", "--audit-file", str(tmp_path / "none" / "copy")):
        pass
    require_whole_copy(tmp_path / "data", tmp_path / "none" / "copy")


def test_a_copy_is_whole_after_every_kill(tmp_path: Path, full: bool) -> None:
    """At least once and in order: a server that is killed at any moment leaves nothing out."""
    for turn in range(20 if full else 4):
        server = processes.start_server(tmp_path / "data", "--audit-file", str(tmp_path / "copy"))
        for _ in range(5 + turn):
            create(server)
        for pid in (server.process.pid, *workers(server)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.process.wait()
        if server.process.stdout is not None:
            server.process.stdout.close()
    with processes.running(tmp_path / "data", "--audit-file", str(tmp_path / "copy")):
        pass
    require_whole_copy(tmp_path / "data", tmp_path / "copy")


def require_whole_copy(data: Path, copy: Path) -> None:
    """Make sure that a copy holds the chain of a stopped server to its end, each line once."""
    keys = signed_note.parse_keys((data / "audit.pub").read_text().split("\n"))
    _, size, *_ = (data / "audit.checkpoint").read_text().split("\n")
    with copy.open("rb") as stream:
        verdict = verification.verify(records.read_lines(stream), keys)
    assert (verdict.records, verdict.tail) == (int(size), 0)


def _eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + RECOVERY_SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
