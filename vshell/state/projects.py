"""The project of the directory: a small file, found upwards as git finds its own.

The file is ``.vshell-project``, one line with the name. It goes with every request in the header ``X-Vshell-Project``;
the server puts it into the audit trail, and refuses a token that is limited to a project wherever that one is not
named. A name is no secret and gives no right, so the file may be checked in.

- ``VSHELL_PROJECT`` goes before the file; set to nothing it says that no project is meant.
- A file of another user (not mine, not root's) does not count, as git takes no repository of another user
  (safe.directory): else whoever may write above me would say what my commands are for. None above it counts either.

Source: Zoho Catalyst, "Working with Tokens": commands are executed "for the account's project that is active in that
directory".
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from vshell.errors import Failed, Mistake, NotAllowed
from vshell.formats.text import visible

HEADER = "X-Vshell-Project"
FILE = ".vshell-project"
VARIABLE = "VSHELL_PROJECT"
ROOT = 0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check_name(name: str) -> str:
    """Return the name. Raises Mistake for what cannot name a project."""
    if not _NAME.fullmatch(name):
        raise Mistake(
            f"'{visible(name[:64])}' cannot name a project.", "Use up to 64 letters, digits, '.', '_' and '-'."
        )
    return name


def find_file(directory: Path | None = None) -> Path | None:
    """Return the file of the directory or of the nearest one above it, None where there is none."""
    try:
        start = (directory or Path.cwd()).absolute()
    except OSError:
        return None  # The directory is gone.
    return next((place / FILE for place in (start, *start.parents) if os.path.isfile(place / FILE)), None)


def read_name(path: Path) -> str:
    """Return the project that a file names. Raises Failed when it names none."""
    try:
        with path.open(encoding="utf-8") as file:
            return check_name(file.readline(200).strip())
    except (OSError, UnicodeDecodeError, Mistake):
        raise Failed(
            f"The file {visible(str(path))} names no project.", "Name one with 'project use NAME', or remove the file."
        ) from None


def find_project(directory: Path | None = None, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the project that commands are for, None where there is none.

    Raises Mistake for a variable and Failed for a file that cannot name one.
    """
    named = environment.get(VARIABLE)
    if named is not None:
        return check_name(named.strip()) if named.strip() else None
    path = find_file(directory)
    return None if path is None or not is_ours(path) else read_name(path)


def is_ours(path: Path) -> bool:
    """Return whether a file, and the link that leads to it, is this user's or root's."""
    if sys.platform == "win32":
        return True
    ours = {ROOT, os.geteuid()}
    if os.geteuid() == ROOT and os.environ.get("SUDO_UID", "").isdecimal():
        ours.add(int(os.environ["SUDO_UID"]))  # who asked root to do it
    try:
        return path.lstat().st_uid in ours and path.stat().st_uid in ours
    except OSError:
        return False


def find_warning(directory: Path | None = None, environment: Mapping[str, str] = os.environ) -> NotAllowed | None:
    """Return the warning of a file that would name the project if it were not another user's, None without one."""
    path = find_file(directory) if environment.get(VARIABLE) is None else None
    if path is None or is_ours(path):
        return None
    return NotAllowed(
        f"{path} is another user's, so it does not say what your commands are for.",
        f"Set {VARIABLE} to the project, or to nothing for none.",
    )


def mark_directory(directory: Path, name: str) -> Path:
    """Make a directory, and what is below it, the project's; return the file. Raises Mistake and Failed."""
    path, fresh = directory / FILE, directory / f"{FILE}.{os.urandom(4).hex()}"
    text = check_name(name) + "\n"
    try:
        with fresh.open("x", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(path)  # never through a link that another user laid there
    except OSError as trouble:
        fresh.unlink(missing_ok=True)
        raise Failed(
            f"{visible(str(path))} could not be written: {trouble.strerror}.", "Use a directory of your own."
        ) from None
    return path


def remove_mark(path: Path) -> None:
    """Take a file away. Raises Failed when it cannot be."""
    try:
        path.unlink(missing_ok=True)
    except OSError as trouble:
        raise Failed(
            f"{visible(str(path))} could not be removed: {trouble.strerror}.", "Remove it as its owner."
        ) from None
