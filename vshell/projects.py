"""The project of the directory: a small file, found upwards as git finds its own, names what commands there are for.

The file is ``.vshell-project``, one line with the name. It goes with every request in the header ``X-Vshell-Project``;
the server puts it into the audit trail, and refuses a token that is limited to another project. A name is no secret
and gives no right, so the file may be checked in.

Source: Zoho Catalyst, "Working with Tokens": commands are executed "for the account's project that is active in that
directory".
"""

from __future__ import annotations

import re
from pathlib import Path

from vshell.errors import Failed, Mistake, visible

HEADER = "X-Vshell-Project"
FILE = ".vshell-project"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check(name: str) -> str:
    """Return the name. Raises Mistake for what cannot name a project."""
    if not _NAME.fullmatch(name):
        raise Mistake(
            f"'{visible(name[:64])}' cannot name a project.", "Use up to 64 letters, digits, '.', '_' and '-'."
        )
    return name


def found(directory: Path | None = None) -> Path | None:
    """Return the file of the directory or of the nearest one above it, None where there is none."""
    try:
        start = (directory or Path.cwd()).absolute()
    except OSError:
        return None  # The directory is gone.
    return next((place / FILE for place in (start, *start.parents) if _is_file(place / FILE)), None)


def read(path: Path) -> str:
    """Return the project that a file names. Raises Failed when it names none."""
    try:
        with path.open(encoding="utf-8") as file:
            return check(file.readline(200).strip())
    except (OSError, UnicodeDecodeError, Mistake):
        raise Failed(
            f"The file {path} names no project.", "Name one with 'project use NAME', or remove the file."
        ) from None


def here(directory: Path | None = None) -> str | None:
    """Return the project of the directory, None where there is none. Raises Failed for a file that names none."""
    path = found(directory)
    return None if path is None else read(path)


def mark(directory: Path, name: str) -> Path:
    """Make a directory, and what is below it, the project's; return the file. Raises Mistake and Failed."""
    path = directory / FILE
    try:
        path.write_text(check(name) + "\n", encoding="utf-8")
    except OSError as trouble:
        raise Failed(f"{path} could not be written: {trouble.strerror}.", "Use a directory of your own.") from None
    return path


def unmark(path: Path) -> None:
    """Take a file away. Raises Failed when it cannot be."""
    try:
        path.unlink(missing_ok=True)
    except OSError as trouble:
        raise Failed(f"{path} could not be removed: {trouble.strerror}.", "Remove it as its owner.") from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
