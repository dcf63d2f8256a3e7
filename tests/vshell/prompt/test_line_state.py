"""What stands around the line while it is typed, in an editor without a screen."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.document import Document

from tests.vshell.prompt.talking import ENTER, Nowhere, names, talk
from tests.vshell.small import REGISTRY, Streams
from vshell.language.grammar import parse
from vshell.prompt.candidates import CompletionCache
from vshell.prompt.executor import Executor
from vshell.prompt.input_line import LineParser, line_at
from vshell.prompt.line_state import (
    MOST_VALUES,
    NOTHING,
    LineState,
    explain_line,
    is_literal_question_mark,
    suggest,
)
from vshell.prompt.toolbar import Status
from vshell.run import run_line

NOW = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)
REAL_TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def editing(result: object = None) -> tuple[LineState, Executor]:
    session = Streams()
    api: Any = Nowhere({("POST", "/apitokens/"): result})
    session.client = api
    lines, known = LineParser(REGISTRY, dict), names(managers=[{"username": "bob", "id": 2}])
    environment = {"TERM": "xterm"}
    running = Executor(session, lines, known, Status(), run=run_line.run, environment=environment)
    return LineState(REGISTRY, lines, known), running


def test_the_toolbar_tells_of_the_line_that_the_cursor_is_in() -> None:
    at, _ = editing()
    text = "apitoken create --expiry-date 1y\napitoken create --expiry-date 180D"
    assert at.describe(Document(text), NOW) == ("", "180D -> 2027-05-20 14:03 UTC")
    assert at.describe(Document(text, 32), NOW).error.startswith("--expiry-date: '1y' has an unknown unit")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apitoken ?", True),
        ("apitoken create --owner ?  ", True),
        ("?", True),
        ("send GET /a?", False),
        ("send GET '/a ?", False),
        ("apitoken list", False),
    ],
)
def test_a_line_that_ends_in_a_question_mark_asks(text: str, expected: bool) -> None:
    at, _ = editing()
    assert at.is_help_request(text) is expected


def test_the_question_stands_above_the_answer_without_its_secrets() -> None:
    at, _ = editing()
    assert at.question(Document("manager create --password hunter2 ")) == "vshell> manager create --password ******* ?"
    assert "OWNER" in at.explain("apitoken create --owner ", 24, 80)


def test_a_new_token_can_be_copied_until_the_next_line() -> None:
    _, running = editing({"id": "427hZs6d", "token": REAL_TOKEN})
    assert not running.can_copy()
    running.enter("apitoken create")
    assert running.can_copy()
    assert running.copy().startswith("\x1b]52;c;")
    running.enter("send GET /a")
    assert not running.can_copy()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (f"send GET '/a?b'{ENTER}", "GET /a?b None\n"),
        (f"send GET /a ?{ENTER}", "GET /a None\n"),
        (f"send GET /a\\?b{ENTER}", "GET /a?b None\n"),
        (f"sen\x1b[C GE\x1b[C /a{ENTER}", "GET /a None\n"),
    ],
)
def test_the_keys_ask_and_take_the_hint(keys: str, expected: str, tmp_path: Path) -> None:
    _, session = talk(keys, tmp_path)
    assert session.stdout.getvalue() == expected


MANAGERS = names(managers=[{"username": "bob", "id": 2}, {"username": "two words", "id": 3}])


@pytest.mark.parametrize(
    ("line", "shown", "typed"),
    [
        ("", "", ""),
        ("apit", "oken", "oken"),
        ("apitoken", " create|list|revoke", " "),
        ("apitoken ", "create|list|revoke", ""),
        ("apitoken cr", "eate", "eate"),
        ("apitoken create", " [--name TOKEN_NAME] ...", " --name "),
        ("apitoken create ", "[--name TOKEN_NAME] ...", "--name "),
        ("apitoken create --own", "er OWNER", "er"),
        ("apitoken create --owner", " OWNER", " "),
        ("apitoken create --owner ", "OWNER", ""),
        ("apitoken create --owner b", "ob", "ob"),
        ("apitoken create --owner tw", "", ""),
        ("apitoken create --expiry-date 18", "", ""),
        ("manager create", " --username USERNAME --password PASSWORD", " --username "),
        ("manager create --username bob", " --password PASSWORD", " --password "),
        ("apitoken list --output j", "son", "son"),
        ("apitoken create --name 'it", "", ""),
        ("apitoken xyz ", "", ""),
        ("# a comment", "", ""),
        ("apitoken list\napit", "oken", "oken"),
    ],
)
def test_the_hint_goes_on_where_the_line_ends(line: str, shown: str, typed: str) -> None:
    assert suggest(line, len(line), LineParser(REGISTRY, dict), CompletionCache(MANAGERS).get) == (shown, typed)


def test_there_is_none_in_the_middle() -> None:
    assert suggest("apit list", 4, LineParser(REGISTRY, dict), CompletionCache(MANAGERS).get) == NOTHING


WORDS = st.sampled_from(["apitoken", "apit", "create", "--owner", "--o", "b", "'b", "=", "manager", "$x", "\n", "\\"])


@given(st.lists(WORDS, max_size=5), st.sampled_from(["", " "]))
def test_what_the_arrow_types_is_shown_and_makes_nothing_worse(words: list[str], end: str) -> None:
    lines = LineParser(REGISTRY, dict)
    line = " ".join(words) + end
    found = suggest(line, len(line), lines, CompletionCache(MANAGERS).get)
    assert found.shown.replace("[", "", 1).startswith(found.typed.rstrip())  # "[--name NAME]" is one that may stay out
    assert found.shown.isprintable()
    if found.typed.strip():
        whole = line + found.typed
        assert not lines.parse(whole[line_at(whole, len(whole)).start :]).words[-1].error


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
