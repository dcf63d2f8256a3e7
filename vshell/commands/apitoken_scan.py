"""apitoken scan: tokens left in files, found offline, and which of them are live.

Rules: tokens are found by form and checksum, and a secret is kept only to have it verified. Directories are walked in
order, links in them not followed, what is no regular file passed over. Any file is read, text or not, a piece at a
time, in UTF-16 too, as other systems write it. What cannot be read is reported, and the search goes on.
"""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, BinaryIO, NamedTuple

from vshell.commands._objects import verify_token
from vshell.errors import Failed, Mistake, ShellError
from vshell.formats.text import id_of, quote, tokens_in
from vshell.kinds import Path, Switch
from vshell.registry.tree import command
from vshell.registry.view import Alarming, View, columns
from vshell.session import Session

SCANNED = View(columns("where", "id", "live", "owner", "name"), more=("expiry_date", "revoked"))


STDIN = "-"
LONGEST_LINE = 1 << 20
"""Bytes that are looked at as one line; longer ones are cut, with as much overlap as a token is long."""

OVERLAP = 128

_WIDE = re.compile("(?:[0-9A-Za-z_.]\\0){40,}[0-9A-Za-z_.]?")
"""Where a token in UTF-16 may stand: letters with a zero byte between them, whichever comes first."""


class Found(NamedTuple):
    """A token in a file: line and column count from 1, the column in bytes."""

    path: str
    line: int
    column: int
    token: str

    def __repr__(self) -> str:
        return f"Found({self.where!r})"

    @property
    def where(self) -> str:
        """Return file, line and column as compilers write them."""
        return f"{self.path}:{self.line}:{self.column}"


Trouble = Callable[[str, str], None]
"""Takes a path that could not be read, and that in a sentence."""


@command(
    "apitoken scan",
    view=SCANNED,
    examples=("apitoken scan src config.yaml", "apitoken scan . --revoke", "apitoken scan -"),
    changes=True,
)
def scan_(
    session: Session,
    /,
    *paths: Annotated[str, Path("PATH"), "Name files and directories; '-' is standard input."],
    revoke: Annotated[bool | None, Switch(), "Revokes those that are live without asking."] = None,
) -> object:
    """Find API tokens in files, tell where, and which of them are live.

    Tokens are found by their form and checksum, offline; the server is asked about those found and about nothing
    else. It is shown where each stands, never the token. At a terminal you are asked whether to revoke those that
    are live. The command fails (exit 1) when a token stays live, and when a path that was named cannot be read,
    so that it can guard commits.
    """
    if not paths:
        raise Mistake("apitoken scan needs a file or a directory.", "For example: apitoken scan . or: apitoken scan -")
    stdin = sys.stdin.buffer if STDIN in paths and sys.stdin is not None else None
    known: dict[str, Mapping[str, Any] | None] = {}
    rows, left = [], {}
    unread = []

    def trouble(path: str, sentence: str) -> None:
        session.out.note(sentence)
        unread.extend([path] if path in paths else [])

    with session.out.progress("tokens", silent=True) as progress:
        for found in scan(paths, stdin, trouble):
            if found.token not in known:
                known[found.token] = verify_token(session, found.token)
            facts = known[found.token]
            rows.append(_row(found, facts))
            if facts is not None:
                left[rows[-1]["id"]] = rows[-1]
            progress.advance()
    places = ", ".join(f"{token_id} ({row['where']})" for token_id, row in left.items())
    wanted = bool(revoke) or (bool(left) and session.interactive and session.confirm(f"Live: {places}. Revoke?"))
    for token_id in list(left) if wanted else ():
        if _try_revoke(session, token_id):
            for row in rows:
                row["revoked"] = row["revoked"] or row["id"] == token_id
            del left[token_id]
    if left:
        return Alarming(rows, _live_error(left))
    if unread:
        sentence = f"{quote(unread[0])} was not read, so nothing is known of it."
        return Alarming(rows, Failed(sentence, "Name a path that is there: apitoken scan ."))
    return rows


def _row(found: Found, facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what is shown of a token that was found; of one that is not live the server says nothing."""
    known = facts or {}
    shown = {"owner": known.get("owner", known.get("user"))} | {key: known.get(key) for key in ("name", "expiry_date")}
    return {"where": found.where, "id": id_of(found.token), "live": facts is not None, **shown, "revoked": False}


def _try_revoke(session: Session, token_id: str) -> bool:
    """Revoke a token and return whether that was possible; why not is noted for the person."""
    try:
        session.client.request("PATCH", f"/apitokens/{token_id}/revoke/")
    except ShellError as error:
        session.out.note(f"{token_id} was not revoked: {error.sentence}")
        return False
    session.out.note(f"{token_id} has been revoked.")
    return True


def _live_error(left: Mapping[str, Mapping[str, Any]]) -> Failed:
    one, (token_id, row) = len(left) == 1, next(iter(left.items()))
    revoked = f"Revoke {'it' if one else 'each'}: apitoken revoke --id {token_id}"
    return Failed(
        f"{len(left)} API token{' is' if one else 's are'} live and can be read in files.",
        "Start the server anew: local-admin's token ends with it." if row["owner"] == "local-admin" else revoked,
    )


def scan(paths: Iterable[str], stdin: BinaryIO | None, trouble: Trouble) -> Iterator[Found]:
    """Yield the tokens in files, in all files of directories, and in standard input for "-"."""
    for path in paths:
        if path == STDIN:
            if stdin is not None:
                yield from scan_stream(STDIN, stdin)
            continue
        for file in list_files(path, trouble):
            try:
                with open(file, "rb", opener=_open) as stream:
                    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                        yield from scan_stream(file, stream)
            except OSError as error:
                trouble(file, f"{file} was not read: {error.strerror}.")


def list_files(path: str, trouble: Trouble) -> Iterator[str]:
    """Yield a file itself, or all files below a directory."""
    if not os.path.isdir(path):
        yield path
        return

    def report(error: OSError) -> None:
        trouble(error.filename, f"{error.filename} was not read: {error.strerror}.")

    for folder, folders, names in os.walk(path, onerror=report):
        folders.sort()
        files = (os.path.join(folder, name) for name in sorted(names))
        yield from (file for file in files if not os.path.islink(file))


def scan_stream(path: str, stream: BinaryIO) -> Iterator[Found]:
    """Yield the tokens in a stream of bytes; what is no ASCII parts words like any other sign."""
    number, offset, reported, rest = 1, 0, 0, ""
    while True:
        piece = stream.readline(LONGEST_LINE).decode("latin-1")
        text = rest + piece
        cut = len(piece) == LONGEST_LINE and not piece.endswith("\n")
        for start, end, token in _find_tokens(text):
            # One at a cut may go on behind it; one that was reported stands in the overlap again.
            if offset + start >= reported and not (cut and end > len(text) - OVERLAP):
                reported = offset + end
                yield Found(path, number, offset + start + 1, token)
        if not piece:
            return
        if cut:
            rest = text[-2 * OVERLAP :]
            offset += len(text) - len(rest)
        else:
            number, offset, reported, rest = number + 1, 0, 0, ""


def _find_tokens(text: str) -> list[tuple[int, int, str]]:
    """Return the tokens in bytes read as Latin-1, in order: where each begins and ends, and the token."""
    found = [(start, end, text[start:end]) for start, end in tokens_in(text)]
    for run in _WIDE.finditer(text) if "\0" in text else ():
        narrow = run[0].replace("\0", "")
        found += [
            (run.start() + 2 * start, run.start() + 2 * end - 1, narrow[start:end]) for start, end in tokens_in(narrow)
        ]
    return sorted(found)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
