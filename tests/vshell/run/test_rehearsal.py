"""A script is rehearsed: every line told in its order, nothing run that would change anything."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import vshell.commands  # noqa: F401 (declares them)
from tests.vshell.client.test_dry_run import answer
from tests.vshell.web import Web, serving
from vshell.client import dry_run
from vshell.client.client import HttpClient
from vshell.output import Output
from vshell.run import rehearsal
from vshell.run.results import ScriptResult, Summary
from vshell.run.script import number_lines
from vshell.run.undo import UndoHistory, UndoStep
from vshell.session import Session
from vshell.state.settings import Settings


class Stage:
    """A session before a server, and what was printed."""

    def __init__(self, url: str) -> None:
        self.stdout, self.stderr = io.StringIO(), io.StringIO()
        self.session = Session(HttpClient.at(url), Output(self.stdout, self.stderr), Settings())

    def rehearse(self, *lines: str) -> tuple[ScriptResult, str]:
        """Rehearse the lines; return the outcome and the summary."""
        tally = Summary(self.session.out.note, clock=lambda: 0.0)
        summary = rehearsal.run(number_lines(lines), self.session, tally)
        return tally.outcome, summary


@pytest.fixture
def web() -> Iterator[Web]:
    """A server that rehearses."""
    with serving(answer) as running:
        yield running


@pytest.fixture
def stage(web: Web) -> Stage:
    """A session before that server."""
    return Stage(web.url)


def test_from_which_line_on_earlier_changes_are_left_out_is_said_there(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run, "MOST_REQUESTS", 3)
    monkeypatch.setattr(dry_run, "MOST_PUT_OFF", 1)
    outcome, summary = stage.rehearse(*(f"role create --name r{number}" for number in range(6)))
    assert (outcome.lines, outcome.failed) == (6, 0)
    assert stage.stderr.getvalue().startswith("-c:4: from here on the server is asked without the first changes")
    assert stage.stderr.getvalue().count("from here on") == 1
    assert "without the first 3 changes" in summary


def test_a_watch_that_would_not_end_fails_beforehand(stage: Stage) -> None:
    outcome, _ = stage.rehearse("watch 1s role list", "watch 1s --count 9 role list")
    assert (outcome.exit_code, outcome.lines, outcome.failed) == (2, 2, 1)
    assert "-c:1: Nobody is here to end this watch" in stage.stderr.getvalue()


def test_every_line_is_told_in_its_order_also_behind_a_failure(stage: Stage) -> None:
    outcome, summary = stage.rehearse(
        "role create --name a",
        "role create --name taken",
        "xyzzy",
        "# a comment",
        "role create --name untried",
        "role create --name b",
    )
    assert outcome == ScriptResult(exit_code=5, lines=5, failed=2)
    assert stage.stdout.getvalue().splitlines() == [
        "-c:1: POST /api/roles/ would be sent",
        "-c:5: POST /api/roles/ would be sent; it was not tried",
        "-c:6: POST /api/roles/ would be sent",
    ]
    told = [line for line in stage.stderr.getvalue().splitlines() if line.startswith("-c:")]
    assert told == ["-c:2: it is taken", "-c:3: There is no command 'xyzzy'."]
    assert summary.splitlines() == [
        "Dry run, nothing was changed. 5 lines: 3 would be done, 2 would fail, 0.0 seconds.",
        "1 of them the server cannot try without doing it, so they may still fail.",
    ]


def test_lines_that_wait_for_nothing_are_asked_about_together(stage: Stage, web: Web) -> None:
    stage.rehearse(*(f"role create --name r{number}" for number in range(250)))
    assert [len(asked.json["requests"]) for asked in web.asked] == [100, 200, 250]


def test_a_result_is_there_for_later_lines(stage: Stage, web: Web) -> None:
    outcome, _ = stage.rehearse("let t = apitoken create --owner bob", "apitoken modify --id 427hZs6d --name $t.id")
    assert outcome.failed == 0
    assert web.asked[-1].json["requests"][-1]["body"] == {"name": "1"}


@pytest.mark.parametrize(
    "line", ["set output json", "set output json --save", "login --username bob", "server add x https://x.example"]
)
def test_what_changes_this_machine_is_not_run(line: str, stage: Stage, web: Web, home: Path) -> None:
    outcome, _ = stage.rehearse(line)
    assert (outcome.lines, outcome.failed) == (1, 0)
    assert web.asked == []
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert stage.session.out.format == "table"


def test_exit_ends_the_script_but_not_the_shell(stage: Stage) -> None:
    outcome, _ = stage.rehearse("role create --name a", "exit", "xyzzy")
    assert (outcome.lines, outcome.failed) == (2, 0)
    assert stage.session.leaving is False


def test_a_script_within_is_rehearsed_with_its_own_places(stage: Stage, web: Web, tmp_path: Path) -> None:
    inner = tmp_path / "inner.vsh"
    inner.write_text("role create --name b\nrole create --name taken\n")
    outcome, _ = stage.rehearse("role create --name a", f"source {inner}", "role create --name c")
    assert (outcome.exit_code, outcome.failed) == (5, 1)
    assert stage.stdout.getvalue().split(" would")[1].strip().split()[-3:] == [f"{inner}:1:", "POST", "/api/roles/"]
    assert f"{inner}:2: it is taken" in stage.stderr.getvalue()
    assert [request["body"]["name"] for request in web.asked[-1].json["requests"]] == ["a", "b", "c"]


def test_nobody_is_asked_and_the_session_is_as_before(stage: Stage) -> None:
    api = stage.session.client
    stage.session.interactive = True
    outcome, _ = stage.rehearse("apitoken revoke --id 427hZs6d")
    assert outcome.failed == 0
    assert stage.session.client is api
    assert stage.session.interactive is True


def test_a_server_that_is_away_fails_each_line_that_needed_it() -> None:
    with serving(answer) as web:
        url = web.url
    stage = Stage(url)
    outcome, _ = stage.rehearse("role create --name a", "role create --name b", "help exit")
    assert (outcome.exit_code, outcome.failed, outcome.lines) == (7, 2, 3)
    assert stage.stdout.getvalue() == ""


def test_ctrl_c_changes_nothing_and_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object, **options: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("vshell.run.run_line.call_command", stop)
    outcome, _ = stage.rehearse("role create --name a")
    assert outcome.exit_code == 130
    assert "Stopped by Ctrl-C; nothing was changed." in stage.stderr.getvalue()


def test_undo_fails_in_the_rehearsal_as_it_will_in_the_script(stage: Stage) -> None:
    outcome, summary = stage.rehearse("role create --name a", "undo")
    assert outcome == ScriptResult(exit_code=1, lines=2, failed=1)
    assert "-c:2: There is nothing to undo." in stage.stderr.getvalue()
    assert "1 would be done, 1 would fail" in summary


def test_a_change_made_at_the_prompt_is_still_there_to_undo_after_a_rehearsal(stage: Stage) -> None:
    history = UndoHistory()
    history.steps.append(UndoStep("role modify --name a --new-name b"))
    stage.session.listeners.append(history)
    outcome, _ = stage.rehearse("undo")
    assert (outcome.failed, len(history.steps)) == (0, 1)
