"""What stands around the line while it is typed, in an editor without a screen."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.document import Document

from tests.vshell.prompt.talking import ENTER, Nowhere, names, talk
from tests.vshell.small import REGISTRY, Streams
from vshell.prompt.buffer_lines import Lines
from vshell.prompt.executor import Running
from vshell.prompt.line_state import Editing
from vshell.prompt.toolbar import Standing
from vshell.run import run_line

NOW = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)
REAL_TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def editing(result: object = None) -> tuple[Editing, Running]:
    session = Streams()
    api: Any = Nowhere({("POST", "/apitokens/"): result})
    session.api = api
    lines, known = Lines(REGISTRY, dict), names(managers=[{"username": "bob", "id": 2}])
    environment = {"TERM": "xterm"}
    running = Running(session, lines, known, Standing(), run=run_line.run, environment=environment)
    return Editing(REGISTRY, lines, known, running, environment), running


def test_the_toolbar_tells_of_the_line_that_the_cursor_is_in() -> None:
    at, _ = editing()
    text = "apitoken create --expiry-date 1y\napitoken create --expiry-date 180D"
    assert at.typed(Document(text), NOW) == ("", "180D -> 2027-05-20 14:03 UTC")
    assert at.typed(Document(text, 32), NOW).doubt.startswith("--expiry-date: '1y' has an unknown unit")


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
    assert at.asks(text) is expected


def test_the_question_stands_above_the_answer_without_its_secrets() -> None:
    at, _ = editing()
    assert at.question(Document("manager create --password hunter2 ")) == "vshell> manager create --password ******* ?"
    assert "OWNER" in at.answer("apitoken create --owner ", 24, 80)


def test_a_new_token_can_be_copied_until_the_next_line() -> None:
    at, running = editing({"id": "427hZs6d", "token": REAL_TOKEN})
    assert not at.copies()
    running.enter("apitoken create")
    assert at.copies()
    assert at.copy().startswith("\x1b]52;c;")
    running.enter("send GET /a")
    assert not at.copies()


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
