"""What stands around the line while it is typed, in an editor without a screen."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.document import Document

from tests.vshell.prompt.talking import ENTER, Nowhere, names, talk
from tests.vshell.small import REGISTRY, Streams
from vshell.prompt.executor import Executor
from vshell.prompt.input_line import LineParser
from vshell.prompt.line_state import LineState
from vshell.prompt.toolbar import Status
from vshell.run import run_line

NOW = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)
REAL_TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def editing(result: object = None) -> tuple[LineState, Executor]:
    session = Streams()
    api: Any = Nowhere({("POST", "/apitokens/"): result})
    session.api = api
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
