"""Results of commands that are more than plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from vshell.errors import ShellError

if TYPE_CHECKING:
    from vshell.terminal.status_line import Progress

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


class Alarming(NamedTuple):
    """A result that is to be shown, and the error with which the line ends all the same."""

    result: object
    error: ShellError
