"""Pages by key: every entry once, whatever comes and goes meanwhile."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base.errors import Invalid
from server_stub.web.http import paging
from server_stub.web.http.paging import Envelope, Paged, Searched

PATH = "/api/things/"


def listed(entries: list[str], **sent: object) -> object:
    """List sorted entries as a noun does."""

    def fetch(size: int, after: str, skip: int) -> list[str]:
        return [entry for entry in sorted(entries) if entry > after][skip : skip + size]

    answer = paging.list_page(Paged(**sent), PATH, lambda: len(entries), fetch, str)  # type: ignore[arg-type]  # a table
    return msgspec.json.decode(answer) if isinstance(answer, msgspec.Raw) else answer


def query_of(address: str) -> dict[str, object]:
    """Read the query of an address as a page's wish."""
    pairs = dict(each.split("=") for each in address.removeprefix(f"{PATH}?").split("&"))
    return {name: int(value) if name != "after" else value for name, value in pairs.items()}


@given(st.sets(st.text("abc", min_size=1, max_size=4), max_size=30), st.integers(1, 7))
def test_following_next_gives_every_entry_once(entries: set[str], size: int) -> None:
    seen, page = [], listed(list(entries), page_size=size)
    while isinstance(page, Envelope):
        assert page.count == len(entries)
        seen += page.results
        if page.next is None:
            break
        page = listed(list(entries), **query_of(page.next))
    assert seen == sorted(entries) == listed(list(entries))


def test_what_goes_and_comes_meanwhile_neither_repeats_nor_hides_the_rest() -> None:
    first = listed(list("bdfhj"), page_size=2)
    assert isinstance(first, Envelope)
    assert first.next is not None
    second = listed(list("acfhj"), **query_of(first.next))
    assert isinstance(second, Envelope)
    assert second.results == ["f", "h"]


def test_numbers_work_for_clients_that_count() -> None:
    page = listed(list("abcde"), page=2, page_size=2)
    assert isinstance(page, Envelope)
    assert page.results == ["c", "d"]
    assert page.previous == f"{PATH}?page=1&page_size=2"
    last = listed(list("abcde"), page=9, page_size=2)
    assert isinstance(last, Envelope)
    assert (last.results, last.next) == ([], None)


def test_a_key_alone_asks_for_a_page() -> None:
    page = listed(list("abc"), after="a")
    assert isinstance(page, Envelope)
    assert page.results == ["b", "c"]


def test_a_whole_list_is_put_together_from_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "LARGEST_PAGE", 2)
    assert listed(list("abcde")) == list("abcde")
    assert listed([]) == []


@pytest.mark.parametrize("sent", [{"page": 0}, {"page": -1}, {"page": 10**10}, {"page_size": 0}, {"page_size": 1_001}])
def test_a_page_that_cannot_be_is_refused(sent: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        listed(list("abc"), **sent)
    assert caught.value.hint


def test_a_prefix_is_answered_without_counting() -> None:
    def fetch(size: int, after: str, skip: int) -> list[str]:
        return [entry for entry in ("ba", "bb", "bc") if entry > after][:size]

    def found(**sent: object) -> object:
        query = Searched(prefix="b", **sent)  # type: ignore[arg-type]  # a table
        return paging.list_page(query, PATH, lambda: pytest.fail("counted"), fetch, str)

    assert found() == ["ba", "bb", "bc"]
    assert found(page_size=2) == ["ba", "bb"]
    assert found(page_size=2, after="ba") == ["bb", "bc"]
    assert found(after="\0") == []
    for sent in ({"page": 1}, {"page_size": 0}, {"page_size": 1_001}):
        with pytest.raises(Invalid):
            found(**sent)


def test_other_fields_of_the_query_go_along() -> None:
    class Named(Paged, frozen=True):
        name: str | None = None

    address = paging.address(Named(name="a b&c"), PATH, page=2, page_size=10, after="x")
    assert address == f"{PATH}?page=2&page_size=10&after=x&name=a+b%26c"
