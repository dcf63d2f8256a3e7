"""The measuring itself, with figures that are known; no time is measured here."""

import itertools

import pytest

from tests.benchmarks.measuring import Bar, Contestant, Direction, Report, in_turn

FIGURES = {"ours": [20.0, 10.0, 30.0], "floor": [9.0, 10.0, 11.0]}


def test_contestants_run_in_turn_and_the_first_round_does_not_count() -> None:
    order: list[str] = []
    numbers = itertools.count()

    def running(name: str) -> Contestant:
        return Contestant(name, lambda: order.append(name) or float(next(numbers)))  # type: ignore[func-returns-value]  # append gives None

    figures = in_turn([running("a"), running("b"), running("c")], rounds=2)
    assert "".join(order) == "abcbcacab"
    assert figures == {"a": [5.0, 7.0], "b": [3.0, 8.0], "c": [4.0, 6.0]}


@pytest.mark.parametrize(
    ("bar", "better", "verdict"),
    [
        (Bar("ours", 2, beside="floor"), "less", "PASS  ours: 2.00 x floor (at most 2)"),
        (Bar("ours", 1.9, beside="floor"), "less", "SHORT  ours: 2.00 x floor (at most 1.9)"),
        (Bar("ours", 20), "more", "PASS  ours: 20.00 ms (at least 20)"),
        (Bar("ours", 21), "more", "SHORT  ours: 20.00 ms (at least 21)"),
        (Bar("ours", 30, percent=95), "less", "PASS  ours, 95 in 100: 30.00 ms (at most 30)"),
        (Bar("ours", 10, percent=95), "more", "PASS  ours, 95 in 100: 10.00 ms (at least 10)"),
    ],
)
def test_a_verdict_compares_medians_with_the_bar(bar: Bar, better: Direction, verdict: str) -> None:
    assert Report("", "ms", FIGURES, better=better, bars=[bar]).verdicts() == [verdict]


def test_the_table_has_medians_the_best_and_ratios() -> None:
    rows = [line.split() for line in Report("", "ms", FIGURES, yardstick="floor").table().splitlines()]
    assert rows[-2] == ["ours", "|", "3", "|", "20.0", "|", "10.0", "|", "2.00"]
    best_of_more = Report("", "lines/s", FIGURES, better="more").table().splitlines()[-2]
    assert best_of_more.split() == ["ours", "|", "3", "|", "20.0", "|", "30.0"]
