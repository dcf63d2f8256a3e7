"""The form of a user name, so that one that nobody can bear is refused before a password is asked for.

Rules: it is the server's form (its "managers" has the whole rule) without what only the server knows: which names are
taken or reserved. A name is compared in the form in which the server keeps it; as typed it may have capitals.
"""

from vshell.errors import Mistake
from vshell.kinds.base import quote

LONGEST = 64

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-+@")


def checked(text: str) -> str:
    """Return a user name as typed; raises ValueError with a sentence when no manager can bear it."""
    folded = _folded(text)
    if 1 <= len(text) <= LONGEST and len(folded) <= LONGEST and _LETTERS.issuperset(folded) and _ends_well(folded):
        return text
    raise ValueError(
        f"{quote(text)} cannot be a user name; use letters a to z, digits and . _ - + @, up to {LONGEST}, such as bob."
    )


def require(text: str) -> None:
    """Raise Mistake for the name of somebody who is to sign in, when no manager can bear it."""
    try:
        checked(text)
    except ValueError as wrong:
        raise Mistake(str(wrong)) from None


def _folded(text: str) -> str:
    """Return the form in which the server keeps a name: compatibility characters resolved, case folded."""
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    for _ in range(4):
        text = normalize("NFKC", normalize("NFKC", text).casefold())
    return text


def _ends_well(name: str) -> bool:
    return all(end.isalnum() or end == "_" for end in (name[0], name[-1])) if name else False
