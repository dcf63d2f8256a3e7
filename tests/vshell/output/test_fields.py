"""Fields of a result: chosen, ordered, filtered and spelled."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vshell.errors import WrongPart
from vshell.kinds import Timestamp
from vshell.kinds.times import IN_UTC
from vshell.output.fields import (
    cell_text,
    filter_rows,
    heading,
    select_rows,
    spell_for_people,
    spell_for_programs,
    title,
)
from vshell.registry.conditions import parse_conditions
from vshell.registry.filters import FilterStep
from vshell.registry.view import Column, View


@pytest.mark.parametrize(
    ("name", "shown"),
    [("id", "ID"), ("expiry_date", "Expiry-date"), ("ldap_groups", "Ldap-groups"), ("name", "Name"), ("x", "X")],
)
def test_a_heading_follows_vclis_rule(name: str, shown: str) -> None:
    assert title(name) == shown


def test_a_column_may_have_its_own_heading_and_kind() -> None:
    assert heading(Column("is_admin", "Is Admin")) == "Is Admin"
    column = Column("seen", kind=Timestamp())
    assert cell_text({"seen": "2026-11-21T22:00:00.000000Z"}, column) == "2026-11-21 22:00:00"
    assert cell_text({"seen": None}, column) == "None"
    assert cell_text({}, column) == "None"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (["root", "admin"], "['root', 'admin']"),
        ([], "[]"),
        ("2026-11-21T22:00:00.000000Z", "2026-11-21 22:00:00"),
        ("2026-11-21T23:30:00+01:30", "2026-11-21 22:00:00"),
        ("2026-02-30T22:00:00Z", "2026-02-30T22:00:00Z"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        ("2026-11-21", "2026-11-21"),
        ("", ""),
    ],
)
def test_a_value_for_people(value: object, shown: str) -> None:
    assert spell_for_people("x", value) == shown


def test_a_name_that_looks_like_a_time_stays_a_name() -> None:
    assert spell_for_people("name", "2026-11-21T22:00:00Z") == "2026-11-21T22:00:00Z"


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (True, "true"), ("x", "x"), (1, "1"), (["é"], '["é"]')])
def test_a_value_for_programs(value: object, shown: str) -> None:
    assert spell_for_programs(value) == shown


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
    assert ids(select_rows(ROWS, VIEW, parse_conditions("owner=bob Expiry-date<7D"), None, NOW)) == ["a"]
    assert ids(select_rows(ROWS, VIEW, parse_conditions("owner=bob"), "-id", NOW)) == ["c", "a"]


def test_one_record_and_a_text_are_left_alone() -> None:
    assert select_rows(ROWS[1], VIEW, parse_conditions("owner=bob"), None, NOW) == ROWS[1]
    assert select_rows("text", VIEW, parse_conditions("owner=bob"), "id", NOW) == "text"


def test_an_unknown_column_is_named_also_when_nothing_is_there() -> None:
    with pytest.raises(WrongPart) as caught:
        select_rows([], VIEW, parse_conditions("ownr=bob"), None, NOW)
    assert caught.value.part == "ownr"


@pytest.mark.parametrize("word", ["2026-11-24 00", "2026-11-24T00", "A"])
def test_a_row_shows_a_word_however_it_is_spelled(word: str) -> None:
    assert ids(filter_rows(ROWS, [FilterStep("match", word)], VIEW.columns, IN_UTC)) == ["a"]


def test_a_column_that_is_not_shown_does_not_count() -> None:
    assert filter_rows(ROWS, [FilterStep("match", "bob")], VIEW.columns, IN_UTC) == []
    assert ids(filter_rows(ROWS, [FilterStep("match", "bob")], (), IN_UTC)) == ["a", "c"]


def test_on_one_record_fields_are_looked_at() -> None:
    assert filter_rows(ROWS[0], [FilterStep("match", "own")], (), IN_UTC) == {"owner": "bob"}
    assert filter_rows("a bob\nann", [FilterStep("except", "bob")], (), IN_UTC) == "ann"
