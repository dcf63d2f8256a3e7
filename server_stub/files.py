"""Files that only the server's own user may read: made so from birth, replaced whole."""

import contextlib
import os
import secrets
from pathlib import Path

from server_stub.domain.base.errors import Invalid


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it, that only its owner may enter; an existing one is left as it is.

    Raises Invalid for an existing one in which others may write: they could put a file of theirs in place of ours.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
    found = path.stat()
    if os.name == "posix" and (found.st_mode & 0o022 or found.st_uid not in (os.geteuid(), 0)):
        raise Invalid(f"others may write in {path}", hint=f"Make it yours alone: chmod 700 {path}")


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file of mode 0600 in one step: a reader sees the old content or the new, and no link is followed."""
    data = content.encode() if isinstance(content, str) else content
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
