"""Find tokens in files by their form and checksum, without asking anybody; a secret is kept only to ask about it.

Rules: directories are walked in order, links in them not followed, what is no regular file passed over. Any file is
read, text or not, a piece at a time. What cannot be read is told, and the search goes on.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from vshell.token_form import tokens_in

STDIN = "-"
LONGEST_LINE = 1 << 20
"""Bytes that are looked at as one line; longer ones are cut, with as much overlap as a token is long."""

OVERLAP = 64


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


def scan(paths: Iterable[str], stdin: BinaryIO | None, trouble: Callable[[str], None]) -> Iterator[Found]:
    """Yield the tokens in files, in all files of directories, and in standard input for "-".

    ``trouble`` is told in a sentence what could not be read.
    """
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
                trouble(f"{file} was not read: {error.strerror}.")


def files(path: str, trouble: Callable[[str], None]) -> Iterator[str]:
    """Yield a file itself, or all files below a directory."""
    if not os.path.isdir(path):
        yield path
        return

    def told(error: OSError) -> None:
        trouble(f"{error.filename} was not read: {error.strerror}.")

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
        for start, end in tokens_in(text):
            # One at a cut may go on behind it; one that was told stands in the overlap again.
            if offset + start >= told and not (cut and end > len(text) - OVERLAP):
                told = offset + end
                yield Found(path, number, offset + start + 1, text[start:end])
        if not piece:
            return
        if cut:
            rest = text[-2 * OVERLAP :]
            offset += len(text) - len(rest)
        else:
            number, offset, told, rest = number + 1, 0, 0, ""


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_link(folder: str, name: str) -> bool:
    return os.path.islink(os.path.join(folder, name))
