"""What may come at the cursor, best first; equals as they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vshell.prompt.talking import names
from tests.vshell.small import REGISTRY
from vshell.formats.text import is_token
from vshell.language.grammar import parse
from vshell.prompt.candidates import (
    BEGINNING,
    IN_ORDER,
    INNER_WORD,
    LONGEST_META,
    OTHER_CASE,
    CompletionCache,
    begins_word,
    list_completions,
    may_become_right,
    rank,
    shorten_remark,
    usage_form,
)

TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"
KNOWN = names(
    managers=[
        {"username": "bob", "id": 2, "full_name": "Robert"},
        {"username": "night-bot", "id": 3},
        {"username": "big\x1b[2Jo", "id": 4},
    ],
    apitokens=[
        {"id": "L7k8ljIC", "name": "nightly backup", "owner": "bob", "expiry_date": "2027-05-20T14:03:00Z"},
        {"id": "L8zzzzzz", "name": "x" * 80, "owner": "night-bot", "expiry_date": "2027-06-01T00:00:00Z"},
    ],
)


def offered(line: str) -> list[str]:
    return [offer.text for offer in list_completions(parse(line, registry=REGISTRY), KNOWN)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("aptk", ["apitoken"]),
        ("apitoken create --date", ["--expiry-date"]),
        ("apitoken create own", ["--owner"]),
        ("apitoken create --owner BO", ["bob", "night-bot"]),
        ("apitoken create --owner bo", ["bob", "night-bot"]),
        ("apitoken create --owner robert", ["bob"]),
        ("apitoken revoke --id night", ["L7k8ljIC", "L8zzzzzz"]),
        ("apitoken revoke --id backup", ["L7k8ljIC"]),
        (f"apitoken revoke --id {TOKEN}", []),
    ],
)
def test_what_is_meant_is_found(line: str, expected: list[str]) -> None:
    assert offered(line) == expected


def test_a_token_is_told_by_name_owner_and_end_however_long_its_name() -> None:
    found = list_completions(parse("apitoken revoke --id L", registry=REGISTRY), KNOWN)
    assert found[0].meta == "nightly backup, bob, until 2027-05-20"
    assert found[1].meta == "x" * 29 + "..., night-bot, until 2027-06-01"


def test_what_is_needed_is_said() -> None:
    found = {offer.text: offer for offer in list_completions(parse("manager create --", registry=REGISTRY), KNOWN)}
    assert found["--username"].meta.startswith("needed: ")
    assert found["--username"].follows == "USERNAME"
    assert not found["--roles"].meta.startswith("needed: ")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("api", True),
        ("apx", False),
        ("apitoken create --ow", True),
        ("apitoken create --ox", False),
        ("apitoken create --expiry-date 18", True),
        ("apitoken create --expiry-date 18x", False),
        ("apitoken list --output js", True),
        ("apitoken list --output xml", False),
    ],
)
def test_a_beginning_is_not_wrong_yet(line: str, expected: bool) -> None:
    assert may_become_right(parse(line, registry=REGISTRY), KNOWN) is expected


def test_how_an_option_is_written() -> None:
    command = REGISTRY.find("manager create")
    assert command is not None
    assert usage_form(command.parameters[0]) == "--username USERNAME"
    assert is_token(TOKEN)


def test_the_offers_of_one_reading_are_worked_out_once_until_they_are_wanted_afresh() -> None:
    known = names(managers=[{"username": "bob", "id": 2}])
    both = CompletionCache(known)
    reading = parse("apitoken create --owner b", registry=REGISTRY)
    first = both.get(reading)
    known.learn("managers", [{"username": "bea", "id": 3}])
    assert both.get(reading) is first
    assert [offer.text for offer in both.compute(reading)] == ["bob", "bea"]
    assert both.get(parse("apitok", registry=REGISTRY))[0].text == "apitoken"


@pytest.mark.parametrize(
    ("remark", "shown"),
    [
        ("List tokens.", "List tokens."),
        ("x" * LONGEST_META, "x" * LONGEST_META),
        ("Create an API token, which can be used to securely", "Create an API token, which can be used to..."),
        ("y" * (LONGEST_META + 1), "y" * (LONGEST_META - 3) + "..."),
        (f"{'z' * (LONGEST_META - 3)} and more", "z" * (LONGEST_META - 3) + "..."),
        ("red \x1b[31m", "red \\x1b[31m"),
    ],
)
def test_a_remark_fits_and_ends_with_a_word(remark: str, shown: str) -> None:
    assert shorten_remark(remark) == shown


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
    known = names(managers=[{"username": word, "id": number} for number, word in enumerate(words)])
    found = list_completions(parse("apitoken create --owner only", registry=REGISTRY), known)
    assert [offer.text for offer in found] == ["only_b", "only_a", "read_only", "o-n-l-y"]
    found = list_completions(parse("apitoken create --owner ", registry=REGISTRY), known)
    assert [offer.text for offer in found] == words


def test_a_word_inside_a_remark_is_found_by_its_beginning() -> None:
    assert begins_word("Back", "nightly backup, bob")
    assert not begins_word("ackup", "nightly backup, bob")


@given(st.text(max_size=6), st.text(max_size=12))
def test_what_fits_holds_the_letters_in_their_order(typed: str, text: str) -> None:
    letters = iter(text.lower())
    if rank(typed, text) is not None:
        assert all(letter in letters for letter in typed.lower().lstrip("-"))
