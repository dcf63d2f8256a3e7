"""The lists of a server that completion reads, and which of their fields it holds."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

HELD_ROWS = 1_000
"""The longest list that is held whole: one page of the server."""

FOUND_ROWS = 50
"""How many entries a search brings."""

LONGEST_VALUE = 300
"""Characters of a value; a row with a longer key is left out, since nobody could tell it from its beginning."""

Row = Mapping[str, object]


class Resource(NamedTuple):
    """A list of the server: its path, the field that tells rows apart, all the fields that are selected.

    ``searched`` tells that the server finds what begins with a prefix by index, however long the list is.
    ``by_key`` tells that this is the list's usual order too: then its beginning is requested in the same way,
    and the server need not count how many there are. ``paged`` is False for one that always comes whole.
    """

    path: str
    key: str
    fields: tuple[str, ...]
    searched: bool = False
    by_key: bool = False
    paged: bool = True


NOUNS: Mapping[str, Resource] = {
    "login": Resource("/login/", "username", ("username", "expires_at", "renewable_until")),
    "managers": Resource("/managers/", "username", ("username", "id", "full_name"), searched=True),
    "apitokens": Resource("/apitokens/", "id", ("id", "name", "owner", "expiry_date", "revoked"), True, True),
    "roles": Resource("/roles/", "name", ("name", "id"), True, True),
    "realms": Resource("/realms/", "name", ("name", "id"), True, True),
    "nodes": Resource("/nodes/", "path", ("uuid", "path"), True, True),
    "actions": Resource("/audit/actions/", "name", ("name",), paged=False),
    "permissions": Resource("/permissions/", "codename", ("codename", "name")),
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


def beginning(noun: Resource) -> Mapping[str, object]:
    """Return the query for as much of a list as is held."""
    if not noun.paged:
        return {}
    return {"page_size": HELD_ROWS, "prefix": ""} if noun.by_key else {"page_size": HELD_ROWS}


def search(noun: Resource, prefix: str, owner: str | None = None) -> Mapping[str, object]:
    """Return the query for the first entries whose key begins with ``prefix``, of one owner where they have owners."""
    return {"page_size": FOUND_ROWS, "prefix": prefix, "owner": owner if "owner" in noun.fields else None}


def page(answer: object, most: int = HELD_ROWS) -> tuple[Sequence[object], bool]:
    """Return the rows of a list and whether they are all: a bare array of fewer than ``most``, or one page.

    Raises ValueError for anything else.
    """
    if isinstance(answer, list):
        return answer[:HELD_ROWS], len(answer) < most
    if isinstance(answer, Mapping) and isinstance(answer.get("results"), list):
        return answer["results"][:HELD_ROWS], not answer.get("next")
    raise ValueError("neither an array nor a page")


def select_rows(noun: Resource, rows: Sequence[object]) -> tuple[Row, ...]:
    """Return the rows as they are selected, those without a usable key left out."""
    return tuple(filter(None, (select_row(noun, row) for row in rows)))


def select_row(noun: Resource, row: object) -> Row | None:
    """Return the fields of a row that are selected, cut where they are long, or None without a usable key."""
    if not isinstance(row, Mapping):
        return None
    key = row.get(noun.key)
    if not isinstance(key, str | int) or not 0 < len(str(key)) <= LONGEST_VALUE:
        return None
    values = {name: row[name] for name in noun.fields if isinstance(row.get(name), str | int)}
    return {name: value[:LONGEST_VALUE] if isinstance(value, str) else value for name, value in values.items()}
