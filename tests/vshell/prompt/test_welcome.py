"""The greeting of a first start, once on a machine."""

import os
from pathlib import Path

import vshell.commands  # noqa: F401 (declares them)
from vshell.language.grammar import parse
from vshell.prompt import welcome
from vshell.state import history, paths, state_file


def test_an_empty_machine_is_greeted_once() -> None:
    assert welcome.greeting(os.environ) == welcome.TEXT
    assert welcome.greeting(os.environ) is None
    assert state_file.read_state(os.environ) == {"greeted": True}


def test_who_has_typed_here_before_is_not_greeted() -> None:
    history.append(paths.state_directory() / "history" / "local.jsonl", "apitoken list")
    assert welcome.greeting(os.environ) is None


def test_where_nothing_can_be_remembered_it_is_shown_all_the_same(home: Path) -> None:
    (home / ".local").write_text("not a directory")
    assert welcome.greeting(os.environ) == welcome.TEXT


def test_its_three_lines_can_be_run_as_they_stand_and_fit_a_narrow_terminal() -> None:
    lines = [line.strip() for line in welcome.TEXT.splitlines() if line.startswith("  ")]
    assert len(lines) == 3
    assert all(parse(line).complete for line in lines)
    assert max(map(len, welcome.TEXT.splitlines())) < 40
