"""What was entered runs line by line, and no error ends the session; a new token goes to the clipboard by OSC 52."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from tests.vshell.prompt.talking import Nowhere, names
from tests.vshell.small import REGISTRY, TOKEN, Streams
from vshell.completion.live_names import LiveNames
from vshell.errors import Mistake, Unreachable
from vshell.language.grammar import parse
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.executor import Executor, clipboard_sequence, has_clipboard, learn_names, refuse_secrets, token_of
from vshell.prompt.input_line import LineParser
from vshell.prompt.toolbar import Status
from vshell.run import run_line
from vshell.session import Session
from vshell.terminal.questions import QuestionStopped

REAL_TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"
MADE = {("POST", "/apitokens/"): {"id": "427hZs6d", "token": REAL_TOKEN}}


class Clock:
    """Goes on by a second at each look."""

    now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        self.now += 1
        return self.now


def running(answers: Mapping[tuple[str, str], object], term: str = "xterm") -> tuple[Executor, Status, Streams]:
    session, status = Streams(), Status()
    api: Any = Nowhere(dict(answers))
    session.client = api
    lines = LineParser(REGISTRY, lambda: session.variables)
    made = Executor(session, lines, names(), status, run=run_line.run, environment={"TERM": term}, clock=Clock())
    return made, status, session


def test_how_the_last_line_ended_and_how_long_it_took() -> None:
    at, status, _ = running({})
    at.enter("send GET /a")
    assert (status.exit_code, status.seconds) == (0, 1.0)
    at.enter("wrong")
    assert status.exit_code == 2
    at.enter("  ")
    assert status.exit_code == 2


@pytest.mark.parametrize("line", ["apitoken create", "let t = apitoken create"])
def test_a_new_token_is_held_until_the_next_line(line: str) -> None:
    at, status, _ = running(MADE)
    at.enter(line)
    assert at.secret == REAL_TOKEN
    assert status.news == "Ctrl-O sends the new token to your clipboard"
    at.copy()
    assert status.news == "The token was sent to your clipboard"
    at.enter("")
    assert at.secret == REAL_TOKEN
    at.enter("send GET /a")
    assert (at.secret, status.news) == ("", "")


def test_a_terminal_without_a_clipboard_promises_nothing() -> None:
    at, status, _ = running(MADE, "linux")
    at.enter("apitoken create")
    assert status.news == ""


@pytest.mark.parametrize(
    "line",
    [REAL_TOKEN, f"send GET {REAL_TOKEN}", f"apitoken list --owner '{REAL_TOKEN}'", f"nonsense x{REAL_TOKEN}"],
)
def test_a_pasted_token_is_not_run_and_what_to_do_is_said(line: str) -> None:
    with pytest.raises(Mistake) as told:
        refuse_secrets(parse(line, registry=REGISTRY))
    assert told.value.sentence == "This is a token, not a command; it was neither run nor kept."
    assert str(told.value.hint).endswith("apitoken revoke --id 427hZs6d")
    assert REAL_TOKEN[9:] not in f"{told.value.sentence}{told.value.hint}"


@pytest.mark.parametrize(
    "line",
    [
        f"manager create --username bob --password {REAL_TOKEN}",
        f'send POST /apitokens/verify/ \'{{"token": "{REAL_TOKEN}"}}\'',
        "apitoken list",
    ],
)
def test_where_a_token_belongs_it_may_stand(line: str) -> None:
    refuse_secrets(parse(line, registry=REGISTRY))


def test_a_server_that_is_away_is_asked_for_its_names_again() -> None:
    def away(*arguments: object) -> object:
        raise Unreachable("Away.")

    known = names(managers=[{"username": "bob"}])
    session, status = Streams(), Status()
    asked = []
    known.invalidate = lambda: asked.append(1)  # type: ignore[method-assign]  # to see that it is called
    lines = LineParser(REGISTRY, dict)
    Executor(session, lines, known, status, run=away, environment={}).enter("send GET /a")
    assert (status.exit_code, asked) == (7, [1])


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (QuestionStopped, "Stopped by Ctrl-C at the question; nothing was changed.\n"),
        (KeyboardInterrupt, "\nStopped by Ctrl-C.\nWhat was sent before may have been done.\n"),
    ],
)
def test_ctrl_c_says_whether_something_may_have_been_done(raised: type[KeyboardInterrupt], said: str) -> None:
    def run(reading: ParsedLine, session: Session) -> object:
        raise raised

    session, status = Streams(), Status()
    lines = LineParser(REGISTRY, lambda: session.variables)
    at = Executor(session, lines, names(), status, run=run, environment={}, clock=Clock())
    at.enter("manager list")
    assert status.exit_code == 130
    assert session.stderr.getvalue() == said


PAYLOAD = base64.b64encode(REAL_TOKEN.encode()).decode()


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"id": "427hZs6d", "token": REAL_TOKEN}, REAL_TOKEN),
        ({"token": "not.one"}, ""),
        ({"token": {"id": "427hZs6d"}}, ""),
        ({"id": "427hZs6d"}, ""),
        ([{"token": REAL_TOKEN}], ""),
        (None, ""),
    ],
)
def test_a_new_token_is_found_in_what_a_command_returned(result: object, expected: str) -> None:
    assert token_of(result) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("xterm-256color", True), ("tmux-256color", True), ("dumb", False), ("linux", False), ("", False)],
)
def test_not_every_terminal_has_a_clipboard(kind: str, expected: bool) -> None:
    assert has_clipboard({"TERM": kind}) is expected


def test_the_sequence_is_osc_52() -> None:
    plain = f"\x1b]52;c;{PAYLOAD}\x07"
    assert clipboard_sequence(REAL_TOKEN, {}) == plain
    assert clipboard_sequence(REAL_TOKEN, {"TMUX": "/tmp/tmux"}) == f"{plain}\x1bPtmux;\x1b{plain}\x1b\\"
    assert clipboard_sequence(REAL_TOKEN, {"STY": "1.pts"}) == f"\x1bP{plain}\x1b\\"
    assert REAL_TOKEN not in clipboard_sequence(REAL_TOKEN, {})


def after(line: str, result: object, known: LiveNames | None = None) -> LiveNames:
    known = known or names()
    learn_names(parse(line, registry=REGISTRY), result, known)
    return known


def test_a_new_token_is_known_by_its_line_and_never_by_its_secret() -> None:
    known = after("apitoken create --name AWS --owner bob", {"id": "JhxND7ci", "token": TOKEN})
    assert list(known.rows("apitokens")) == [{"id": "JhxND7ci", "name": "AWS", "owner": "bob"}]


def test_a_list_is_known() -> None:
    rows = [{"id": f"T{number}", "owner": "bob", "created": "x"} for number in range(3)]
    known = after("apitoken list", rows)
    assert list(known.rows("apitokens")) == [{"id": f"T{number}", "owner": "bob"} for number in range(3)]


def test_what_was_revoked_is_offered_no_more() -> None:
    known = names(apitokens=[{"id": "A"}, {"id": "B"}])
    assert list(after("apitoken revoke --id A", {"id": "A"}, known).rows("apitokens")) == [{"id": "B"}]


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("apitoken revoke --id A --dry-run", None),
        ("send GET /x", [{"id": "X"}]),
        ("apitoken list", "text"),
        ("apitoken list", None),
        ("apitoken list", [None, 3, {"name": "without an id"}]),
        ("", [{"id": "X"}]),
        ("apitoken", [{"id": "X"}]),
    ],
)
def test_other_results_change_nothing(line: str, result: object) -> None:
    assert list(after(line, result, names(apitokens=[{"id": "A"}])).rows("apitokens")) == [{"id": "A"}]


def test_only_the_line_of_a_change_says_what_was_made() -> None:
    known = after("apitoken list --owner bob", {"id": "X"})
    assert list(known.rows("apitokens")) == [{"id": "X"}]
