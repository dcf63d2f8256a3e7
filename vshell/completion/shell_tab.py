"""The fast path of Tab in an outer shell, ``vshell --complete SPEC PREFIX [OPTION VALUE]...``.

This is the hidden fast path behind the scripts in ``completions/``. It reads names that the shell wrote down
earlier (``vshell.completion.name_files``), and never waits for a server: where they are old it starts a process that
refreshes them, and answers with what is there.

Rules:

- A person has pressed Tab, and each import is felt: nothing heavy is imported here, not even pathlib.
- SPEC is ``NOUN/TEMPLATE[,TEMPLATE]/FIELD[,FIELD]``, as ``vshell.export`` derives it from a kind: the templates
  make the values of a row, the fields the remark beside them.
- The options are those of the line that decide: ``--server``, ``--data``, ``--local``, ``--owner``.
- ``servers`` and ``aliases`` are the user's own (``vshell.state.tab_facts``).
- Nothing goes wrong aloud: without an answer there are no lines.
"""

from __future__ import annotations

import os
import sys
import time

from vshell.state import private_files, tab_facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FRESH_SECONDS = 60.0
"""Names older than that are refreshed behind the person's back."""

RETRY_SECONDS = 10.0
"""How long nothing is started again after a refresh was, also when the server was away."""

MOST_OFFERS = 200

LONG_LIST = 1_000
"""A list with so many known rows has more at the server; what is not among them is searched for there."""

NEW_LIST = "\n\x1d"
"""What stands before each list in a file of names: a control character, which no name can hold there."""

OWN_LISTS = {"servers": ("server", ("name", "url", "dc")), "aliases": ("alias", ("name", "line"))}
"""The lists that are the user's own, out of the settings file, with their fields."""

OWN = "own"
"""The word for the server of the user's own data directory."""


def main(arguments: list[str]) -> int:
    """Print the offers, one a line: the value, a tab, the remark. Return 0."""
    try:
        spec, prefix, *rest = arguments
        context = dict(zip(rest[::2], rest[1::2], strict=False))
        lines = offers(spec, prefix, context)
        sys.stdout.write("".join(f"{text}\t{remark}\n" for text, remark in lines))
        sys.stdout.flush()
    except (OSError, ValueError):
        pass
    return 0


def offers(spec: str, prefix: str, context: dict[str, str]) -> list[tuple[str, str]]:
    """Return what a value beginning with ``prefix`` may be, with a remark each; starts a refresh where due."""
    noun, templates, remarks = spec.split("/")
    word = word_of(context)
    rows = _settings_rows(*OWN_LISTS[noun]) if noun in OWN_LISTS else _rows(noun, word, context)
    owner = context.get("--owner")
    found: dict[str, str] = {}
    for row in rows:
        if owner and row.get("owner", owner) != owner:
            continue
        for template in templates.split(","):
            text = _fill(template, row)
            if text and text.startswith(prefix) and text.isprintable():
                found.setdefault(text, ", ".join(filter(None, (row.get(field) for field in remarks.split(",")))))
        if len(found) >= MOST_OFFERS:
            break
    if not found and prefix and len(rows) >= LONG_LIST and templates.startswith("{"):
        _start(f"sought {word} {noun} {prefix[:50]}", {**context, "--find": f"{noun}/{prefix}"})
    return list(found.items())


def directory() -> str:
    """Return the directory of the names, in the user's cache directory."""
    return os.path.join(tab_facts.cache_directory(), "names")


def file_of(text: str) -> str:
    """Return the file of a server's names, by its address, or of another text."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-.") else f"_{ord(c):x}_" for c in text)
    return os.path.join(directory(), safe[-150:])


def holder(token: str) -> str:
    """Return what tells the holder of a token from others, and nothing of the token itself."""
    from zlib import crc32

    return f" token {crc32(token.strip().encode(errors='surrogateescape')):08x}"


def word_of(context: Mapping[str, str]) -> str:
    """Return the words that stand for the server of a line and for who asks there: nobody is shown another's names."""
    token = os.environ.get("VSHELL_TOKEN", "")
    return _server_of(context) + (holder(token) if token.strip() else "")


