"""Views of results, declared beside the command, and results that are more than plain data.

``vshell.output`` draws them.

These records are named tuples, as everywhere in the language's modules: they are as frozen as a dataclass
and cost a one-line run 7 ms less, because ``dataclasses`` imports ``inspect``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from vshell.errors import ShellError
from vshell.kinds import Kind
from vshell.registry.conditions import Condition

if TYPE_CHECKING:
    from vshell.terminal.screen import Progress

SECRET_FIELDS = ("token", "access", "refresh", "client_token")
"""Fields of an answer that hold a secret which nothing shows again."""

TIMES = ("local", "utc", "relative")
"""How times may be spelled for people."""


class Column(NamedTuple):
    """One field of a result.

    ``name`` is the server's, ``title`` the heading where vcli's rule does not give it, ``kind`` says how to
    show the value where its own text is not enough.
    """

    name: str
    title: str | None = None
    kind: Kind | None = None


def columns(*fields: str | Column) -> tuple[Column, ...]:
    """Return columns by their names; one with a title or a kind of its own is given whole."""
    return tuple(Column(field) if isinstance(field, str) else field for field in fields)


class View(NamedTuple):
    """What is shown of a result by default.

    ``columns`` in their order; ``sentence`` is shown instead of a dict in formats for people, with its
    ``{fields}`` filled in; ``layout`` is "table" for a list, "columns" for one without a grid, "findings" for
    one of states with what to do, "paragraphs" for one of names, values and what they are for, "vertical" for one
    object, "tree" for a list whose ``parent_id`` makes it one, "text" for a text or no result. ``more`` names the
    fields that are shown only when ``--columns`` asks for them.
    """

    columns: tuple[Column, ...] = ()
    sentence: str | None = None
    layout: Literal["table", "vertical", "tree", "columns", "findings", "paragraphs", "text"] = "table"
    more: tuple[str, ...] = ()

    @property
    def shows_secret(self) -> bool:
        """Tell whether a secret is shown that nothing shows again."""
        return any(column.name in SECRET_FIELDS for column in self.columns)


TEXT = View(layout="text")
"""The view of a command that returns a text or nothing."""


class FilterStep(NamedTuple):
    """A filter as a line uses it: its name, and its value or None."""

    name: str
    value: Any = None


class DisplayOptions(NamedTuple):
    """How one line's result is shown; what the line leaves out is as the shell's settings have it.

    ``conditions`` and ``sort`` pick and order records, ``steps`` are the filters, ``times`` is one of TIMES;
    ``paged`` allows a result that is longer than the screen to be shown a page at a time.
    """

    output: str | None = None
    columns: Sequence[str] = ()
    sort: str | None = None
    conditions: Sequence[Condition] = ()
    steps: Sequence[FilterStep] = ()
    times: str | None = None
    paged: bool = False


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
        """Yield the pages, each fetched when the one before it has been used."""
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
