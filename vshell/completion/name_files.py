"""Names written down for the completion of an outer shell, when lists are seen.

    <GS>apitokens<TAB>1763762400.0      a list, and when it was seen whole, in seconds since 1970
    id<TAB>name<TAB>owner               its fields
    428BFekp<TAB>backup<TAB>bob         a row

Rules: one file for each person at each server (``name_of_file``), with mode 0600 in the user's cache directory; only
what ``resources`` keeps, never a secret; revoked tokens are left out. Whoever signs in or out leaves nothing of
this behind (``forget_names``); of servers long not asked the files go (``MOST_FILES``). It is a convenience: where it
cannot be written, nothing is said.

``python -m vshell.completion.name_files [--server S | --data DIR | --local ""] [--find NOUN/PREFIX]`` asks the server
and writes all lists anew, or adds what a search in a long list finds.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from vshell.completion import shell_tab
from vshell.completion.resources import FOUND_ROWS, HELD_ROWS, NOUNS, OBJECTS, Row, beginning, page, search, select_rows
from vshell.errors import NotAllowed, NotFound, ShellError
from vshell.state import private_files
from vshell.state.identity import LOCAL_SOURCE

MOST_FILES = 100
"""Files of names: servers, on this host by their data, with the people who asked there."""

LOCK = "lock"
"""The file that is locked for a change; in it stands when names were last forgotten, in seconds since 1970."""

READ_SECONDS = 5.0
"""A server that is slower than that gets another request by a later Tab."""

if TYPE_CHECKING:
    from vshell.client.client import Client, Target
    from vshell.language.parsed_line import ParsedLine


def name_of_file(link: Target) -> str:
    """Return the name of the file for whom and where a link leads: the server and the person.

    The server is its address, or on its own host its token file: there its port changes with each start.
    """
    server, credential = link.token_file or link.url, link.credential
    if credential is None:
        return f"{server} -"
    if credential.username is None and credential.source != LOCAL_SOURCE:
        return server + shell_tab.holder(credential.token or "")
    return f"{server} {credential.username or 'local-admin'}"


def write_names_for(link: Target, noun: str, rows: Sequence[object], asked_at: float) -> None:
    """Write down a whole list as the person sees it to whom the link belongs."""
    write_names(name_of_file(link), noun, rows, asked_at=asked_at)


def write_names(
    place: str,
    noun: str,
    rows: Sequence[object],
    *,
    whole: bool = True,
    now: float | None = None,
    asked_at: float | None = None,
) -> None:
    """Write down the rows of a list; ``whole`` says that no others count, else they are added to the known ones.

    ``now`` is in seconds since 1970. So is ``asked_at``, when the server was asked in the background: where names were
    forgotten since, the rows are not written, since they may be those of whoever has just signed out.
    """
    fields = [name for name in NOUNS[noun].fields if name != "revoked"]
    key = fields.index(NOUNS[noun].key)
    fresh = [_line(fields, row) for row in select_rows(NOUNS[noun], rows[:HELD_ROWS]) if not row.get("revoked")]
    path = Path(shell_tab.file_of(place))
    with suppress(OSError, ValueError), private_files.hold_lock(path.with_name(LOCK)):
        if _was_forgotten(asked_at):
            return
        lists = shell_tab.sections(shell_tab.read(str(path)))
        time_seen, known = lists.get(noun, (0.0, []))
        if whole:
            time_seen = time.time() if now is None else now
        else:
            named = {line[key] for line in fresh}
            fresh += [line for line in known[1:] if len(line) > key and line[key] not in named]
        lists[noun] = (time_seen, [fields, *fresh[:HELD_ROWS]])
        _write(path, "".join(map(_section, lists, lists.values())))


def write_pointer(context: Mapping[str, str], place: str, asked_at: float | None = None) -> None:
    """Write down whose names at which server those are that a line's ``context`` means (see ``shell_tab``)."""
    path = Path(shell_tab.file_of("at " + shell_tab.word_of(context)))
    with suppress(OSError, ValueError), private_files.hold_lock(path.with_name(LOCK)):
        if not _was_forgotten(asked_at) and shell_tab.read(str(path)) != place:
            _write(path, place)


