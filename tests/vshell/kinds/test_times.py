"""Moments as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.kinds.times import IN_UTC, Times, distance, parse_time, zone_name

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)
EAST = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("mode", "value", "shown"),
    [
        ("utc", "2026-11-21T22:00:00.000000Z", "2026-11-21 22:00:00"),
        ("utc", "2026-11-30T22:00:00Z", "2026-11-30 22:00:00"),
        ("utc", "2026-02-30T22:00:00Z", "2026-02-30T22:00:00Z"),
        ("utc", "2026-11-21T23:30:00+01:30", "2026-11-21 22:00:00"),
        ("local", "2026-11-21T22:00:07.5Z", "2026-11-22 03:30:07"),
        ("local", "2026-02-30T22:00:00Z", "2026-02-30T22:00:00Z"),
        ("local", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("relative", "2026-11-24T22:00:01Z", "in 3 days"),
        ("relative", "2026-11-21T20:00:00Z", "2 hours ago"),
        ("relative", "2026-02-30T22:00:00Z", "2026-02-30T22:00:00Z"),
        ("relative", "backup", "backup"),
    ],
)
def test_a_moment_is_spelled_as_it_is_wished_for(mode: str, value: str, shown: str) -> None:
    assert Times(mode, NOW, EAST).text(value) == shown


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.4, "now"),
        (-0.4, "now"),
        (1, "in 1 second"),
        (-59, "59 seconds ago"),
        (60, "in 1 minute"),
        (-3_600, "1 hour ago"),
        (86_399, "in 23 hours"),
        (180 * 86_400, "in 180 days"),
        (2 * 365 * 86_400, "in 2 years"),
    ],
)
def test_a_distance_is_told_by_its_largest_unit(seconds: float, told: str) -> None:
    assert distance(timedelta(seconds=seconds)) == told


@given(st.datetimes(timezones=st.just(UTC)))
def test_the_quick_way_and_the_calendar_agree(moment: datetime) -> None:
    value = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
    assert parse_time(value) == moment
    assert IN_UTC.text(value) == str(moment.replace(microsecond=0, tzinfo=None))


def test_a_zone_has_its_name_and_its_distance_from_utc() -> None:
    assert zone_name(NOW, UTC) == "UTC"
    assert zone_name(NOW, timezone(timedelta(hours=1), "CET")) == "CET, UTC+01:00"
    assert zone_name(NOW, EAST) == "UTC+05:30"
