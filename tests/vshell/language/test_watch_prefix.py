"""What stands before a command that is repeated."""

from __future__ import annotations

import pytest

from vshell.language.parsed_line import Watch
from vshell.language.watch_prefix import COUNT, INTERVAL, WatchPrefix, begins


@pytest.mark.parametrize(
    ("line", "watch"),
    [
        ("watch 5s x", Watch(5)),
        ("watch 5 x", Watch(5)),
        ("  watch 2m --count 3 x", Watch(120, 3)),
        ("watch --count=3 1h x", Watch(3600, 3)),
    ],
)
def test_an_interval_and_perhaps_a_count(line: str, watch: Watch) -> None:
    rounds = WatchPrefix(line, 0)
    assert rounds.watch == watch
    assert rounds.fault is None
    assert line[rounds.end :] == " x"
    assert [line[word.start : word.end] for word in rounds.words] == [word.text for word in rounds.words]


@pytest.mark.parametrize(
    ("line", "waiting", "column"),
    [("watch", INTERVAL, 5), ("watch ", INTERVAL, 5), ("watch 5s --count", COUNT, 16), ("watch | count", INTERVAL, 5)],
)
def test_what_must_come_next(line: str, waiting: object, column: int) -> None:
    rounds = WatchPrefix(line, 0)
    assert rounds.waiting is waiting
    assert rounds.watch is None
    assert rounds.fault is not None
    assert rounds.fault.column == column


@pytest.mark.parametrize(("line", "column"), [("watch soon x", 6), ("watch 0s x", 6), ("watch 5s --count 0 x", 17)])
def test_what_is_no_interval_or_count_is_told_in_its_place(line: str, column: int) -> None:
    fault = WatchPrefix(line, 0).fault
    assert fault is not None
    assert fault.column == column


def test_usual_intervals_are_offered() -> None:
    from vshell.kinds import NoNames

    assert [offer.text for offer in INTERVAL.kind.complete("", NoNames(), {})] == ["2s", "5s", "30s", "1m"]


def test_it_begins_with_its_word() -> None:
    assert begins(" watch 5s", 0)
    assert not begins("watchful", 0)