def _server_of(context: Mapping[str, str]) -> str:
    """Return the word that stands for the server of a line, in the order of ``vshell.state.servers.choose``."""
    environment = os.environ
    if context.get("--server"):
        return context["--server"]
    if context.get("--data"):
        return os.path.abspath(os.path.expanduser(context["--data"]))
    if "--local" in context:
        return os.path.abspath(environment["VSHELL_DATA"]) if environment.get("VSHELL_DATA") else OWN
    if environment.get("VSHELL_SERVER"):
        return environment["VSHELL_SERVER"]
    if environment.get("VSHELL_DATA"):
        return os.path.abspath(environment["VSHELL_DATA"])
    current = _own_rows("state")
    return current[0][0] if current else OWN


def read(path: str) -> str:
    """Return the text of a file that is ours alone, "" without such a file."""
    try:
        return private_files.read(path) or ""
    except (private_files.NotPrivateError, OSError):
        return ""


def sections(text: str) -> dict[str, tuple[float, list[list[str]]]]:
    """Return the lists of a file of names: each one's age in seconds since 1970, its fields, then its rows."""
    found: dict[str, tuple[float, list[list[str]]]] = {}
    for part in text.split(NEW_LIST)[1:]:
        head, *rows = part.split("\n")
        noun, time_seen = head.split("\t")
        found[noun] = (float(time_seen), [row.split("\t") for row in rows if row])
    return found


def _rows(noun: str, word: str, context: dict[str, str]) -> list[dict[str, str]]:
    """Return the rows that are known of a word's server, and have them refreshed when they are old."""
    place = read(file_of("at " + word)).strip()
    time_seen, rows = 0.0, list[list[str]]()
    if place:
        time_seen, rows = sections(read(file_of(place))).get(noun, (time_seen, rows))
    if not 0 <= time.time() - time_seen < FRESH_SECONDS:
        _start("asked " + word, context)
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def _start(what: str, context: dict[str, str]) -> None:
    """Start the process that asks the server, unless one was started for the same just now."""
    asked = file_of(what)
    try:
        if 0 <= time.time() - os.stat(asked).st_mtime < RETRY_SECONDS:
            return
    except OSError:
        os.makedirs(directory(), mode=0o700, exist_ok=True)
    os.close(os.open(asked, os.O_WRONLY | os.O_CREAT, 0o600))
    os.utime(asked)
    if sys.platform == "win32":
        return  # without posix_spawn; subprocess would take longer to import than all the rest
    passed = [name for name in ("--server", "--data", "--local", "--find") if name in context]
    # -P: what lies in the directory where Tab was pressed is not ours to run.
    command = [sys.executable, "-P", "-m", "vshell.completion.name_files"]
    command += [part for name in passed for part in (name, context[name])]
    # Whoever completes reads our output to its end, so the other process must not hold it open.
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    os.posix_spawn(sys.executable, command, os.environ, file_actions=nowhere, setpgroup=0)


def _fill(template: str, row: dict[str, str]) -> str:
    """Return the template with its one ``{field}`` filled in, "" for a row without it."""
    head, _, rest = template.partition("{")
    field, _, tail = rest.partition("}")
    value = row.get(field, "")
    return f"{head}{value}{tail}" if value else ""


def _own_rows(source: str) -> list[list[str]]:
    """Return what a Tab needs of the state file or the settings file."""
    rows = tab_facts.read(source)
    if rows is None:  # The first Tab of all, or the first one since the file was edited by hand.
        if source == "settings":
            from vshell.state.settings import write_facts
        else:
            from vshell.state.state_file import write_facts
        rows = write_facts()
    return rows


def _settings_rows(kind: str, fields: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the named servers, or the aliases, each with the line that it stands for."""
    return [dict(zip(fields, values, strict=False)) for found, *values in _own_rows("settings") if found == kind]
