"""Recognise a token by its form and its checksum, without asking anybody.

A token is ``ID.SECRET``, 8 and 32 base62 characters, perhaps behind a server's prefix such as ``vgot_``. The
last 6 characters are the CRC32 of all before them in base62, so a real token is told from a look-alike offline.
"""

import re
from collections.abc import Iterator
from zlib import crc32

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKSUM_LENGTH = 6
_FORM = re.compile(r"(?:[A-Za-z][A-Za-z0-9]{0,14}_)?[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}")
# Where a token may begin: every place is tried, since a letter too many before it must not hide it.
_CORE = re.compile(r"(?=([0-9A-Za-z]{8}\.[0-9A-Za-z]{32}))")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}_\Z")


def is_token(text: str) -> bool:
    """Tell whether ``text`` is a whole token with a right checksum."""
    return _FORM.fullmatch(text) is not None and text.endswith(_checksum(text[:-_CHECKSUM_LENGTH]))


def id_of(text: str) -> str | None:
    """Return the public id of a token, None for what is no token with a right checksum."""
    return text.rpartition("_")[2].partition(".")[0] if is_token(text) else None


def tokens_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in ``text`` each token with a right checksum begins and ends, its prefix included."""
    end = 0
    for core in _CORE.finditer(text):
        start, stop = core.span(1)
        if start < end:
            continue
        prefix = _PREFIX.search(text, max(end, start - 16), start)
        for begin in (prefix.start(), start) if prefix else (start,):
            if is_token(text[begin:stop]):
                end = stop
                yield begin, stop
                break


def without_tokens(text: str) -> str:
    """Return ``text`` with ``***`` in place of each token."""
    for start, end in reversed(list(tokens_in(text))):
        text = f"{text[:start]}***{text[end:]}"
    return text


def _checksum(text: str) -> str:
    number = crc32(text.encode("ascii"))
    digits = ""
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_BASE62))
        digits = _BASE62[digit] + digits
    return digits
