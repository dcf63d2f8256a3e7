"""Texts measured and made to fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.formats.text import visible
from vshell.terminal.widths import (
    ColumnNeed,
    break_heading,
    fit_columns,
    flow,
    pad_all,
    shorten,
    shorten_all,
    widest,
    width,
    wrap_lines,
)

TEXTS = st.text(max_size=40).map(visible) | st.sampled_from(
    ["", "日本語の名前", "👍🏽 done", "e\u0301" * 20, "❤\ufe0f" * 9]
)


def test_wide_letters_take_two_cells() -> None:
    assert (width("abc"), width("日本"), width("é")) == (3, 4, 1)
    assert widest(["abc", "日本"]) == 4
    assert pad_all(["abc", "日本"], 5) == ["abc  ", "日本 "]


@pytest.mark.parametrize(
    ("text", "size", "shown"),
    [
        ("example_api_token", 17, "example_api_token"),
        ("example_api_token", 9, "exam…oken"),
        ("example_api_token", 8, "exam…ken"),
        ("2025-06-18 11:59:00", 18, "2025-06-18 11:59"),
        ("2025-06-18 11:59:00", 12, "2025-06-18"),
        ("日本語の名前", 7, "日…前"),
        ("abc", 1, "a"),
        ("abc", 0, ""),
    ],
)
def test_what_is_left_out_stands_in_the_middle(text: str, size: int, shown: str) -> None:
    assert shorten(text, size, "…") == shown


@given(TEXTS, st.integers(0, 50))
def test_a_shortened_text_fits(text: str, size: int) -> None:
    assert width(shorten(text, size, "…")) <= size
    if width(text) <= size:
        assert shorten(text, size, "…") == text


@given(st.lists(TEXTS | st.just("2025-06-18 11:59:00")), st.integers(0, 50))
def test_many_are_shortened_as_one_is(texts: list[str], size: int) -> None:
    assert shorten_all(texts, size, "…") == [shorten(text, size, "…") for text in texts]


@given(TEXTS, st.integers(2, 30))
def test_a_wrapped_text_fits_and_loses_nothing_but_spaces(text: str, size: int) -> None:
    pieces = flow(text, size)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(width(piece) <= size for piece in pieces)


WANTED = st.builds(
    lambda heading, cell, least, is_name: ColumnNeed(heading, cell, min(cell, least), is_name=is_name),
    st.integers(1, 30),
    st.integers(0, 2_000_000),
    st.integers(0, 12),
    st.booleans(),
)


@given(st.lists(WANTED, min_size=1, max_size=12), st.integers(1, 300))
def test_columns_share_the_room(wanted: list[ColumnNeed], room: int) -> None:
    sizes = fit_columns(wanted, room)
    assert (sizes is None) == (sum(each.least for each in wanted) > room)
    if sizes is not None:
        assert sum(sizes) <= room
        assert all(each.least <= size <= each.whole for size, each in zip(sizes, wanted, strict=True))
        assert sum(sizes) == min(room, sum(each.whole for each in wanted))


@pytest.mark.parametrize(
    ("wanted", "room", "sizes"),
    [
        ([ColumnNeed(2, 8, 8), ColumnNeed(4, 40, 6), ColumnNeed(5, 10, 6)], 38, [8, 20, 10]),
        ([ColumnNeed(15, 4, 4), ColumnNeed(4, 20, 6)], 26, [10, 16]),
        ([ColumnNeed(11, 19, 10, True), ColumnNeed(4, 9, 6)], 27, [16, 9]),
        ([ColumnNeed(11, 19, 10, True), ColumnNeed(4, 9, 6)], 17, [10, 7]),
        ([ColumnNeed(4, 14, 6, is_name=True), ColumnNeed(8, 4, 4), ColumnNeed(10, 9, 6)], 27, [14, 6, 7]),
        ([ColumnNeed(4, 14, 6, is_name=True), ColumnNeed(8, 4, 4), ColumnNeed(10, 9, 6)], 24, [14, 4, 6]),
        ([ColumnNeed(4, 14, 6, is_name=True), ColumnNeed(8, 4, 4), ColumnNeed(10, 9, 6)], 20, [10, 4, 6]),
        ([ColumnNeed(2, 8, 8), ColumnNeed(2, 8, 8)], 15, None),
    ],
)
def test_long_texts_give_way_first_then_headings_then_times(
    wanted: list[ColumnNeed], room: int, sizes: list[int] | None
) -> None:
    assert fit_columns(wanted, room) == sizes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("it fits here", "it fits here"),
        ("to have it verified by all", "to have it\nverified by\nall"),
        ("look at https://vms.example/a/long/path now", "look at\nhttps://vms.example/a/long/path\nnow"),
        (
            "No such word.\n  a line as typed\n         ^\nTake another.",
            "No such\nword.\n  a line as typed\n         ^\nTake\nanother.",
        ),
        ("漢字漢字 漢字漢字", "漢字漢字\n漢字漢字"),
        ("", ""),
    ],
)
def test_a_sentence_is_parted_at_words_and_never_in_one(text: str, shown: str) -> None:
    assert wrap_lines(text, 12) == shown


@given(st.text("ab \n漢", max_size=60), st.integers(1, 20))
def test_parting_changes_nothing_but_single_spaces(text: str, columns: int) -> None:
    shown = wrap_lines(text, columns)
    assert shown.replace("\n", " ") == text.replace("\n", " ")
    loose = [line for line in shown.split("\n") if " " in line.strip() and width(line) > columns]
    assert all(line in text.split("\n") for line in loose)


@pytest.mark.parametrize(
    ("size", "lines"),
    [
        (14, ["Last-used-time"]),
        (10, ["Last-used-", "time"]),
        (9, ["Last-", "used-time"]),
        (1, ["Last-", "used-", "time"]),
    ],
)
def test_a_heading_is_broken_behind_its_hyphens(size: int, lines: list[str]) -> None:
    assert break_heading("Last-used-time", size) == lines
    assert break_heading("ID", size) == ["ID"]
    assert break_heading("", size) == [""]


@pytest.mark.parametrize(
    ("text", "size", "lines"),
    [
        ("Username", 7, ["User", "name"]),
        ("Password-expiration", 6, ["Passw", "ord-", "expir", "ation"]),
        ("Full-name", 5, ["Full-", "name"]),
        ("Username", 4, ["Username"]),
    ],
)
def test_a_heading_is_broken_in_a_word_where_it_must_be_and_can_be_read(text: str, size: int, lines: list[str]) -> None:
    assert break_heading(text, size) == lines
