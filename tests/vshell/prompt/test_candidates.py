"""What may come at the cursor, best first; equals as they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from tests.vshell.prompt.talking import names
from tests.vshell.small import REGISTRY
from vshell.formats.text import is_token
from vshell.language.grammar import parse
from vshell.prompt.candidates import (
    BEGINNING,
    IN_ORDER,
    INNER_WORD,
    LONGEST_META,
    MOST_ITEMS,
    OTHER_CASE,
    CompletionCache,
    LineCompleter,
    begins_word,
    list_completions,
    may_become_right,
    rank,
    shorten_remark,
    usage_form,
)
from vshell.prompt.input_line import LineParser, line_at

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


MENU_NAMES = names(
    managers=[
        {"username": "bob", "id": 2, "full_name": "Bob B."},
        {"username": "bea", "id": 3},
        {"username": "two words", "id": 4},
        {"username": "--help", "id": 5},
        {"username": "it's", "id": 6},
        {"username": "\x1b]52;c;x\x07", "id": 7},
    ],
    apitokens=[
        {"id": "L7k8ljIC", "name": "AWS", "owner": "bob", "revoked": False},
        {"id": "L7zzzzzz", "name": "ci\x1b[2J\u202e", "owner": "bea", "revoked": False},
        {"id": "L9revoke", "name": "old", "owner": "bob", "revoked": True},
    ],
    roles=[{"name": "admin"}, {"name": "audit"}],
)


def menu(typed: str, behind: str = "", known: object = MENU_NAMES) -> list[str]:
    """Return the whole lines that the menu_rows would make of what is typed."""
    return [line for line, _ in menu_rows(typed, behind, known)]


def menu_rows(typed: str, behind: str = "", known: object = MENU_NAMES) -> list[tuple[str, str]]:
    completer = LineCompleter(LineParser(REGISTRY, dict), known)  # type: ignore[arg-type]  # also names of other make
    found = completer.get_completions(Document(typed + behind, len(typed)), CompleteEvent())
    return [
        (
            (typed[: len(typed) + each.start_position] if each.start_position else typed) + each.text,
            each.display_meta_text,
        )
        for each in found
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ["apitoken", "break", "exit", "help", "manager", "send", "server", "user", "let", "watch"]),
        ("ap", ["apitoken"]),
        ("apitoken", []),
        ("apitoken ", ["apitoken create", "apitoken list", "apitoken revoke"]),
        ("apit cr", ["apit create"]),
        ("vshell: admin> apit", ["vshell: admin> apitoken"]),
        ("let t = apit", ["let t = apitoken"]),
        ("apitoken create --n", ["apitoken create --name"]),
        ("apitoken create --owner b", ["apitoken create --owner bob", "apitoken create --owner bea"]),
        ("apitoken create --owner=b", ["apitoken create --owner=bob", "apitoken create --owner=bea"]),
        ("apitoken create --owner 'b", ["apitoken create --owner bob", "apitoken create --owner bea"]),
        ("apitoken create --owner tw", ["apitoken create --owner 'two words'"]),
        ("apitoken create --owner -", ["apitoken create --owner '--help'"]),
        ("apitoken create --owner it", ['apitoken create --owner "it\'s"']),
        ("apitoken revoke --id L", ["apitoken revoke --id L7k8ljIC", "apitoken revoke --id L7zzzzzz"]),
        ("apitoken revoke --id L9", []),
        ("apitoken create --expiry-date 6", [f"apitoken create --expiry-date 6{unit}" for unit in "smhDwMY"]),
        ("manager show --id ", [f"manager show --id {number}" for number in range(2, 8)]),
        ("manager create --username x --password h", []),
        ("manager create --roles admin,", ["manager create --roles admin,audit"]),
        ("send P", ["send POST"]),
        ("apitoken list # ap", []),
        ("nonsense ", []),
        ("nonsense --", []),
        ("apitoken list\nap", ["apitoken list\napitoken"]),
        ("427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB", []),
    ],
)
def test_what_may_come_is_offered(typed: str, expected: list[str]) -> None:
    assert menu(typed) == expected


def test_options_that_are_needed_come_first_and_used_ones_no_more() -> None:
    assert menu("manager create ")[:2] == ["manager create --username", "manager create --password"]
    assert "apitoken create --name" not in menu("apitoken create --name x --")
    assert "apitoken create --name" not in menu("apitoken create --", " --name x")
    assert "manager show --id" not in menu("manager show --username bob --")


def test_values_on_the_line_narrow_the_rest() -> None:
    assert [row for row in menu("apitoken revoke --id ") if "L" in row] == [
        "apitoken revoke --id L7k8ljIC",
        "apitoken revoke --id L7zzzzzz",
    ]


def test_each_offer_is_explained() -> None:
    assert menu_rows("apitoken revoke --id L7k") == [("apitoken revoke --id L7k8ljIC", "AWS, bob")]
    assert menu_rows("apitoken create --owner bo") == [("apitoken create --owner bob", "Bob B.")]
    assert menu_rows("apitoken l") == [("apitoken list", "List tokens.")]
    assert menu_rows("use") == [("user", "the same as manager")]


def test_nothing_from_the_server_steers_the_terminal() -> None:
    for typed in ("apitoken create --owner ", "apitoken revoke --id ", "manager show --id "):
        for text, meta in menu_rows(typed):
            assert text.isprintable()
            assert meta.isprintable()
            assert len(meta) <= LONGEST_META


def test_a_menu_has_an_end() -> None:
    many = names(managers=[{"username": f"m{number}"} for number in range(3 * MOST_ITEMS)])
    assert len(menu("apitoken create --owner m", known=many)) == MOST_ITEMS


WORDS = st.one_of(
    st.sampled_from([word for command in REGISTRY for word in command.words]),
    st.sampled_from(["--owner", "--name", "--roles", "--id", "--o", "ap", "let t =", "GET", "b", "'b", '"', "\\"]),
    st.sampled_from(["=", ",", "#", "$x", "\n"]),
)


@given(st.lists(WORDS, max_size=6), st.sampled_from(["", " "]), st.integers(0, 80))
def test_what_is_offered_is_accepted(words: list[str], end: str, at: int) -> None:
    text = " ".join(words) + end
    at = min(at, len(text))
    lines = LineParser(REGISTRY, dict)
    for line in menu(text[:at], text[at:]):
        last = line_at(line, len(line))
        assert lines.parse(line[last.start :]).words[-1].error is None, line


def test_it_knows_where_live_values_were_asked_for() -> None:
    completer = LineCompleter(LineParser(REGISTRY, dict), MENU_NAMES)
    here = Document("apitoken create --owner b")
    list(completer.get_completions(here, CompleteEvent()))
    assert completer.waits_at(here)
    assert not completer.waits_at(Document("apitoken create --owner bo"))
    list(completer.get_completions(Document("apit"), CompleteEvent()))
    assert not completer.waits_at(Document("apit"))