def _write(path: Path, text: str) -> None:
    """Write a file; for a new one those go that nobody has written for longest, so that they are never too many."""
    new = not path.exists()
    private_files.write(path, text, durable=False)
    if not new:
        return
    others = [each for each in path.parent.iterdir() if each.name not in (path.name, LOCK)]
    for old in sorted(others, key=lambda each: each.stat().st_mtime)[: -(MOST_FILES - 1)]:
        old.unlink(missing_ok=True)


def forget_names(link: Target) -> None:
    """Remove what was written down for a person at a server, and for whoever else was there without a flag."""
    lock = Path(shell_tab.file_of(LOCK))
    with suppress(OSError, ValueError), private_files.hold_lock(lock):
        lock.write_text(str(time.time()))
        Path(shell_tab.file_of(name_of_file(link))).unlink(missing_ok=True)
        for pointer in Path(shell_tab.directory()).glob(f"{Path(shell_tab.file_of('at ')).name}*"):
            place = shell_tab.read(str(pointer))
            if place.startswith((f"{link.url} ", f"{link.token_file or link.url} ")):
                Path(shell_tab.file_of(place)).unlink(missing_ok=True)
                pointer.unlink(missing_ok=True)


def _was_forgotten(asked_at: float | None) -> bool:
    """Tell whether names have been forgotten since a time, by any shell: the lock file holds when that was last."""
    return asked_at is not None and asked_at < float(shell_tab.read(shell_tab.file_of(LOCK)) or 0)


def learn_list(reading: ParsedLine, result: object, link: Callable[[], Target], context: Mapping[str, str]) -> None:
    """Write down what a list command printed: all of it when nothing narrowed the list, else what it adds.

    ``link`` gives the server that ``context`` names, and who we are there; it is not called for another command.
    """
    command = reading.command
    if command is None or command.words[1:] != ("list",) or not isinstance(result, list):
        return
    noun = OBJECTS.get(command.words[0])
    if noun is not None:
        place = name_of_file(link())
        write_pointer(context, place)
        write_names(place, noun, result, whole=not reading.values)


def refresh_names(context: Mapping[str, str]) -> None:
    """Ask the server that ``context`` names for all lists and write them down. Raises ShellError."""
    from vshell.client import connect
    from vshell.state import paths

    asked_at = time.time()
    data = context.get("--data")
    where = Path(data).expanduser() if data else None
    if "--local" in context and not data:
        where = Path(os.environ.get("VSHELL_DATA") or paths.data_directory())
    options = connect.ConnectOptions(server=context.get("--server"), data=where)
    with closing(connect.connect(options, timeout=READ_SECONDS)) as api:
        place = name_of_file(api.signed_target)
        write_pointer(context, place, asked_at)
        if context.get("--find"):
            _search_names(api, place, asked_at, *context["--find"].split("/", 1))
            return
        for name, noun in NOUNS.items():
            if name == "login":
                continue
            try:
                rows, _ = page(api.request("GET", noun.path, query=beginning(noun)))
            except (NotAllowed, NotFound):
                rows = ()  # Not for us to see, or not offered there.
            write_names(place, name, rows, asked_at=asked_at)


def _search_names(api: Client, place: str, asked_at: float, name: str, prefix: str) -> None:
    """Add the entries of a long list that begin with ``prefix`` to the known ones."""
    noun = NOUNS[name]
    if noun.searched:
        rows, _ = page(api.request("GET", noun.path, query=search(noun, prefix)), FOUND_ROWS)
        write_names(place, name, rows, whole=False, asked_at=asked_at)
        for old in Path(shell_tab.directory()).glob("sought_*"):  # each search left one behind
            if time.time() - old.stat().st_mtime > shell_tab.FRESH_SECONDS:
                old.unlink(missing_ok=True)


def _line(fields: Sequence[str], row: Row) -> list[str]:
    """Return the values of the fields; one that could steer a terminal, or break the line, is left out."""
    texts = ("" if row.get(name) is None else str(row[name]) for name in fields)
    return [text if text.isprintable() else "" for text in texts]


def _section(noun: str, seen: tuple[float, list[list[str]]]) -> str:
    time_seen, rows = seen
    return "\n".join([f"{shell_tab.NEW_LIST}{noun}\t{time_seen}", *("\t".join(row) for row in rows)])


def main(arguments: Sequence[str]) -> int:
    """Refresh the names; 1 says that the server could not be asked."""
    try:
        refresh_names(dict(zip(arguments[::2], arguments[1::2], strict=False)))
    except (ShellError, ValueError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
