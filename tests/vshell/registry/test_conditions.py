"""Conditions: how they are written, and when they hold."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.errors import WrongPart
from vshell.registry.conditions import OPERATORS, Condition, is_met, parse_conditions

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("owner=bob", [Condition("owner", "=", "bob")]),
        (
            " owner!=bob  expiry_date<=7D ",
            [Condition("owner", "!=", "bob"), Condition("expiry_date", "<=", "7D")],
        ),
        ("name~'two words' id=x", [Condition("name", "~", "two words"), Condition("id", "=", "x")]),
        ('name="it\'s"', [Condition("name", "=", "it's")]),
        ("last_used=", [Condition("last_used", "=", "")]),
        ("Expiry-date>2026-11-21", [Condition("Expiry-date", ">", "2026-11-21")]),
        ("a=b=c", [Condition("a", "=", "b=c")]),
    ],
)
def test_conditions_are_read(text: str, conditions: list[Condition]) -> None:
    assert parse_conditions(text) == conditions


@pytest.mark.parametrize("text", ["", "  ", "owner", "=bob", "owner==", "owner = bob", "a='b", "a='b'c", "a=1 b"])
def test_what_is_no_condition_is_said(text: str) -> None:
    if text == "owner==":
        assert parse_conditions(text) == [Condition("owner", "=", "=")]
        return
    with pytest.raises(ValueError, match=r"condition.*\."):
        parse_conditions(text)


@given(st.text())
def test_reading_conditions_raises_nothing_else(text: str) -> None:
    with suppress(ValueError):
        assert parse_conditions(text)


SOON, PAST = "2026-11-24T00:00:00.000000Z", "2026-11-20T00:00:00Z"


@pytest.mark.parametrize(
    ("condition", "value", "wanted"),
    [
        ("x=bob", "bob", True),
        ("x=bob", "Bob", False),
        ("x!=bob", "ann", True),
        ("x!=bob", None, True),
        ("x~OB", "bob", True),
        ("x~z", "bob", False),
        ("x<b", "Ann", True),
        ("x>=b", "B", True),
        ("x=", None, True),
        ("x=", "", True),
        ("x=none", None, True),
        ("x!=", None, False),
        ("x!=", "a", True),
        ("x<1", None, False),
        ("x~a", None, False),
        ("x=true", True, True),
        ("x=No", False, True),
        ("x=1", True, False),
        ("x=10", 10, True),
        ("x<10", 9, True),
        ("x>10", 9.5, False),
        ("x<10", "9", False),
        ("x<7D", SOON, True),
        ("x<2D", SOON, False),
        ("x>-2D", PAST, True),
        ("x<-1D", PAST, True),
        ("x<2026-11-21", PAST, True),
        ("x>=2026-11-20T00:00:00Z", PAST, True),
        ("x<100Y", SOON, True),
        ("x=2026-11-24", SOON, True),
        ("x='2026-11-24 00:00'", SOON, True),
        ("x~2026", SOON, True),
        ("x=a", ["a", "b"], True),
        ("x=c", ["a", "b"], False),
        ("x!=a", ["a", "b"], False),
        ("x!=c", ["a", "b"], True),
        ("x=", [], True),
        ("x!=", [], False),
        ("x~B", ["ab"], True),
        ("x~team", {"team": "web"}, True),
    ],
)
def test_a_condition_holds_or_not(condition: str, value: object, wanted: bool) -> None:
    (one,) = parse_conditions(condition)
    assert is_met(one, value, NOW) is wanted


def test_what_is_no_time_is_not_compared_with_one() -> None:
    with pytest.raises(WrongPart) as caught:
        is_met(Condition("x", "<", "soon"), SOON, NOW)
    assert caught.value.part == "soon"


VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.just(SOON)


@given(st.sampled_from(OPERATORS), st.text(), VALUES)
def test_unequal_is_always_the_opposite_of_equal(operator: str, wanted: str, value: object) -> None:
    try:
        assert isinstance(is_met(Condition("x", operator, wanted), value, NOW), bool)
    except WrongPart:
        assert operator in "<=>="
    equal, unequal = (is_met(Condition("x", each, wanted), value, NOW) for each in ("=", "!="))
    assert equal is not unequal
