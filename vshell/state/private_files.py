"""Files that only their owner may read: with mode 0600, never through a link, replaced whole.

On Windows the modes have no meaning; the user's profile directory is private there.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys

TYPE_CHECKING = False  # Tab in an outer shell imports this, and typing or pathlib would take longer than all the rest.
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)  # a named pipe must not hold us


class NotPrivateError(Exception):
    """A file that others could have read or written: it is not used. The text is a sentence."""


def make_directory(path: Path) -> None:
    """Make the directory, and those above it that are missing, for the owner alone (mode 0700)."""
    missing = [place for place in (path, *path.parents) if not place.exists()]
    for place in reversed(missing):
        with contextlib.suppress(FileExistsError):
            place.mkdir(mode=0o700)


def write(path: Path, text: str, *, durable: bool = True) -> None:
    """Replace the file by one with this text and mode 0600; a reader sees the old one or the new one.

    Without ``durable`` a power failure may lose it, and nobody waits for the disk.
    """
    make_directory(path.parent)
    fresh = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def read(path: Path | str) -> str | None:
    """Return the file's text, or None when there is no such file.

    Raises NotPrivateError when it is a link, belongs to another user, or others may read or write it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _NO_LINKS | _NO_WAITING)
    except FileNotFoundError:
        return None
    except OSError as trouble:
        raise NotPrivateError(f"{path} cannot be read: {trouble.strerror or trouble}.") from trouble
    with os.fdopen(handle, encoding="utf-8") as file:
        _require_private(path, os.fstat(file.fileno()))
        return file.read()


@contextlib.contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the file ``path`` locked, so that two shells do not change the same thing at once."""
    make_directory(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINKS, 0o600)
    try:
        if sys.platform != "win32":
            import fcntl  # no Tab needs it

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def share_lock(handle: int) -> bool:
    """Take a share of the lock of an open file, and tell whether it was to be had; always so on Windows."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _require_private(path: Path | str, facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise NotPrivateError(f"{path} is not a regular file.")
    if sys.platform == "win32":
        return
    if facts.st_uid != os.geteuid():
        raise NotPrivateError(f"{path} belongs to another user, so it is not used.")
    if facts.st_mode & 0o077:
        mode = stat.S_IMODE(facts.st_mode)
        raise NotPrivateError(f"{path} has mode {mode:04o}, so others may read it; it must have 0600.")
