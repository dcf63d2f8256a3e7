"""Completion while typing, at a real terminal, on a usual and on a small screen.

Issue "The prompt": "live values (ids with name, owner and expiry; owners; roles; realms; nodes) ...; an unreachable
server is said in the toolbar, not in a traceback. Values already on the line narrow the rest (tokens *of that
owner*). Fuzzy matching, best first."
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import Person
from tests.journeys.screens import PROMPT, SIZES, at, fresh, menu, prompted, saying, toolbar
from tests.processes import Server


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host, where bob and eve have a token each, and there is a node."""
    for name in ("bob", "eve", "deborah"):
        assert server.call("POST", "/managers/", {"username": name}).ok
    server.create(owner="bob", name="nightly", expiry_date="180D")
    server.create(owner="eve", name="other")
    assert server.call("POST", "/nodes/", {"path": "/projects/x"}).ok
    return people.on_the_host(server, tmp_path / "host")


@SIZES
def test_every_sort_of_live_value_is_offered(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        for typed, offered in (
            ("apitoken revoke --id nigh", "nightly, bob, until 20"),
            ("apitoken create --owner bo", "bob"),
            ("role show --name read", "read_only"),
            ("manager modify --roles read", "read_only"),
            ("realm show --name sec", "security"),
            ("node show --path /pro", "/projects/x"),
            ("apitoken create --scopes node:", "node:"),
        ):
            prompted(terminal).send(typed)
            shown = offered if size[0] > 40 else offered[:8]
            below = slice(terminal.screen.cursor.y + 1, -1)
            terminal.until(lambda here, shown=shown, below=below: shown in "".join(here.screen.display[below]))
            fresh(terminal)


@SIZES
def test_scopes_of_one_node_are_told_apart(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        prompted(terminal).send("apitoken create --scopes node:")
        terminal.until(lambda here: {offer.rpartition(":")[2] for offer in menu(here)} == {"r", "rw"})


@SIZES
def test_the_owner_on_the_line_narrows_the_tokens(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        prompted(terminal).send("apitoken list --name ")
        terminal.until(lambda here: {"nightly", "other"} <= set(menu(here)))
        fresh(terminal).send("apitoken list --owner eve --name ")
        terminal.until(lambda here: "other" in menu(here) and "nightly" not in menu(here))


@SIZES
def test_what_begins_so_stands_before_what_only_has_it_inside(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        prompted(terminal).send("apitoken create --owner b")
        terminal.until(lambda here: menu(here)[:1] == ["bob"])
        terminal.press("backspace")
        terminal.send("db")  # letters in their order
        terminal.until(lambda here: menu(here) == ["deborah"])


@SIZES
def test_a_server_that_went_away_is_said_in_the_toolbar(server: Server, host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        prompted(terminal)
        server.stop()
        terminal.enter("apitoken list")
        terminal.until("No server answers at")
        terminal.until(lambda here: "names: the server does not" in toolbar(here))
        terminal.send("apitoken show --id nigh")
        terminal.until(saying(f"{PROMPT} apitoken show --id nigh"))
        assert "Traceback" not in terminal.text


@SIZES
def test_typing_goes_on_while_the_server_hangs(server: Server, host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        prompted(terminal)
        server.process.send_signal(signal.SIGSTOP)
        try:
            terminal.send("apitoken revoke --id nigh")  # what is known of it is offered all the same
            terminal.until(lambda here: "nightly" in "".join(here.screen.display[here.screen.cursor.y + 1 :]), 3)
            fresh(terminal).send("manager cr")
            terminal.until(lambda here: "create" in menu(here), 3)
        finally:
            server.process.send_signal(signal.SIGCONT)
        assert "Traceback" not in terminal.text
