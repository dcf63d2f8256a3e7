"""The toolbar, the title and the shrinking prompt at a real terminal, on a usual and on a small screen.

Issue "The prompt": "who, where, how long the credential lives (turns yellow at an hour, red at five minutes), keyring
state, last exit code, time of the last command. Terminal title and a transient prompt are optional by setting."
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import PASSWORD, Person
from tests.journeys.screens import PROMPT, SIZES, USUAL, at, prompted, ran, toolbar
from tests.processes import Server
from tests.terminal import Terminal


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host."""
    return people.on_the_host(server, tmp_path / "host")


@SIZES
def test_who_where_and_how_the_last_line_ended(host: Person, server: Server, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        terminal.until(lambda here: f"local-admin at {server.url.removeprefix('http://')}" in toolbar(here))
        prompted(terminal).enter("apitoken show --id 00000000")
        terminal.until(lambda here: "local-admin" in toolbar(here) and "exit 3" in toolbar(here))
        if size == USUAL:
            prompted(terminal).enter("whoami")
            terminal.until(lambda here: "local token | exit 0 | " in toolbar(here) and " ms" in toolbar(here))


@SIZES
@pytest.mark.parametrize(
    ("seconds", "colour"), [(250, "red"), (3_000, "yellow"), (20_000, "plain")], ids=["red", "yellow", "plain"]
)
def test_the_life_of_a_sign_in_turns_yellow_and_red(
    server: Server, tmp_path: Path, size: tuple[int, int], seconds: int, colour: str
) -> None:
    assert server.call("PATCH", "/managers/2/password/", {"password": PASSWORD}).ok
    lives = {"access_token_lifetime": str(seconds // 2), "refresh_token_lifetime": str(seconds)}
    assert server.call("PATCH", "/vms/1/", lives).ok
    person = Person(tmp_path / "laptop", ("--server", server.url, "-u", "admin"))
    with at(person, size) as terminal:
        terminal.until("Password of admin")
        terminal.enter(PASSWORD)
        terminal.until(lambda here: "ends in " in toolbar(here))
        assert "admin" in toolbar(terminal)
        styles = {"yellow": ("brown", "yellow"), "red": ("red",)}
        found = colours_of(terminal, "ends in")
        for name, names in styles.items():
            assert bool(found & set(names)) is (name == colour), found


def colours_of(terminal: Terminal, text: str) -> set[str]:
    """Return the colours of the first letter of a text in the toolbar."""
    letter = terminal.screen.buffer[terminal.screen.lines - 1][toolbar(terminal).index(text)]
    return {letter.fg, letter.bg}


@SIZES
def test_the_title_and_the_prompt_that_shrinks_are_settings(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        prompted(terminal)
        assert terminal.screen.title == ""
        ran(terminal, "set title on")
        terminal.until(lambda here: here.screen.title.startswith("vshell: local-admin at 127.0.0.1:"))
        ran(terminal, "set transient_prompt on")
        prompted(terminal).enter("realm list --output ids")
        terminal.until(lambda here: "> realm list --output ids" in here.text.split("\n") and here.line == PROMPT)
        ran(terminal, "set transient_prompt off")
