"""Only what completion needs is kept of a row."""

from typing import Any

import pytest

from vshell import kinds
from vshell.completion.resources import (
    FOUND_ROWS,
    HELD_ROWS,
    LONGEST_VALUE,
    NOUNS,
    OBJECTS,
    beginning,
    page,
    search,
    select_row,
    select_rows,
)


def test_a_secret_in_a_row_is_not_kept() -> None:
    row = {"id": "L7k8ljIC", "token": "L7k8ljIC.secret", "name": "a", "revoked": False}
    assert select_row(NOUNS["apitokens"], row) == {"id": "L7k8ljIC", "name": "a", "revoked": False}


@pytest.mark.parametrize("row", [None, 3, [], {}, {"id": None}, {"id": ""}, {"id": ["x"]}, {"id": "x" * 301}])
def test_what_has_no_usable_key_is_left_out(row: object) -> None:
    assert select_rows(NOUNS["apitokens"], [row, {"id": "good"}]) == ({"id": "good"},)


def test_a_long_value_is_cut() -> None:
    kept = select_row(NOUNS["apitokens"], {"id": "x", "name": "n" * 10_000})
    assert kept is not None
    assert len(str(kept["name"])) == LONGEST_VALUE


@pytest.mark.parametrize(
    ("answer", "rows", "whole"),
    [
        ([], 0, True),
        ([1] * (HELD_ROWS - 1), HELD_ROWS - 1, True),
        ([1] * HELD_ROWS, HELD_ROWS, False),
        ([1] * (HELD_ROWS + 1), HELD_ROWS, False),
        ({"count": 1, "next": None, "previous": None, "results": [1]}, 1, True),
        ({"count": 9, "next": "/api/x/?page=2", "previous": None, "results": [1]}, 1, False),
    ],
)
def test_a_page_says_whether_it_is_all(answer: Any, rows: int, whole: bool) -> None:
    found, all_of_them = page(answer)
    assert (len(found), all_of_them) == (rows, whole)


def test_only_what_lies_in_the_order_of_its_key_is_asked_for_uncounted() -> None:
    assert beginning(NOUNS["apitokens"]) == {"page_size": HELD_ROWS, "prefix": ""}
    assert beginning(NOUNS["actions"]) == {}, "it always comes whole"
    assert beginning(NOUNS["managers"]) == {"page_size": HELD_ROWS}, "these lie in the order of their ids"
    assert search(NOUNS["apitokens"], "428", "bob") == {"page_size": FOUND_ROWS, "prefix": "428", "owner": "bob"}
    assert search(NOUNS["roles"], "ops", "bob") == {"page_size": FOUND_ROWS, "prefix": "ops", "owner": None}


@pytest.mark.parametrize("answer", [None, "x", 3, {}, {"results": None}])
def test_any_other_answer_is_refused(answer: object) -> None:
    with pytest.raises(ValueError, match="neither an array nor a page"):
        page(answer)


def test_every_live_kind_finds_its_fields() -> None:
    live = [kind for kind in vars(kinds).values() if isinstance(kind, type) and issubclass(kind, kinds.Live)]
    for kind in live:
        if kind.noun and kind.noun != "servers":
            assert {kind.field, *kind.remarks} <= set(NOUNS[kind.noun].fields), kind


def test_every_object_prints_from_a_known_list() -> None:
    assert set(OBJECTS.values()) <= set(NOUNS)
