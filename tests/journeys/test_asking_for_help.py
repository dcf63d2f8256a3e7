"""Help at a real terminal, on a usual and on a small screen.

Issue "The prompt": "unique abbreviations run at the prompt, are echoed in full, and are refused in scripts; `help`,
`help apitoken create`, `help durations`, `help batch`, `help security`, `help gateway`: topics that ship with the
shell, paged when long, searchable with `help --search WORD`."
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import Person
from tests.journeys.screens import PROMPT, SIZES, at, prompted, ran, saying
from tests.processes import Server, needed


@pytest.fixture
def host(shared_server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host."""
    return people.on_the_host(shared_server, tmp_path / "host")


@SIZES
def test_each_topic_is_there_and_paged_when_long(host: Person, size: tuple[int, int]) -> None:
    needed("less", "less")
    with at(host, size) as terminal:
        for line, shown in (
            ("help", "Objects"),
            ("help apitoken create", "apitoken create"),
            ("help durations", "Lengths of time"),
            ("help batch", "====="),
            ("help security", "====="),
            ("help gateway", "====="),
        ):
            prompted(terminal).enter("clear")
            terminal.until(lambda here: here.screen.cursor.y == 0 and here.line == PROMPT)
            terminal.enter(line)
            terminal.until(lambda here: here.line == ":")
            assert shown in terminal.text, line
            assert all(len(text) <= size[0] for text in terminal.text.split("\n"))
            terminal.send("q")


@SIZES
def test_the_manual_is_searched(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        shown = ran(terminal, "help --search quota")
        assert "help for what has 'quota':" in shown
        assert "exit_codes" in shown
        assert "zzyzx" in ran(terminal, "help --search zzyzx")


@SIZES
def test_one_meaning_runs_and_is_told_in_full_and_two_are_named(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        shown = ran(terminal, "rea li --out ids")
        assert "realm list --output ids" in shown
        prompted(terminal).enter("a li")
        terminal.until(saying("apitoken"))
        terminal.until(saying("audit"))
    for given in ((("rea", "li"), ""), (("-c", "rea li"), ""), ((), "rea li\n")):
        refused = host.run(*given[0], stdin=given[1])
        assert refused.code == 2
        assert "'rea' is short for realm, which only the prompt accepts." in refused.err
