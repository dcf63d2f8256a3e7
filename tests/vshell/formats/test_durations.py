"""One parser for all dialects: exact, and nothing for what a dialect has not."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.formats.durations import CELLS, DAY, GO, HOUR, MINUTE, SECOND, VAULT, VCLI, Dialect, parse


@pytest.mark.parametrize(
    ("dialect", "text", "length"),
    [
        (VCLI, "6M", 180 * DAY),
        (VCLI, "6m", 6 * MINUTE),
        (VCLI, "0D", 0),
        (GO, "1.1h", 66 * MINUTE),
        (GO, "1ns", 1),
        (GO, "0.1ns", Fraction(1, 10)),
        (CELLS, "7d", 7 * DAY),
        (VAULT, "3600", HOUR),
        (VAULT, "0", 0),
    ],
)
def test_a_length_is_exact(dialect: Dialect, text: str, length: int | Fraction) -> None:
    assert parse(text, dialect) == length


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (VCLI, ""),
        (VCLI, "1h30m"),
        (VCLI, "1ms"),
        (GO, "7d"),
        (GO, ""),
        (CELLS, "3600"),
        (CELLS, "1d12h"),
        (VAULT, "1D"),
    ],
)
def test_what_a_dialect_has_not_is_none(dialect: Dialect, text: str) -> None:
    assert parse(text, dialect) is None


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_links_add_up(hours: int, seconds: int) -> None:
    assert parse(f"{hours}h{seconds}s", GO) == hours * HOUR + seconds * SECOND
