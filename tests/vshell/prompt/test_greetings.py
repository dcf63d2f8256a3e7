"""The banner of a server, and the welcome of a first start, once on a machine."""

import os
from pathlib import Path

import pytest

import vshell.commands  # noqa: F401 (declares them)
from tests.vshell.web import Reply, serving
from vshell.client.client import Target
from vshell.language.grammar import parse
from vshell.prompt.greetings import WELCOME, first_greeting, read_banner
from vshell.state import history, paths, state_file


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(body={"login_banner": "You are logging into VMS"}), "You are logging into VMS"),
        (Reply(body={"login_banner": ""}), ""),
        (Reply(body={"login_banner": None}), ""),
        (Reply(body="You are logging into VMS\n"), "You are logging into VMS"),
        (Reply(body=[1]), ""),
        (Reply(status=404, body={"detail": "nothing here"}), ""),
        (Reply(drop=True), ""),
    ],
)
def test_the_banner_is_what_the_server_says(reply: Reply, expected: str) -> None:
    with serving(lambda asked: reply) as web:
        assert read_banner(Target(web.url)) == expected
        assert web.asked[0].path == "/api/latest/vms/1/login_banner/"


def test_an_empty_machine_is_greeted_once() -> None:
    assert first_greeting(os.environ) == WELCOME
    assert first_greeting(os.environ) is None
    assert state_file.read_state(os.environ) == {"greeted": True}


def test_who_has_typed_here_before_is_not_greeted() -> None:
    history.append(paths.state_directory() / "history" / "local.jsonl", "apitoken list")
    assert first_greeting(os.environ) is None


def test_where_nothing_can_be_remembered_it_is_shown_all_the_same(home: Path) -> None:
    (home / ".local").write_text("not a directory")
    assert first_greeting(os.environ) == WELCOME


def test_its_three_lines_can_be_run_as_they_stand_and_fit_a_narrow_terminal() -> None:
    lines = [line.strip() for line in WELCOME.splitlines() if line.startswith("  ")]
    assert len(lines) == 3
    assert all(parse(line).complete for line in lines)
    assert max(map(len, WELCOME.splitlines())) < 40
