"""Durations: every dialect is read, junk is refused, and what is spelled is read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base.durations import LONGEST_DURATION, parse_clock, parse_duration, spell_clock, spell_duration
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE, SECOND
from vshell.formats.durations import CELLS, GO, MICROSECOND, VAULT, VCLI, Dialect

GOOD: list[tuple[Dialect, str, int]] = [
    (VCLI, "1Y", 365 * DAY),
    (VCLI, "6M", 180 * DAY),
    (VCLI, "24M", 720 * DAY),
    (VCLI, "180D", 180 * DAY),
    (VCLI, "1d", DAY),
    (VCLI, "2w", 14 * DAY),
    (VCLI, "2W", 14 * DAY),
    (VCLI, "12h", 12 * HOUR),
    (VCLI, "24H", DAY),
    (VCLI, "30m", 30 * MINUTE),
    (VCLI, "45s", 45 * SECOND),
    (VCLI, "45S", 45 * SECOND),
    (VCLI, "007D", 7 * DAY),
    (VCLI, "9999Y", LONGEST_DURATION),
    (GO, "720h", 30 * DAY),
    (GO, "1h30m", 90 * MINUTE),
    (GO, "1.5h", 90 * MINUTE),
    (GO, ".5s", SECOND // 2),
    (GO, "1.s", SECOND),
    (GO, "500ms", SECOND // 2),
    (GO, "1us", 1),
    (GO, "1µs", 1),
    (GO, "1μs", 1),
    (GO, "1500ns", 1),
    (GO, "1h1h", 2 * HOUR),
    (CELLS, "24h", DAY),
    (CELLS, "10m", 10 * MINUTE),
    (CELLS, "7d", 7 * DAY),
    (VAULT, "1h", HOUR),
    (VAULT, "3600", HOUR),
    (VAULT, "7d", 7 * DAY),
    (VAULT, "1h30m", 90 * MINUTE),
    (VAULT, "500ms", SECOND // 2),
]

JUNK = ["", " ", "abcd", "D", "-1D", "+1D", "1.5D", "1DD", " 1D", "1D ", "1D\n", "1 D", "1D1h", "１D", "1e3s", "0x1s"]
BAD: list[tuple[Dialect, str]] = [
    *((VCLI, text) for text in [*JUNK, "1y", "0D", "00D", "1", "1000ms", "1ms", "1h30m", "99999999999999Y"]),
    *((VCLI, text) for text in ["10000Y", "9" * 100_000 + "D"]),
    *((GO, text) for text in [*JUNK, "0", "0s", "1d", "1w", "3600", "-1h", "1h-1m", "1ns", ".s", "1..5h", "1H"]),
    *((GO, text) for text in ["1h 30m", "9" * 60 + "h", "1" * 100 + "h", "1h" * 50]),
    *((CELLS, text) for text in [*JUNK, "abcd", "1.5d", "0d", "1d12h", "3600"]),
    *((VAULT, text) for text in [*JUNK, "1w", "90.5", "xyz", "0", "-1", "1.5d", "1D", "9" * 30]),
]


@pytest.mark.parametrize(("dialect", "text", "length"), GOOD)
def test_durations(dialect: Dialect, text: str, length: int) -> None:
    assert parse_duration(text, dialect) == length


@pytest.mark.parametrize(("dialect", "text"), BAD)
def test_no_durations(dialect: Dialect, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_duration(text, dialect)
    assert caught.value.hint
    assert len(caught.value.sentence) < 120


@given(st.text(max_size=70), st.sampled_from([VCLI, GO, CELLS, VAULT]))
def test_any_text_is_a_time_or_a_refusal(text: str, dialect: Dialect) -> None:
    try:
        length = parse_duration(text, dialect)
    except Invalid:
        return
    assert type(length) is int
    assert 0 < length <= LONGEST_DURATION


@given(st.integers(1, 9999 * 365), st.sampled_from(sorted(VCLI.alone)))
def test_a_number_and_a_unit_multiply(count: int, unit: str) -> None:
    length = count * VCLI.alone[unit] // MICROSECOND
    if length <= LONGEST_DURATION:
        assert parse_duration(f"{count}{unit}") == length
    else:
        with pytest.raises(Invalid, match="longer than 9999 years"):
            parse_duration(f"{count}{unit}")


@given(st.integers(1, 10**9).map(lambda seconds: seconds * SECOND))
def test_what_is_spelled_can_be_read(length: int) -> None:
    assert parse_duration(spell_duration(length)) == length


@pytest.mark.parametrize(
    ("length", "text"),
    [(180 * DAY, "180D"), (365 * DAY, "365D"), (36 * HOUR, "36h"), (90 * MINUTE, "90m"), (45 * SECOND, "45s")],
)
def test_spell(length: int, text: str) -> None:
    assert spell_duration(length) == text


@pytest.mark.parametrize(
    ("text", "length", "spelled"),
    [
        ("3600", HOUR, "01:00:00"),
        ("1", SECOND, "00:00:01"),
        ("30:00", 30 * MINUTE, "00:30:00"),
        ("90:00", 90 * MINUTE, "01:30:00"),
        ("02:00:00", 2 * HOUR, "02:00:00"),
        ("12:00:00", 12 * HOUR, "12:00:00"),
        ("24:00:00", DAY, "1 00:00:00"),
        ("1 00:00:00", DAY, "1 00:00:00"),
        ("10 23:59:59", 11 * DAY - SECOND, "10 23:59:59"),
        ("1 30:00", DAY + 30 * MINUTE, "1 00:30:00"),
    ],
)
def test_clock(text: str, length: int, spelled: str) -> None:
    assert parse_clock(text) == length
    assert spell_clock(length) == spelled


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "00:00:00",
        "0 00:00:00",
        "-1",
        "1.5",
        "1h",
        "0:60",
        "1:60:00",
        "1 24:00:00",
        "1 60:00",
        "1:2:3:4",
        "1 2",
        "1:",
        ":1",
        " 1",
        "1 ",
        "1\n",
        "1  00:00:00",
        "１",
        "9" * 20,
        "9" * 100000,
    ],
)
def test_no_clock(text: str) -> None:
    with pytest.raises(Invalid):
        parse_clock(text)


@given(st.integers(1, 10**10).map(lambda seconds: seconds * SECOND))
def test_what_the_clock_spells_it_reads(length: int) -> None:
    assert parse_clock(spell_clock(length)) == length
