"""What a view is when little is said about it, and a long list: fetched by pages, or whole with its progress."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.vshell.terminal.test_screen import Clock, Terminal
from vshell.client.client import list_pages
from vshell.errors import Failed, Unreachable
from vshell.registry.view import PAGE, TEXT, Alarming, Column, PagedList, View
from vshell.terminal.screen import Progress


def test_a_view_is_a_table_of_its_columns() -> None:
    view = View((Column("id"),))
    assert (view.layout, view.sentence, view.more) == ("table", None, ())
    assert view.columns[0] == Column("id", title=None, kind=None)
    assert TEXT.columns == ()


QUERY = {"owner": "bob"}


class Pages:
    """A server with so many entries, asked by key; each request takes a while."""

    def __init__(self, total: int, clock: Clock | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self._ids = [f"{number:08}" for number in range(total)]
        self._clock = clock

    def request(self, method: str, path: str, *, query: dict[str, Any]) -> object:
        """Answer as the server does."""
        self.asked.append(query)
        assert (method, path, query["owner"]) == ("GET", "/apitokens/", "bob")
        if self._clock is not None:
            self._clock.now += 0.6
        if "prefix" not in query:
            return {"count": len(self._ids), "results": [], "next": None}
        after = query["after"] or ""
        return [{"id": each} for each in self._ids if each > after][: query["page_size"]]


def get(server: Any) -> Any:
    return list_pages(server, "/apitokens/", QUERY)


@pytest.mark.parametrize("total", [0, 1, PAGE - 1])
def test_a_short_list_is_one_request(total: int) -> None:
    server = Pages(total)
    assert len(get(server)) == total
    assert server.asked == [{"owner": "bob", "prefix": "", "page_size": PAGE, "after": None}]


@pytest.mark.parametrize("total", [PAGE, PAGE + 1, 3 * PAGE, 3 * PAGE + 7])
def test_a_long_one_comes_whole_and_in_order_by_pages(total: int) -> None:
    server = Pages(total)
    growing = get(server)
    assert isinstance(growing, PagedList)
    assert (len(growing.rows), len(server.asked)) == (PAGE, 1), "the first rows are there at once"
    rows = growing.whole(Progress("entries", stream=None))
    assert [row["id"] for row in rows] == [f"{number:08}" for number in range(total)]
    assert all("prefix" in query for query in server.asked), "nobody looks, so they are not counted"


def test_nothing_is_fetched_that_nobody_looks_at() -> None:
    server = Pages(5 * PAGE)
    pages = get(server).pages()
    next(pages)
    next(pages)
    assert len(server.asked) == 2


def test_the_progress_tells_how_many_there_are_and_how_long_it_takes() -> None:
    clock, terminal = Clock(), Terminal()
    server = Pages(5 * PAGE, clock)
    growing = get(server)
    growing.whole(Progress("entries", stream=terminal, clock=clock))
    assert "entries: 3,000 of 5,000, " in terminal.getvalue()
    assert " s left" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert sum("prefix" not in query for query in server.asked) == 1, "counted once"


def test_what_goes_wrong_on_the_way_is_raised() -> None:
    def away(after: str) -> list[Any]:
        raise Unreachable("The connection broke.")

    growing = PagedList([{"id": "x"}] * PAGE, away, lambda: None)
    with pytest.raises(Unreachable):
        growing.whole(Progress("entries", stream=io.StringIO()))


def test_an_answer_of_another_shape_is_left_as_it_is() -> None:
    class Strange:
        def request(self, *_: object, **__: object) -> object:
            return {"detail": "fine"}

    assert get(Strange()) == {"detail": "fine"}


def test_a_result_is_told_from_its_alarm() -> None:
    alarm = Failed("One is wrong.")
    result, error = Alarming([{"id": 1}], alarm)
    assert (result, error) == ([{"id": 1}], alarm)
