"""Foreign text made safe to show, and the canonical form of a user name.

Which names are taken or reserved, only the server can say.
"""

import re

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
