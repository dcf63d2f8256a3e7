"""The embedded server of ``vshell --local``: started for the first shell, stopped after the last.

How shells and server agree without a message between them:

- Each local shell holds ``DIR/shells.lock`` shared, from before it looks for the server until it ends.
- The server now and then tries to hold that lock alone. When it can, no shell is left: it keeps the lock and
  stops. So while a shell has its share no server that runs will stop, and a shell that meets a
  stopping server waits for its share until that server is gone.
- A shell holds ``DIR/starting.lock`` while it looks for a server and starts one, so two shells that begin at
  once start one server between them. The server holds ``DIR/server.lock``: a second one ends with a sentence.

Where there are no such locks (Windows), the shell that started the server stops it when it ends.
"""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vshell.errors import Failed
from vshell.state import private_files
from vshell.state.servers import Server, find_running

WAIT_SECONDS = 30.0
"""How long to wait for a stopping server to be gone and for a new one to serve."""

LONGEST_LOG = 1_000_000
"""Bytes of the server's log; a longer one is begun anew with the next server."""

_FLAGS = ("--listen", "127.0.0.1:0", "--stop-with-shells")
_PAUSE_SECONDS = 0.05
_GRACE_SECONDS = 2.0


@dataclass(slots=True)
class LocalServer:
    """A running server in a data directory, and this shell's share in it."""

    server: Server
    _lock: int | None = None
    _process: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Give up the share; the server stops when it was the last one."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
            if self._process is not None:
                self._process.returncode = 0  # It outlives this shell, and nobody is to wait for it.
        elif self._process is not None:
            self._process.terminate()
        self._process = None


def open_server(directory: Path, *, wait_seconds: float = WAIT_SECONDS) -> LocalServer:
    """Join the server that runs in the data directory, or start one. Raises Failed if neither is possible."""
    directory = directory.absolute()
    try:
        private_files.make_directory(directory)
        lock = _share(directory / "shells.lock", wait_seconds)
    except OSError as trouble:
        raise Failed(
            f"The data directory {directory} cannot be used: {trouble.strerror}.",
            "Name one of your own with --data DIR.",
        ) from None
    try:
        server, process = _join_or_start(directory, wait_seconds)
    except BaseException:
        if lock is not None:
            os.close(lock)
        raise
    return LocalServer(server, lock, process)


def _share(path: Path, wait_seconds: float) -> int | None:
    """Return the handle of our share of the lock, waiting while a stopping server holds it alone."""
    if sys.platform == "win32":
        return None
    deadline = time.monotonic() + wait_seconds
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    while not private_files.share_lock(handle):
        if time.monotonic() > deadline:
            os.close(handle)
            raise Failed("The embedded server has been stopping for too long.", "Look for its process and end it.")
        time.sleep(_PAUSE_SECONDS)
    return handle


def _join_or_start(directory: Path, wait_seconds: float) -> tuple[Server, subprocess.Popen[bytes] | None]:
    """Return the server, and its process when it was started here; one shell at a time looks and starts."""
    with private_files.hold_lock(directory / "starting.lock"):
        server = _find_serving(directory)
        if server is not None:
            return server, None
        log = directory / "server.log"
        said_before = log.stat().st_size if log.exists() else 0
        if said_before > LONGEST_LOG:
            log.unlink()
            said_before = 0
        process = _start_process(directory, log)
        ready = _is_ready(process, wait_seconds)
        # A server may have been started by hand in the meantime: then ours has ended, and that one will do.
        until = time.monotonic() + _GRACE_SECONDS
        while (server := _find_serving(directory)) is None and time.monotonic() < until:
            time.sleep(_PAUSE_SECONDS)
        if server is None:
            _end_process(process)
            raise _start_error(log, said_before)
        return server, process if ready else None


def _find_serving(directory: Path) -> Server | None:
    server = find_running(directory)
    return server if server is not None and _accepts(server.url) else None


def _start_process(directory: Path, log_file: Path) -> subprocess.Popen[bytes]:
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module, no shell)
            # -P: a file of the user's working directory must not pass for one of the server's modules.
            [sys.executable, "-P", "-m", "server_stub", "--data", str(directory), *_FLAGS],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_make_environment(),
            # Ctrl-C at the prompt is for the shell alone.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    finally:
        os.close(log)


def _make_environment() -> dict[str, str]:
    """Return the server's environment: ours without the token, and the place of packages not installed."""
    ours = {name: value for name, value in os.environ.items() if name != "VSHELL_TOKEN"}
    place = Path(__file__).resolve().parents[2]
    if place.name in ("site-packages", "dist-packages"):
        return ours
    before = ours.get("PYTHONPATH")
    return {**ours, "PYTHONPATH": f"{place}{os.pathsep}{before}" if before else str(place)}


def _is_ready(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the server's one line and return whether it came."""
    assert process.stdout is not None  # it was asked for
    with process.stdout as stdout:
        return _read_first_line(stdout.fileno(), seconds).startswith(b"listening on ")


def _end_process(process: subprocess.Popen[bytes]) -> None:
    """End a server that does not serve."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()


def _read_first_line(handle: int, seconds: float) -> bytes:
    """Return the first line that comes through the pipe, what there is of it when the time is over."""
    line = b""
    deadline = time.monotonic() + seconds
    if sys.platform == "win32":  # No selecting on pipes there: wait for the line as long as it takes.
        while not line.endswith(b"\n") and (piece := os.read(handle, 1)):
            line += piece
        return line
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        while not line.endswith(b"\n") and selector.select(max(0.0, deadline - time.monotonic())):
            piece = os.read(handle, 4096)
            if not piece:
                break
            line += piece
    return line


def _start_error(log: Path, said_before: int) -> Failed:
    """Return the error with what the server wrote into its log since it was started."""
    with log.open("rb") as file:
        file.seek(said_before)
        lines = file.read().decode("utf-8", "replace").splitlines()
    # The last sentence is the reason; an indented line below it is its hint.
    sentences = [line for line in lines if line.strip() and not line.startswith(" ")]
    said = sentences[-1].removeprefix("vshell-server: ") if sentences else ""
    sentence = f"The embedded server did not start: {said[:300]}" if said else "The embedded server did not start"
    return Failed(sentence.rstrip(".") + ".", f"Its log is {log}")


def _accepts(url: str) -> bool:
    """Return whether something accepts connections at the address."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=1):
            return True
    except OSError:
        return False
