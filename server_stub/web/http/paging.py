"""Lists: a bare array, or VAST's envelope when a page is asked for.

Pages are found by key, not by offset: ``next`` carries the key of the last entry, so a list that changes meanwhile
neither repeats nor drops any. A page number without a key is answered too, since some clients count by themselves;
``previous`` is one. With ``prefix`` the answer is a bare array of no more than a page: what begins so, found by index
and not counted. A whole list is encoded a page at a time: what it takes in memory is its JSON, not its records.
"""

import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from server_stub.domain.base.errors import Invalid
from server_stub.web.http.decoding import Query

LARGEST_PAGE = 1_000
LAST_PAGE = 1_000_000_000
USUAL_PAGE = 100

Fetch = Callable[[int, str, int], Sequence[Any]]
"""Returns entries: how many at most, behind which key, how many of those left out."""

Key = Callable[[Any], str]


class Paged(Query, frozen=True):
    """The fields of an address that ask for a page: its number from 1, its size, the key before it."""

    page: int | None = None
    page_size: int | None = None
    after: str | None = None


class Searched(Paged, frozen=True):
    """The same for a list that can be opened at the first entries whose key begins with ``prefix``."""

    prefix: str | None = None


class Envelope(msgspec.Struct, frozen=True):
    """One page: how many there are in all, where the pages after and before it are, what stands on it."""

    count: int
    next: str | None
    previous: str | None
    results: Sequence[Any]


def id_of(shown: Any) -> str:
    """Return the key of an entry in a list by ids."""
    return str(shown.id)


def list_page(
    query: Paged, path: str, count: Callable[[], int], fetch: Fetch, key: Key = id_of
) -> msgspec.Raw | Envelope | Sequence[Any]:
    """Answer a list: the whole of it, the page that a query asks for (see ``envelope``), or what has its prefix."""
    if isinstance(query, Searched) and query.prefix is not None:
        return _find_prefixed(query, fetch)
    if query.page is None and query.page_size is None and query.after is None:
        return msgspec.Raw(b"[%s]" % b",".join(_encode_all(fetch, key)))
    return envelope(query, path, count(), fetch, key)


def _encode_all(fetch: Fetch, key: Key) -> Iterator[bytes]:
    """Encode the entries a page at a time, without the brackets."""
    after = ""
    while found := fetch(LARGEST_PAGE, after, 0):
        yield msgspec.json.encode(found)[1:-1]
        after = key(found[-1])


def _find_prefixed(query: Searched, fetch: Fetch) -> Sequence[Any]:
    """Return the first entries with the query's prefix; ``fetch`` sees to the prefix. Raises Invalid."""
    if query.page is not None:
        raise Invalid("prefix and page do not go together", hint="Ask for what stands behind a key with after.")
    texts = f"{query.prefix}{query.after or ''}"
    return fetch(require_page_size(query.page_size), query.after or "", 0) if texts.isprintable() else []


def require_page_size(asked: int | None) -> int:
    """Return how many entries a page is to have; raise Invalid."""
    size = USUAL_PAGE if asked is None else asked
    if not 1 <= size <= LARGEST_PAGE:
        raise Invalid(f"page_size must be from 1 to {LARGEST_PAGE}", hint="Ask for smaller pages.")
    return size


def number(after: str) -> int:
    """Read the key of a list whose keys are ids, 0 for none; raise Invalid."""
    if after and not (after.isascii() and after.isdigit() and len(after) <= 15):
        raise Invalid("after must be an id", hint="Take it from the address in next.")
    return int(after or "0")


def envelope(query: Paged, path: str, count: int, fetch: Fetch, key: Key) -> Envelope:
    """Make the page that a query asks for; ``fetch(size, after, skip)`` returns the entries behind a key.

    Raises Invalid for a page or a size out of bounds.
    """
    size = require_page_size(query.page_size)
    number = 1 if query.page is None else query.page
    if not 1 <= number <= LAST_PAGE:
        raise Invalid(f"page must be from 1 to {LAST_PAGE}", hint="Pages are counted from 1.")
    skip = (number - 1) * size if query.after is None else 0
    found = fetch(size + 1, query.after or "", skip)
    results = found[:size]
    last = key(results[-1]) if len(found) > size else None
    following = None if last is None else address(query, path, page=number + 1, page_size=size, after=last)
    preceding = address(query, path, page=number - 1, page_size=size, after=None) if number > 1 else None
    return Envelope(count, following, preceding, results)


def address(query: Query, path: str, **changes: Any) -> str:
    """Write the address of another page of the same list: that of a query, with some of its fields changed."""
    given = msgspec.structs.asdict(query) | changes
    return f"{path}?{urllib.parse.urlencode({name: value for name, value in given.items() if value is not None})}"
