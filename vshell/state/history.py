"""The lines that were typed at the prompt, kept for each server in a file of the state directory.

Rules:

- The file has mode 0600 from its birth and is never followed through a link; one that others may read is not
  used. Without a usable file the lines of this run are remembered in memory only.
- A secret is kept as ``***``: what the grammar declares as one, and what stands where one usually does. A line
  in which a token still shows, or that is nothing but a token, is not kept at all; neither is one that begins
  with a space.
- One entry is one line of JSON, ``["2026-11-21T22:00:00Z", "apitoken list"]``, added with a single write, so
  that two shells at once do not mix theirs.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from vshell.language.masking import mask_line
from vshell.language.parsed_line import ParsedLine
from vshell.state import identity, private_files

KEPT_ENTRIES = 5_000
"""How many entries a file keeps; it may grow to twice that before it is cut."""

LONGEST_ENTRY = 65_536
"""Characters of an entry; a longer line is not kept."""


def make_entry(reading: ParsedLine) -> str | None:
    """Return the line as it may be kept, its secrets hidden, or None when it is not to be kept."""
    line = reading.line.rstrip()
    if not line or line[0].isspace() or len(line) > LONGEST_ENTRY:
        return None
    return mask_line(reading)


def find_file(url: str, state_directory: Path) -> Path:
    """Return the history file of a server; all servers of this machine share one, as their ports change."""
    if identity.is_loopback(url):
        return state_directory / "history" / "local.jsonl"
    name = re.sub(r"[^A-Za-z0-9.-]", "_", urlsplit(url).netloc)[:80]
    return state_directory / "history" / f"{name}-{sha256(url.encode()).hexdigest()[:8]}.jsonl"


def load(path: Path) -> list[str]:
    """Return the lines in the file, the oldest first; none where the file is missing or not private."""
    try:
        text = private_files.read(path)
    except (private_files.NotPrivateError, OSError, ValueError):
        return []
    return [line for entry in (text or "").splitlines()[-KEPT_ENTRIES:] if (line := _line(entry)) is not None]


def append(path: Path, line: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Add a line to the file. Raises OSError or NotPrivateError when it cannot be kept there."""
    private_files.make_directory(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags, 0o600)
    try:
        facts = os.fstat(handle)
        if sys.platform != "win32" and (facts.st_uid != os.geteuid() or facts.st_mode & 0o077):
            raise private_files.NotPrivateError(f"{path} is open to others, so the history is not kept in it.")
        entry = json.dumps([now().strftime("%Y-%m-%dT%H:%M:%SZ"), line]) + "\n"
        os.write(handle, entry.encode("ascii"))
    finally:
        os.close(handle)


def shorten(path: Path) -> None:
    """Cut the file to its newest entries when it has grown to twice what is kept; trouble changes nothing."""
    with suppress(private_files.NotPrivateError, OSError, ValueError):
        entries = (private_files.read(path) or "").splitlines()
        if len(entries) > 2 * KEPT_ENTRIES:
            private_files.write(path, "\n".join(entries[-KEPT_ENTRIES:]) + "\n")


def _line(entry: str) -> str | None:
    """Return the line of an entry, None for what is no entry."""
    try:
        _, line = json.loads(entry)
    except (ValueError, TypeError):
        return None
    return line if isinstance(line, str) else None
