from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import EARLIEST, LATEST, parse_rfc3339, rfc3339

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (0, "1970-01-01T00:00:00.000000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (1_795_298_400_000_001, "2026-11-21T22:00:00.000001Z"),
        (2**31 * 1_000_000, "2038-01-19T03:14:08.000000Z"),
        (EARLIEST, "0001-01-01T00:00:00.000000Z"),
        (LATEST, "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_known_moments(moment: int, text: str) -> None:
    assert rfc3339(moment) == text
    assert parse_rfc3339(text) == moment


@given(st.integers(EARLIEST, LATEST))
def test_there_and_back_loses_nothing(moment: int) -> None:
    text = rfc3339(moment)
    assert parse_rfc3339(text) == moment
    assert datetime.fromisoformat(text) - EPOCH == timedelta(microseconds=moment)
    assert len(text) == 27


@given(st.integers(EARLIEST, LATEST), st.integers(EARLIEST, LATEST))
def test_texts_sort_as_moments_do(one: int, other: int) -> None:
    assert (rfc3339(one) < rfc3339(other)) == (one < other)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-11-21T22:00:00Z", "2026-11-21T22:00:00.000000Z"),
        ("2026-11-21t22:00:00.5z", "2026-11-21T22:00:00.500000Z"),
        ("2026-11-21 22:00:00Z", "2026-11-21T22:00:00.000000Z"),
        ("2026-11-22T00:30:00+02:30", "2026-11-21T22:00:00.000000Z"),
        ("2026-11-21T20:00:00-02:00", "2026-11-21T22:00:00.000000Z"),
    ],
)
def test_other_spellings_of_the_same_moment(text: str, same: str) -> None:
    assert rfc3339(parse_rfc3339(text)) == same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-21",
        "2026-11-21T22:00:00",
        "2026-11-21T22:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T22:00:60Z",
        "2026-11-21T22:00:00.Z",
        "2026-11-21T22:00:00.1234567Z",
        "2026-11-21T22:00:00+24:00",
        "2026-11-21T22:00:00Z\n",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "２０２６-11-21T22:00:00Z",
    ],
)
def test_no_times(text: str) -> None:
    with pytest.raises(Invalid):
        parse_rfc3339(text)


@pytest.mark.parametrize("moment", [EARLIEST - 1, LATEST + 1])
def test_beyond_the_calendar(moment: int) -> None:
    with pytest.raises(OverflowError):
        rfc3339(moment)
