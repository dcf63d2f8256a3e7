"""The filters by themselves, on lists, records and texts."""

from __future__ import annotations

import pytest

from vshell.registry.filters import FEW, FILTERS, Step, applied


def shows(row: object, word: str) -> bool:
    return word in str(row)


ROWS = [{"id": number} for number in range(12)]


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([Step("match", "11")], [{"id": 11}]),
        ([Step("except", "1")], [row for row in ROWS if "1" not in str(row)]),
        ([Step("first", 2)], ROWS[:2]),
        ([Step("first")], ROWS[:FEW]),
        ([Step("last", 1)], ROWS[-1:]),
        ([Step("last")], ROWS[-FEW:]),
        ([Step("match", "1"), Step("last", 1)], ROWS[-1:]),
        ([Step("match", "nothing")], []),
        ([Step("count")], 12),
        ([Step("match", "1"), Step("count")], 3),
    ],
)
def test_on_records(steps: list[Step], left: object) -> None:
    assert applied(steps, ROWS, shows) == left


def test_on_a_text_they_work_on_lines() -> None:
    assert applied([Step("match", "a")], "ab\ncd\nba", shows) == "ab\nba"
    assert applied([Step("count")], "ab\ncd", shows) == 2


def test_on_one_record_they_work_on_its_fields() -> None:
    assert applied([Step("except", "a")], {"a": 1, "b": 2}, shows) == {"b": 2}
    assert applied([Step("count")], {"a": 1, "b": 2}, shows) == 1
    assert applied([Step("match", "3")], 3, shows) == [3]


def test_each_is_explained() -> None:
    assert all(each.explanation.endswith(".") for each in FILTERS.values())
