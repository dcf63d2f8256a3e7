"""Best first: a beginning, another case, an inner word, letters in order; equals as they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.prompt.ranking import BEGINNING, IN_ORDER, INNER_WORD, OTHER_CASE, begins_word, best, rank


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("", "apitoken", BEGINNING),
        ("api", "apitoken", BEGINNING),
        ("--ex", "--expiry-date", BEGINNING),
        ("API", "apitoken", OTHER_CASE),
        ("-ex", "--expiry-date", OTHER_CASE),
        ("--date", "--expiry-date", INNER_WORD),
        ("only", "read_only", INNER_WORD),
        ("exd", "--expiry-date", IN_ORDER),
        ("atk", "apitoken", IN_ORDER),
        ("d", "abcd", None),
        ("tka", "apitoken", None),
        ("--", "-ttl", None),
        ("apitokens", "apitoken", None),
    ],
)
def test_how_well_it_fits(typed: str, text: str, expected: int | None) -> None:
    assert rank(typed, text) == expected


def test_the_best_come_first_and_equals_stay_in_order() -> None:
    words = ["read_only", "only_b", "o-n-l-y", "only_a", "none"]
    assert best("only", words, lambda word: rank("only", word)) == ["only_b", "only_a", "read_only", "o-n-l-y"]
    assert best("", words, lambda word: None) == words


def test_a_word_inside_a_remark_is_found_by_its_beginning() -> None:
    assert begins_word("Back", "nightly backup, bob")
    assert not begins_word("ackup", "nightly backup, bob")


@given(st.text(max_size=6), st.text(max_size=12))
def test_what_fits_holds_the_letters_in_their_order(typed: str, text: str) -> None:
    letters = iter(text.lower())
    if rank(typed, text) is not None:
        assert all(letter in letters for letter in typed.lower().lstrip("-"))
