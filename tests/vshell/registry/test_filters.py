"""The filters by themselves, on lists, records and texts."""

from __future__ import annotations

import pytest

from vshell.registry.filters import FEW, FILTERS, apply_filters
from vshell.registry.view import FilterStep


def shows(row: object, word: str) -> bool:
    return word in str(row)


ROWS = [{"id": number} for number in range(12)]


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([FilterStep("match", "11")], [{"id": 11}]),
        ([FilterStep("except", "1")], [row for row in ROWS if "1" not in str(row)]),
        ([FilterStep("first", 2)], ROWS[:2]),
        ([FilterStep("first")], ROWS[:FEW]),
        ([FilterStep("last", 1)], ROWS[-1:]),
        ([FilterStep("last")], ROWS[-FEW:]),
        ([FilterStep("match", "1"), FilterStep("last", 1)], ROWS[-1:]),
        ([FilterStep("match", "nothing")], []),
        ([FilterStep("count")], 12),
        ([FilterStep("match", "1"), FilterStep("count")], 3),
    ],
)
def test_on_records(steps: list[FilterStep], left: object) -> None:
    assert apply_filters(steps, ROWS, shows) == left


def test_on_a_text_they_work_on_lines() -> None:
    assert apply_filters([FilterStep("match", "a")], "ab\ncd\nba", shows) == "ab\nba"
    assert apply_filters([FilterStep("count")], "ab\ncd", shows) == 2


def test_on_one_record_they_work_on_its_fields() -> None:
    assert apply_filters([FilterStep("except", "a")], {"a": 1, "b": 2}, shows) == {"b": 2}
    assert apply_filters([FilterStep("count")], {"a": 1, "b": 2}, shows) == 1
    assert apply_filters([FilterStep("match", "3")], 3, shows) == [3]


def test_each_is_explained() -> None:
    assert all(each.explanation.endswith(".") for each in FILTERS.values())
