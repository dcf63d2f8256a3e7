"""The user's own facts for Tab in an outer shell: the current server, the named servers, the aliases.

To read the settings file as TOML and the state file as JSON takes longer than all the rest of a Tab. So whatever
changes one of them writes down what a Tab needs of it, in lines of fields with tabs between; Tab reads only that.

Rules:

- Facts are of one state of their source: its path and time of change stand in the first line. Where they are missing,
  or the source was changed since by an editor, ``write_facts`` of the source's own module writes them anew.
- A person has pressed Tab, and each import is felt: nothing heavy is imported here, not even pathlib.
"""

from __future__ import annotations

import os

from vshell.state import private_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def cache_directory(environment: Mapping[str, str] = os.environ) -> str:
    """Return the user's cache directory of the shell (XDG Base Directory Specification)."""
    named = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(named):
        named = os.path.join(environment.get("HOME") or os.path.expanduser("~"), ".cache")
    return os.path.join(named, "vshell")


def read(name: str, environment: Mapping[str, str] = os.environ) -> list[list[str]] | None:
    """Return the rows of facts by the name of their source, None where they are missing or older than it."""
    try:
        first, *rows = (private_files.read(_path(name, environment)) or "").splitlines()
        source, time = first.split("\t")
    except (private_files.NotPrivateError, OSError, ValueError):
        return None
    return [row.split("\t") for row in rows] if time == time_of_change(source) else None


def write(
    name: str, source: str, time: str, rows: Sequence[Sequence[str]], environment: Mapping[str, str] = os.environ
) -> list[list[str]]:
    """Write down the rows that a source had at a time of change, and return those that are printable."""
    from contextlib import suppress
    from pathlib import Path

    shown = [list(row) for row in rows if all(field.isprintable() for field in row)]
    lines = ["\t".join(fields) for fields in ((source, time), *shown)]
    with suppress(OSError, ValueError):
        private_files.write(Path(_path(name, environment)), "\n".join(lines) + "\n", durable=False)
    return shown


def time_of_change(path: str) -> str:
    """Return when a file was last changed, as text, "" for none."""
    try:
        return str(os.stat(path).st_mtime_ns)
    except OSError:
        return ""


def _path(name: str, environment: Mapping[str, str]) -> str:
    """Return the file of the facts, another one where the environment leads to another source."""
    from zlib import crc32

    places = "|".join(environment.get(variable, "") for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"))
    return os.path.join(cache_directory(environment), f"{name}-{crc32(places.encode(errors='surrogateescape')):08x}")
