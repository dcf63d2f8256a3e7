"""The first run, with the real program: issue 4, "`vshell --local` on an empty machine greets with three lines to try;
`tutorial` walks through create, use, narrow, revoke in five minutes against the embedded server".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.people import Person
from tests.terminal import Terminal

TOKEN = re.compile(r"([0-9A-Za-z]{8})\.([0-9A-Za-z]{32})")


def showing(text: str) -> Callable[[Terminal], bool]:
    """Return what tells whether a screen shows a text, wherever its lines are broken."""
    return lambda here: "".join(text.split()) in "".join(here.text.split())


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20)])
def test_an_empty_machine_is_greeted_taught_and_not_greeted_again(columns: int, lines: int, tmp_path: Path) -> None:
    person = Person(tmp_path / "home", ("--local",))
    with person.at_a_terminal(columns=columns, lines=lines) as terminal:
        terminal.until(showing("Three lines to try:"))
        terminal.until("vshell: local-admin>")
        terminal.enter("tutorial")
        terminal.until(showing("manager create --username ann --roles read_only"))
        terminal.enter("manager create --username ann --roles read_only")
        terminal.until(showing("empty for none"))
        terminal.enter("")
        terminal.until(showing("[2 of 7]"))
        terminal.until(showing("apitoken create --owner ann --name lesson"))
        terminal.enter("clear")
        terminal.until(lambda here: "2 of 7" not in here.text)
        terminal.enter("apitoken create --owner ann --name lesson --expiry-date 1D")
        terminal.until(showing("[3 of 7]"))
        match = TOKEN.search("".join(terminal.text.split("\n")))
        assert match, terminal.text
        terminal.enter("apitoken verify")
        terminal.until(lambda here: "oken:" in here.line or here.line.endswith(": "))
        terminal.enter(match[0])
        if lines < 24:
            terminal.until(lambda here: here.line == ":")  # more than a screen comes in a pager
            terminal.send("q")
        terminal.until(showing("[4 of 7]"))
        terminal.enter("tutorial skip")
        terminal.until(showing("[5 of 7]"))
        terminal.enter("tutorial skip")
        terminal.until(showing(f"apitoken revoke --id {match[1]}"))
        terminal.enter("clear")
        terminal.enter(f"apitoken revoke --id {match[1]} --yes")
        terminal.until(showing("[7 of 7]"))
        terminal.enter("manager delete --username ann --yes")
        terminal.until(showing("That was all."))
        terminal.enter("exit")
        assert terminal.wait() == 0
    with person.at_a_terminal(columns=columns, lines=lines) as terminal:
        terminal.until("vshell: local-admin>")
        assert "Three lines" not in terminal.text
        terminal.enter("exit")
        terminal.wait()


def test_the_tutorial_runs_from_a_script_too(tmp_path: Path) -> None:
    person = Person(tmp_path / "home", ("--local",))
    script = "tutorial\nmanager create --username ann --roles read_only\ntutorial skip\ntutorial leave\nwhoami\n"
    ran = person.run(stdin=script)
    assert ran.code == 0
    assert [part in ran.err for part in ("[1 of 7]", "[2 of 7]", "[3 of 7]", "You have left")] == [True] * 4
    assert "Three lines" not in ran.err, "a script is not greeted"
