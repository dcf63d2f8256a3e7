"""What is left of a result by conditions, order and filters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vshell.errors import WrongPart
from vshell.kinds.times import IN_UTC
from vshell.output.picking import filtered, picked
from vshell.registry.conditions import parsed
from vshell.registry.filters import FilterStep
from vshell.registry.view import Column, View

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)
VIEW = View((Column("id"), Column("expiry_date")), more=("owner",))
ROWS = [
    {"id": "a", "owner": "bob", "expiry_date": "2026-11-24T00:00:00Z"},
    {"id": "b", "owner": "ann", "expiry_date": None},
    {"id": "c", "owner": "bob", "expiry_date": "2027-05-20T00:00:00Z"},
]


def ids(rows: object) -> list[str]:
    assert isinstance(rows, list)
    return [row["id"] for row in rows]


def test_all_conditions_hold_and_the_order_is_as_wished() -> None:
    assert ids(picked(ROWS, VIEW, parsed("owner=bob Expiry-date<7D"), None, NOW)) == ["a"]
    assert ids(picked(ROWS, VIEW, parsed("owner=bob"), "-id", NOW)) == ["c", "a"]


def test_one_record_and_a_text_are_left_alone() -> None:
    assert picked(ROWS[1], VIEW, parsed("owner=bob"), None, NOW) == ROWS[1]
    assert picked("text", VIEW, parsed("owner=bob"), "id", NOW) == "text"


def test_an_unknown_column_is_named_also_when_nothing_is_there() -> None:
    with pytest.raises(WrongPart) as caught:
        picked([], VIEW, parsed("ownr=bob"), None, NOW)
    assert caught.value.part == "ownr"


@pytest.mark.parametrize("word", ["2026-11-24 00", "2026-11-24T00", "A"])
def test_a_row_shows_a_word_however_it_is_spelled(word: str) -> None:
    assert ids(filtered(ROWS, [FilterStep("match", word)], VIEW.columns, IN_UTC)) == ["a"]


def test_a_column_that_is_not_shown_does_not_count() -> None:
    assert filtered(ROWS, [FilterStep("match", "bob")], VIEW.columns, IN_UTC) == []
    assert ids(filtered(ROWS, [FilterStep("match", "bob")], (), IN_UTC)) == ["a", "c"]


def test_on_one_record_fields_are_looked_at() -> None:
    assert filtered(ROWS[0], [FilterStep("match", "own")], (), IN_UTC) == {"owner": "bob"}
    assert filtered("a bob\nann", [FilterStep("except", "bob")], (), IN_UTC) == "ann"
