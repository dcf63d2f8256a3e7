"""The lists of a server that completion reads, and what of their rows is kept: never a secret, nothing endless."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

HELD_ROWS = 1_000
"""The longest list that is held whole: one page of the server."""

FOUND_ROWS = 50
"""How many entries a search brings."""

LONGEST_VALUE = 300
"""Characters of a value; a row with a longer key is left out, since nobody could tell it from its beginning."""

Row = Mapping[str, object]


class Noun(NamedTuple):
    """A list of the server: its path, the field that tells rows apart, all the fields that are kept.

    ``searched`` tells that its pages follow each other in the order of the key, so that one can be opened at
    what was typed.
    """

    path: str
    key: str
    fields: tuple[str, ...]
    searched: bool = False


NOUNS: Mapping[str, Noun] = {
    "login": Noun("/login/", "username", ("username",)),
    "managers": Noun("/managers/", "username", ("username", "id", "full_name")),
    "apitokens": Noun("/apitokens/", "id", ("id", "name", "owner", "expiry_date", "revoked"), searched=True),
    "roles": Noun("/roles/", "name", ("name", "id"), searched=True),
    "realms": Noun("/realms/", "name", ("name", "id"), searched=True),
    "nodes": Noun("/nodes/", "path", ("uuid", "path"), searched=True),
    "permissions": Noun("/permissions/", "codename", ("codename", "name")),
}

OBJECTS: Mapping[str, str] = {
    "apitoken": "apitokens",
    "manager": "managers",
    "role": "roles",
    "realm": "realms",
    "node": "nodes",
    "permission": "permissions",
}
"""Which list an object's commands print from."""


def page(answer: object) -> tuple[Sequence[object], bool]:
    """Return the rows of a list and whether they are all: a bare array, or one page of it.

    Raises ValueError for anything else.
    """
    if isinstance(answer, list):
        return answer[:HELD_ROWS], len(answer) <= HELD_ROWS
    if isinstance(answer, Mapping) and isinstance(answer.get("results"), list):
        return answer["results"][:HELD_ROWS], not answer.get("next")
    raise ValueError("neither an array nor a page")


def kept_rows(noun: Noun, rows: Sequence[object]) -> tuple[Row, ...]:
    """Return the rows as they are kept, those without a usable key left out."""
    kept = (kept_row(noun, row) for row in rows)
    return tuple(row for row in kept if row is not None)


def kept_row(noun: Noun, row: object) -> Row | None:
    """Return the fields of a row that are kept, cut where they are long, or None without a usable key."""
    if not isinstance(row, Mapping):
        return None
    key = row.get(noun.key)
    if not isinstance(key, str | int) or not 0 < len(str(key)) <= LONGEST_VALUE:
        return None
    kept: dict[str, object] = {}
    for name in noun.fields:
        value = row.get(name)
        if isinstance(value, str):
            kept[name] = value[:LONGEST_VALUE]
        elif isinstance(value, int):
            kept[name] = value
    return kept
