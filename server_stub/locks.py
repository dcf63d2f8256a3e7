"""The two locks of a data directory: of its one server, and of an embedded server's shells."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from server_stub.domain.base.errors import Unavailable

try:
    import fcntl
except ImportError:  # Windows: no shared file locks; an embedded server is stopped by the shell that started it
    fcntl = None  # type: ignore[assignment]  # the module is there or it is not

EVERY_SECONDS = 0.25


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold a lock while the block runs; raise Unavailable when another process holds it.

    The lock goes with the process, so one that was killed leaves nothing behind.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(descriptor):
            raise Unavailable(
                f"another server runs on {path.parent}", hint="stop it first, or give this one a --data of its own"
            )
        yield
    finally:
        os.close(descriptor)


def try_take(path: Path) -> int | None:
    """Take a lock for as long as the returned descriptor is open, or return None when another process has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if _take(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def stop_when_free(path: Path) -> None:
    """Stop this server as soon as no shell holds the lock, and keep shells waiting until it has stopped."""
    threading.Thread(target=_watch, args=(path,), name="shells", daemon=True).start()


def _watch(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # left open: the lock ends with the process
    pause = threading.Event()
    while fcntl is None or not _take(descriptor):
        pause.wait(EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _take(descriptor: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
