"""The canonical form of a user name: which spellings are one name, and what a name is made of.

Which names are taken or reserved, only the server can say.
"""

import re

LONGEST = 64

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._+@-]{0,62}[a-z0-9_])?")
# Four rounds are more than any code point needs; a test goes through all of them.
_ROUNDS = 4


def canonical(username: str) -> str:
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


def find_canonical(text: str) -> str | None:
    """Return the canonical form of a name in any spelling; None if no manager can have it."""
    if len(text) > LONGEST:
        return None
    username = canonical(text)
    return username if _NAME.fullmatch(username) else None
