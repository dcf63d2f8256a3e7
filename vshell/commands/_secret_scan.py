"""Find tokens in files by their form and checksum, without asking anybody; a secret is kept only to ask about it.

Rules: directories are walked in order, links in them not followed, what is no regular file passed over. Any file is
read, text or not, a piece at a time, in UTF-16 too, as other systems write it. What cannot be read is told, and the
search goes on.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from vshell.formats.token_format import tokens_in

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
"""What is told a path that could not be read, and that in a sentence."""


def scan(paths: Iterable[str], stdin: BinaryIO | None, trouble: Trouble) -> Iterator[Found]:
    """Yield the tokens in files, in all files of directories, and in standard input for "-"."""
    for path in paths:
        if path == STDIN:
            if stdin is not None:
                yield from in_stream(STDIN, stdin)
            continue
        for file in files(path, trouble):
            try:
                with open(file, "rb", opener=_open) as stream:
                    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                        yield from in_stream(file, stream)
            except OSError as error:
                trouble(file, f"{file} was not read: {error.strerror}.")


def files(path: str, trouble: Trouble) -> Iterator[str]:
    """Yield a file itself, or all files below a directory."""
    if not os.path.isdir(path):
        yield path
        return

    def told(error: OSError) -> None:
        trouble(error.filename, f"{error.filename} was not read: {error.strerror}.")

    for folder, folders, names in os.walk(path, onerror=told):
        folders.sort()
        yield from (os.path.join(folder, name) for name in sorted(names) if not _is_link(folder, name))


def in_stream(path: str, stream: BinaryIO) -> Iterator[Found]:
    """Yield the tokens in a stream of bytes; what is no ASCII parts words like any other sign."""
    number, offset, told, rest = 1, 0, 0, ""
    while True:
        piece = stream.readline(LONGEST_LINE).decode("latin-1")
        text = rest + piece
        cut = len(piece) == LONGEST_LINE and not piece.endswith("\n")
        for start, end, token in _tokens(text):
            # One at a cut may go on behind it; one that was told stands in the overlap again.
            if offset + start >= told and not (cut and end > len(text) - OVERLAP):
                told = offset + end
                yield Found(path, number, offset + start + 1, token)
        if not piece:
            return
        if cut:
            rest = text[-2 * OVERLAP :]
            offset += len(text) - len(rest)
        else:
            number, offset, told, rest = number + 1, 0, 0, ""


def _tokens(text: str) -> list[tuple[int, int, str]]:
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


def _is_link(folder: str, name: str) -> bool:
    return os.path.islink(os.path.join(folder, name))
