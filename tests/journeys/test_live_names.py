"""Live values among many: "prefix-searched on the server when the set is large" (issue 4, completion while typing)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import filling
from tests.journeys import people
from tests.processes import Server
from tests.terminal import Terminal

EVERYDAY, FULL = 5_000, 1_000_000


def offered(terminal: Terminal, text: str) -> bool:
    """Tell whether the menu, which is below the line and above the toolbar, shows a text."""
    return any(text in line for line in terminal.screen.display[terminal.screen.cursor.y + 1 : -1])


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20)])
def test_one_of_many_tokens_is_found_by_the_beginning_of_its_id(
    either_server: Server, database_url: str, tmp_path: Path, full: bool, columns: int, lines: int
) -> None:
    many = FULL if full else EVERYDAY
    filling.fill_database(database_url, many, owner="admin")
    wanted = f"00{many - 7:06}"
    with people.on_the_host(either_server, tmp_path / "host").at_a_terminal(columns=columns, lines=lines) as terminal:
        terminal.until("local-admin>")
        terminal.send("apitoken show --id ")
        terminal.until(lambda here: offered(here, "00000000"))
        terminal.send(wanted[:-1])
        terminal.until(lambda here: offered(here, wanted))
        assert not offered(terminal, "00000000"), "only what fits what is typed"
        terminal.send(wanted[-1])
        terminal.press("ctrl-c")
        terminal.enter(f"apitoken show --id {wanted}")
        terminal.until("admin_api_token")


def test_an_owner_on_the_line_narrows_the_tokens_to_theirs(
    either_server: Server, database_url: str, tmp_path: Path
) -> None:
    for owner in ("zoe", "zac"):
        assert either_server.call("POST", "/managers/", {"username": owner}).ok
    filling.fill_database(database_url, EVERYDAY, owner="admin")
    theirs = {owner: either_server.create(owner=owner)["id"] for owner in ("zoe", "zac")}
    with people.on_the_host(either_server, tmp_path / "host").at_a_terminal(columns=80, lines=24) as terminal:
        terminal.until("local-admin>")
        terminal.send("apitoken list --owner zoe --parent ")
        terminal.until(lambda here: offered(here, theirs["zoe"]) and not offered(here, "admin"))
        assert not offered(terminal, theirs["zac"])


def test_nobody_is_offered_what_they_may_not_see(either_server: Server, database_url: str, tmp_path: Path) -> None:
    filling.fill_database(database_url, EVERYDAY, owner="admin")
    person = people.hired(either_server, tmp_path)
    own = either_server.create(owner=person.name)["id"]
    with person.at_a_terminal(columns=80, lines=24) as terminal:
        terminal.until(f"{person.name}>")
        terminal.send("apitoken show --id ")
        terminal.until(lambda here: offered(here, own))
        assert not offered(terminal, "0000")
        terminal.send("0000499")
        terminal.until(lambda here: "0000499" in here.line and "loading" not in here.text)
        assert not offered(terminal, "0000499")


def test_signing_out_leaves_no_names_behind(either_server: Server, tmp_path: Path) -> None:
    people.hired(either_server, tmp_path)
    person = people.on_the_host(either_server, tmp_path / "host")
    kept = tmp_path / "host/.cache/vshell/names"
    person.did("manager", "list")
    assert "person" in "".join(file.read_text() for file in kept.iterdir())
    name = people.hired(either_server, tmp_path, "view_security").name
    with person.at_a_terminal() as terminal:
        terminal.until("local-admin>")
        terminal.enter(f"login --username {name} --store file")
        terminal.until("Password of")
        terminal.enter(people.PASSWORD)
        terminal.until("Signed in as")
        terminal.enter("logout")
        terminal.until("Signed out")
    person.did("manager", "list")
    assert not [file for file in kept.iterdir() if name in file.name]
