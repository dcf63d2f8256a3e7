"""What ``?`` answers: what may come, explained, with one example, at any width."""

import pytest

from tests.vshell.prompt.talking import names
from tests.vshell.small import REGISTRY
from vshell.language.grammar import parse
from vshell.prompt.explain import MOST_VALUES, explain_line, is_literal_question_mark

KNOWN = names(
    managers=[{"username": "bob", "id": 2, "full_name": "Robert"}, {"username": "evil\x1b[2J", "id": 3}],
    apitokens=[
        {"id": f"L{number:07}", "name": "a\x1b]52;c;x\x07", "owner": "bob", "expiry_date": "2027-05-20T00:00:00Z"}
        for number in range(60)
    ],
)


def told(line: str, width: int = 80) -> str:
    return explain_line(parse(line, registry=REGISTRY), KNOWN, REGISTRY, width)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ["apitoken", "API tokens.", "manager", "let"]),
        ("apitoken ", ["create", "Create a token.", "list", "Example", "apitoken create"]),
        ("apitoken cr", ["create", "Create a token."]),
        ("apitoken create ", ["--owner OWNER", "Sets the owner.", "<Enter>", "Runs the line."]),
        ("apitoken create --owner ", ["OWNER", "the user name of a manager", "bob", "Robert"]),
        ("apitoken create --owner ", ["--owner adminjb"]),
        ("apitoken create --expiry-date ", ["a whole number and a unit", "180D", "180 days"]),
        ("apitoken revoke --id ", ["L0000000", "bob, until 2027-05-20", "40 more"]),
        ("manager create ", ["needed: "]),
        ("manager create --username x --password ", ["PASSWORD", "not kept in the history"]),
        ("apitoken xyz ", ["apitoken has no verb 'xyz'."]),
        ("apitoken list ", ["|  ", "Filter the result", "|!", ">>", "\\G", "Show the result vertically."]),
        ("apitoken list |", ["count", "except", "match", "save", "apitoken list | match backup"]),
        ("apitoken list > ", ["FILE", "apitoken list > tokens.txt"]),
        ("apitoken list |! ", ["COMMAND", "apitoken list |! less"]),
    ],
)
def test_what_may_come_is_explained(line: str, expected: list[str]) -> None:
    for part in expected:
        assert part in told(line)


def test_nothing_else_is_listed() -> None:
    assert "list" not in told("apitoken cr").replace("Example", "")
    assert "--owner" not in told("apitoken create --owner bob --")
    assert "<Enter>" not in told("manager create ")
    assert told("apitoken revoke --id ").count("\n  L0") == MOST_VALUES


@pytest.mark.parametrize(
    "line", ["", "apitoken ", "apitoken create ", "apitoken create --owner ", "apitoken revoke --id "]
)
@pytest.mark.parametrize("width", [40, 80])
def test_it_fits_and_steers_nothing(line: str, width: int) -> None:
    lines = told(line, width).split("\n")
    assert all(each.isprintable() for each in lines)
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", False),
        ("apitoken ", False),
        ("apitoken create --name x", False),
        ("apitoken create --name 'what", True),
        ('apitoken create --name "what', True),
        ("apitoken create --name 'what'", False),
        ("apitoken create --name what\\", True),
        ("apitoken list # why", True),
        ("vshell: admin>", False),
    ],
)
def test_in_quotes_and_comments_it_is_a_character(line: str, expected: bool) -> None:
    assert is_literal_question_mark(parse(line, registry=REGISTRY), len(line)) is expected


def test_options_that_all_commands_have_are_told_in_one_line() -> None:
    assert "--output FORMAT" not in told("apitoken create ")
    assert "Also --output, --columns, --sort" in told("apitoken create ")
    assert "--output FORMAT" in told("apitoken create --o")
