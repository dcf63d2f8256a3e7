"""A long list of the server, fetched a page at a time: as far as somebody looks, or whole with its progress told.

Rules: pages are found by key, so that none repeats or drops what another had; each is a short request, where one for
all of a million entries would be waited for in vain. How many there are in all is asked only when it is worth telling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vshell.client.client import HttpClient
    from vshell.terminal.progress import Progress

PAGE = 1_000
"""Entries of a page, the most that a server gives."""


class PagedList:
    """A list that has more than one page; ``rows`` are those fetched by now."""

    def __init__(self, first: list[Any], behind: Callable[[str], list[Any]], count: Callable[[], int | None]) -> None:
        """Take the first page, how to get the one behind an id, and how to find out how many there are in all."""
        self.rows = list(first)
        self._first = first
        self._behind = behind
        self._count = count

    def pages(self) -> Iterator[list[Any]]:
        """Yield the pages, each fetched when it is asked for."""
        page = self._first
        while page:
            yield page
            if len(page) < PAGE:
                return
            page = self._behind(str(page[-1]["id"]))
            self.rows += page

    def whole(self, progress: Progress) -> list[Any]:
        """Fetch what is missing, and return all rows; raises ShellError."""
        asked = False
        with progress:
            for page in self.pages():
                if progress.is_due and not asked:
                    asked = True
                    progress.expect(self._count())
                progress.advance(len(page))
        return self.rows


def listed(api: HttpClient, path: str, query: Mapping[str, object]) -> object:
    """Return a list whose keys are ids: as the server gives it when it has one page, else Growing; raises ShellError.

    The server must take ``prefix``, with which it answers a bare page that it does not count.
    """

    def behind(after: str | None) -> Any:
        return api.request("GET", path, query={**query, "prefix": "", "page_size": PAGE, "after": after})

    def count() -> int | None:
        answer = api.request("GET", path, query={**query, "page_size": 1})
        found = answer.get("count") if isinstance(answer, Mapping) else None
        return found if isinstance(found, int) else None

    first = behind(None)
    return PagedList(first, behind, count) if isinstance(first, list) and len(first) == PAGE else first
