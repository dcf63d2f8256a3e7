"""vcli's periods: every unit, every refusal, and what is said about them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.formats.durations import SECOND, VCLI
from vshell.kinds import Clock, Duration, GoDuration, Length, NoNames
from vshell.kinds.durations import LONGEST_SECONDS

DAY = 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("180D", 180 * DAY),
        ("180d", 180 * DAY),
        ("6M", 180 * DAY),
        ("24M", 720 * DAY),
        ("1Y", 365 * DAY),
        ("2w", 14 * DAY),
        ("2W", 14 * DAY),
        ("12h", 12 * 3600),
        ("12H", 12 * 3600),
        ("30m", 1800),
        ("45s", 45),
        ("45S", 45),
        ("007D", 7 * DAY),
        ("100Y", LONGEST_SECONDS),
    ],
)
def test_a_period_is_taken_as_typed(text: str, seconds: int) -> None:
    assert Duration().parse(text) == text
    assert Duration().seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is missing"),
        ("1y", "capital Y: '1Y'"),
        ("0D", "no time at all"),
        ("000Y", "no time at all"),
        ("-1D", "sign"),
        ("+1D", "sign"),
        ("1.5D", "whole number"),
        ("1,5D", "whole number"),
        (".5D", "whole number"),
        ("1DD", "one unit"),
        ("1D2h", "one unit"),
        ("D", "one unit"),
        ("1 D", "one unit"),
        ("1D ", "one unit"),
        ("180", "no unit"),
        ("5x", "unknown unit"),
        ("١D", "one unit"),
        ("99999999999999Y", "longer than 100 years"),
        ("101Y", "longer than 100 years"),
        ("9" * 5000 + "s", "longer than 100 years"),
        ("1\x1b[2JD", r"\x1b"),
    ],
)
def test_what_is_no_period_is_refused_with_a_way_out(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)) as refusal:
        Duration().parse(text)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert len(sentence) < 250


@given(st.integers(1, 10**15), st.sampled_from(sorted(VCLI.alone)))
def test_a_number_and_a_unit_is_a_period_up_to_100_years(number: int, unit: str) -> None:
    text = f"{number}{unit}"
    if number * VCLI.alone[unit] // SECOND <= LONGEST_SECONDS:
        assert Duration().seconds(text) == number * VCLI.alone[unit] // SECOND
    else:
        with pytest.raises(ValueError, match="100 years"):
            Duration().seconds(text)


@given(st.text(alphabet="0123456789YMwWdDhHmsSy.-+ x", max_size=8))
def test_only_a_whole_number_and_one_unit_passes(text: str) -> None:
    form = re.fullmatch(r"0*[1-9][0-9]*[YMwWdDhHmsS]", text)
    refusal = refusal_of(text)
    assert (refusal is None) == (form is not None) or "100 years" in str(refusal)


def refusal_of(text: str) -> ValueError | None:
    try:
        Duration().parse(text)
    except ValueError as refusal:
        return refusal
    return None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("6M", "6 months = 180 days"),
        ("6m", "6 minutes"),
        ("1Y", "1 year = 365 days"),
        ("1D", "1 day"),
        ("2w", "2 weeks = 14 days"),
        ("no", "no"),
    ],
)
def test_a_period_is_explained(text: str, shown: str) -> None:
    assert Duration().show(text) == shown


def test_a_number_is_completed_by_the_units_it_can_have() -> None:
    offers = list(Duration().complete("6", NoNames(), {}))
    assert ("6M", "6 months = 180 days") in offers
    assert ("6m", "6 minutes") in offers
    assert not [offer for offer in Duration().complete("5000", NoNames(), {}) if offer.text == "5000Y"]
    assert list(Duration().complete("x", NoNames(), {})) == []
    assert list(Duration().complete("0", NoNames(), {})) == []
    assert list(Duration().complete("²", NoNames(), {})) == []


@given(st.text(max_size=12))
def test_every_offer_is_a_period(prefix: str) -> None:
    for offer in Duration().complete(prefix, NoNames(), {}):
        assert offer.text.startswith(prefix)
        assert Duration().parse(offer.text) == offer.text


@pytest.mark.parametrize("text", ["02:00:00", "12:00:00", "1 12:00:00", "90", "30:00", "90m", "2d"])
def test_a_clock_time_is_taken_as_typed(text: str) -> None:
    assert Clock().parse(text) == text


@pytest.mark.parametrize("text", ["", "00:00:00", "0", "0m", "1:2:3:4", "2x", "-1", "a", "1.5h"])
def test_what_is_no_clock_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"length of time|no time at all"):
        Clock().parse(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("24h", "86400s"),
        ("10m", "600s"),
        ("7d", "604800s"),
        ("1h30m", "5400s"),
        ("1.5h", "5400s"),
        ("1.1h", "3960s"),
        ("90s", "90s"),
    ],
)
def test_go_writes_lengths_so(text: str, seconds: str) -> None:
    assert GoDuration().parse(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abcd",
        "1.5d",
        "d",
        "24",
        "1y",
        "1H",
        "-1h",
        "+1h",
        "0h",
        "0d",
        "0.5s",
        ".5m",
        "1.m",
        "1.5.5h",
        "1500ms",
        "2000ms",
        "1h 30m",
        "1d1h",
        "99999999d",
        "1" * 40,
    ],
)
def test_what_is_no_length_of_gos_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^'.*' is .*; "):
        GoDuration().parse(text)


def test_vaults_bare_numbers_are_seconds() -> None:
    assert GoDuration(bare=True).parse("3600") == "3600s"
    assert [offer.text for offer in GoDuration().complete("", NoNames(), {})] == ["10m", "1h", "24h", "7d"]
    assert list(GoDuration().complete("2", NoNames(), {})) == []


@pytest.mark.parametrize(
    ("kind", "text", "seconds"),
    [
        (Duration(), "180D", 180 * 86_400),
        (Duration(), "6m", 360),
        (Clock(), "02:00:00", 7_200),
        (Clock(), "1 12:00:00", 129_600),
        (Clock(), "01:30", 90),
        (Clock(), "90", 90),
        (Clock(), "90m", 5_400),
        (GoDuration(), "1h30m", 5_400),
        (GoDuration(bare=True), "3600", 3_600),
    ],
)
def test_every_length_has_seconds(kind: Length, text: str, seconds: int) -> None:
    assert kind.seconds(text) == seconds
    assert not kind.ago


@pytest.mark.parametrize("kind", [Duration(), Clock(), GoDuration()])
def test_what_is_no_length_has_no_seconds(kind: Length) -> None:
    with pytest.raises(ValueError, match="x"):
        kind.seconds("x")
