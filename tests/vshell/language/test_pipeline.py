"""What may follow a command: the meaning, the first fault under its column, and what may come next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vshell import small
from vshell.language.grammar import parse
from vshell.language.parsed_line import ParsedLine, Pipeline, Watch
from vshell.registry.filters import FILTERS
from vshell.registry.view import FilterStep


def reading_of(line: str) -> ParsedLine:
    return parse(line, registry=small.REGISTRY, variables={"t": {"id": "| count"}})


@pytest.mark.parametrize(
    ("line", "tail"),
    [
        ("apitoken list | match bob | count", Pipeline((FilterStep("match", "bob"), FilterStep("count")))),
        ("apitoken list |last 3", Pipeline((FilterStep("last", 3),))),
        ("apitoken list | last", Pipeline((FilterStep("last"),))),
        ("apitoken list | ma 'a b' | exc c", Pipeline((FilterStep("match", "a b"), FilterStep("except", "c")))),
        ("apitoken list > f", Pipeline(file="f")),
        ("apitoken list >> 'a b'", Pipeline(file="a b", append=True)),
        ("apitoken list | count | save f", None),
        ("apitoken list | first 2 | save f", Pipeline((FilterStep("first", 2),), "f")),
        ("apitoken list |! sort -k 2 | head > x # y", Pipeline(shell="sort -k 2 | head > x # y")),
        ("apitoken list | match x |! cat", Pipeline((FilterStep("match", "x"),), shell="cat")),
        ("help a > f", Pipeline(file="f")),
        ("apitoken list # | count", Pipeline()),
        ("apitoken create --name 'a | count'", Pipeline()),
        ("apitoken create --name a|b", Pipeline()),
        ("apitoken create --name \\|", Pipeline()),
        ("apitoken create --name $t.id", Pipeline()),
    ],
)
def test_what_becomes_of_a_result(line: str, tail: Pipeline | None) -> None:
    reading = reading_of(line)
    if tail is None:
        assert reading.mistake is not None
    else:
        assert (reading.tail, reading.mistake) == (tail, None)


@pytest.mark.parametrize(
    "line",
    [
        "apitoken list\\G",
        "apitoken list \\G",
        "apitoken list \\G | count",
        "apitoken list | count \\G",
        "apitoken list\\G # x",
    ],
)
def test_backslash_g_shows_vertically(line: str) -> None:
    reading = reading_of(line)
    assert reading.mistake is None
    assert reading.common == {"output": "vertical"}


def test_backslash_g_in_the_middle_is_a_letter() -> None:
    assert reading_of("apitoken create --name \\Go --owner bob").values == {"name": "Go", "owner": "bob"}
    assert reading_of("apitoken create --name '\\G'").values == {"name": "\\G"}


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("| count", 0),
        ("apitoken list |", 15),
        ("apitoken list | mtch x", 16),
        ("apitoken list | match", 21),
        ("apitoken list | match | count", 22),
        ("apitoken list | first x", 22),
        ("apitoken list | count x", 22),
        ("apitoken list | count | match x", 22),
        ("apitoken list >", 15),
        ("apitoken list > f x", 18),
        ("apitoken list > f | count", 18),
        ("apitoken list | $t.id", 16),
        ("apitoken list --output json \\G", 28),
        ("help x \\G", 7),
        ("let x = apitoken list > f", 22),
        ("let x = apitoken list | save f", 24),
        ("apitoken revoke | count", 15),
        ("watch 5s apitoken create", 9),
        ("watch 5s", 8),
    ],
)
def test_the_first_fault_stands_under_its_column(line: str, column: int) -> None:
    fault = reading_of(line).mistake
    assert fault is not None
    assert fault.column == column
    assert fault.sentence[-1] in ".?"


def test_a_sign_in_a_secret_is_no_sign_and_is_not_shown() -> None:
    for typed in ("|hunter2", "a|hunter2", ">hunter2", "|!hunter2"):
        assert "hunter2" not in reading_of(f"manager create --username b --password {typed}").masked


def test_what_may_come_next() -> None:
    names = [each.name for each in FILTERS.values()]
    assert [word for word, _ in reading_of("apitoken list |").expected.words] == names
    assert reading_of("apitoken list | ma").expected.prefix == "ma"
    assert reading_of("apitoken list | last ").expected.value_of is FILTERS["last"].parameter
    assert reading_of("apitoken list > ").expected.value_of is not None
    assert "|!" in dict(reading_of("apitoken list ").expected.signs)
    assert reading_of("watch ").expected.value_of is not None
    assert "create" in dict(reading_of("watch 5s apitoken ").expected.words)


def test_a_watch_is_read_before_the_command() -> None:
    reading = reading_of("watch 5s apitoken list --archived | last 3")
    assert (reading.watch, reading.values, reading.tail) == (
        Watch(5),
        {"archived": True},
        Pipeline((FilterStep("last", 3),)),
    )


PARTS = st.sampled_from(
    [
        "apitoken",
        "list",
        "|",
        "|!",
        ">",
        ">>",
        "\\G",
        "match",
        "first",
        "3",
        "x",
        "'",
        '"',
        "\\",
        "$t",
        "watch",
        "5s",
        " ",
    ]
)


@given(st.lists(PARTS, max_size=9).map(" ".join) | st.lists(PARTS, max_size=9).map("".join))
def test_reading_never_fails(line: str) -> None:
    reading = reading_of(line)
    for word in reading.words:
        assert 0 <= word.start <= word.end <= len(line)
    for cursor in range(len(line) + 1):
        assert parse(line, registry=small.REGISTRY, cursor=cursor).expected.start <= cursor
