"""Texts from elsewhere: made safe to show, tokens found in them, user names in one form.

A token is ``ID.SECRET``, 8 and 32 base62 characters, perhaps behind a server's prefix. A prefix is a word and an
underscore, such as ``vgot_``. The last 6 characters are the CRC32 (the one of zlib) of all before them, prefix, id and
dot included, in base62: so a look-alike is found out offline. base62 is 0-9A-Za-z, the order of ASCII: texts of equal
length sort as their numbers do. Which user names are taken or reserved is up to the server.
"""

import re
from collections.abc import Iterator, Mapping
from zlib import crc32

WHOLE_TOKEN = re.compile(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}")
"""A token's form, id and secret: never shown wherever it stands, also in a line that was misread."""


def visible(text: str) -> str:
    """Return ``text`` with everything that could steer a terminal written as an escape (``\\x1b``)."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def without_token_forms(text: str) -> str:
    """Return ``text`` with ``***`` for whatever has a token's form, whether its checksum is right or not."""
    return WHOLE_TOKEN.sub("***", text)


def quote(text: str) -> str:
    """Return ``text`` in quotation marks for a sentence: tokens hidden, control characters escaped, long text cut."""
    text = without_token_forms(text)
    shown = visible(text if len(text) <= 60 else text[:57] + "...")
    return f"'{shown}'"


BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_LENGTH = 8
CHECKSUM_LENGTH = 6

_FORM = re.compile(r"(?:[A-Za-z][A-Za-z0-9]{0,14}_)?[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}")
# Where a token may begin: every place is tried, since a letter too many before it must not hide it.
_CORE = re.compile(r"(?=([0-9A-Za-z]{8}\.[0-9A-Za-z]{32}))")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}_\Z")


def base62(number: int, length: int) -> str:
    """Write a number in base62 with so many digits."""
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


def checksum(text: str) -> str:
    """Return what stands behind all else in a token."""
    return base62(crc32(text.encode("ascii")), CHECKSUM_LENGTH)


def is_token(text: str) -> bool:
    """Tell whether ``text`` is a whole token with a right checksum."""
    return _FORM.fullmatch(text) is not None and text.endswith(checksum(text[:-CHECKSUM_LENGTH]))


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


def ids_of(result: object) -> list[str | int]:
    """Return the ids of what a command returned, never anything that could be a token."""
    rows = result if isinstance(result, list) else [result]
    ids = [row.get("id") for row in rows if isinstance(row, Mapping)]
    return [each for each in ids if isinstance(each, (str, int)) and not any(tokens_in(str(each)))]


TOKEN_FIELDS = frozenset(("token", "access_token"))
"""Where an answer holds a token that was just made; a session's are called otherwise."""


def list_made_ids(answer: object) -> list[str]:
    """Return the public ids of the tokens that an answer shows whole."""
    if not isinstance(answer, Mapping):
        return []
    secrets = (answer.get(name) for name in TOKEN_FIELDS)
    return [token_id for each in secrets if isinstance(each, str) and (token_id := id_of(each)) is not None]


LONGEST_USERNAME = 64
_USERNAME = re.compile(r"[a-z0-9_](?:[a-z0-9._+@-]{0,62}[a-z0-9_])?")
# Four rounds are more than any code point needs; a test goes through all of them.
_ROUNDS = 4


def canonical_username(username: str) -> str:
    """Return the one form in which a name is kept, compared and counted; that form is its own."""
    if username.isascii():
        return username.lower()
    from unicodedata import normalize  # seldom needed

    for _ in range(_ROUNDS):
        folded = normalize("NFKC", normalize("NFKC", username).casefold())
        if folded == username:
            break
        username = folded
    return username


def parse_username(text: str) -> str | None:
    """Return the canonical form of a name in any spelling; None if no manager can have it."""
    if len(text) > LONGEST_USERNAME:
        return None
    username = canonical_username(text)
    return username if _USERNAME.fullmatch(username) else None
