"""What may come at the cursor is offered, from memory alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from tests.vshell.prompt.talking import names
from tests.vshell.small import REGISTRY
from vshell.prompt.candidates import LONGEST_META
from vshell.prompt.completer import MOST_ITEMS, LineCompleter
from vshell.prompt.input_line import LineParser, line_at

KNOWN = names(
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


def offered(typed: str, behind: str = "", known: object = KNOWN) -> list[str]:
    """Return the whole lines that the offers would make of what is typed."""
    return [line for line, _ in offers(typed, behind, known)]


def offers(typed: str, behind: str = "", known: object = KNOWN) -> list[tuple[str, str]]:
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
    assert offered(typed) == expected


def test_options_that_are_needed_come_first_and_used_ones_no_more() -> None:
    assert offered("manager create ")[:2] == ["manager create --username", "manager create --password"]
    assert "apitoken create --name" not in offered("apitoken create --name x --")
    assert "apitoken create --name" not in offered("apitoken create --", " --name x")
    assert "manager show --id" not in offered("manager show --username bob --")


def test_values_on_the_line_narrow_the_rest() -> None:
    assert [row for row in offered("apitoken revoke --id ") if "L" in row] == [
        "apitoken revoke --id L7k8ljIC",
        "apitoken revoke --id L7zzzzzz",
    ]


def test_each_offer_is_explained() -> None:
    assert offers("apitoken revoke --id L7k") == [("apitoken revoke --id L7k8ljIC", "AWS, bob")]
    assert offers("apitoken create --owner bo") == [("apitoken create --owner bob", "Bob B.")]
    assert offers("apitoken l") == [("apitoken list", "List tokens.")]
    assert offers("use") == [("user", "the same as manager")]


def test_nothing_from_the_server_steers_the_terminal() -> None:
    for typed in ("apitoken create --owner ", "apitoken revoke --id ", "manager show --id "):
        for text, meta in offers(typed):
            assert text.isprintable()
            assert meta.isprintable()
            assert len(meta) <= LONGEST_META


def test_a_menu_has_an_end() -> None:
    many = names(managers=[{"username": f"m{number}"} for number in range(3 * MOST_ITEMS)])
    assert len(offered("apitoken create --owner m", known=many)) == MOST_ITEMS


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
    for line in offered(text[:at], text[at:]):
        last = line_at(line, len(line))
        assert lines.parse(line[last.start :]).words[-1].error is None, line


def test_it_knows_where_live_values_were_asked_for() -> None:
    completer = LineCompleter(LineParser(REGISTRY, dict), KNOWN)
    here = Document("apitoken create --owner b")
    list(completer.get_completions(here, CompleteEvent()))
    assert completer.waits_at(here)
    assert not completer.waits_at(Document("apitoken create --owner bo"))
    list(completer.get_completions(Document("apit"), CompleteEvent()))
    assert not completer.waits_at(Document("apit"))
