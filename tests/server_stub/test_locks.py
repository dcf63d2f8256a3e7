"""Locks: one holder at a time, freed with its process, and a server that ends with its shells."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from server_stub import locks
from server_stub.domain.base.errors import Unavailable

HOLDER = """
import sys, time
from pathlib import Path
from server_stub import locks
with locks.hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_only_one_holds_it_and_a_killed_holder_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Unavailable, match="another server"), locks.hold(path):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with locks.hold(path):
        assert path.stat().st_mode & 0o777 == 0o600


def test_it_is_free_after_the_block_also_when_that_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"), locks.hold(tmp_path / "lock"):
        raise ValueError("x")
    with locks.hold(tmp_path / "lock"):
        pass


def test_a_server_stops_when_the_last_shell_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = threading.Event()
    monkeypatch.setattr(locks.os, "kill", lambda pid, sent: stopped.set() if sent == signal.SIGTERM else None)
    with locks.hold(tmp_path / "shells.lock"):
        locks.stop_when_free(tmp_path / "shells.lock")
        assert not stopped.wait(2 * locks.EVERY_SECONDS)
    assert stopped.wait(10)
    with pytest.raises(Unavailable), locks.hold(tmp_path / "shells.lock"):
        pass
