"""undo, with the real program: issue 4, "`undo` for what can be undone (rename, expiry, role assignment), said plainly
where it cannot".
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys import people
from tests.processes import Server
from tests.terminal import Terminal


def showing(text: str) -> Callable[[Terminal], bool]:
    """Return what tells whether a screen shows a text, wherever its lines are broken."""
    return lambda here: "".join(text.split()) in "".join(here.text.split())


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20)])
def test_a_rename_is_taken_back_and_a_revocation_is_not(
    columns: int, lines: int, server: Server, tmp_path: Path
) -> None:
    host = people.on_the_host(server, tmp_path / "host")
    token = server.create(owner="root", name="backup")["id"]

    def name() -> str:
        return str(server.call("GET", f"/apitokens/{token}/").json()["name"])

    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        terminal.until("vshell: local-admin>")
        terminal.enter(f"apitoken modify --id {token} --name renamed")
        terminal.until(showing("has been modified"))
        assert name() == "renamed"
        terminal.enter("undo")
        terminal.until(showing("[y/N]"))
        terminal.enter("y")
        terminal.until(showing("Undone"))
        assert name() == "backup"
        terminal.enter("clear")
        terminal.enter(f"apitoken revoke --id {token} --yes")
        terminal.until(showing("has been revoked"))
        terminal.enter("undo")
        terminal.until(showing("A revoked token stays revoked"))
        terminal.enter("exit")
        terminal.wait()
    assert server.call("GET", f"/apitokens/{token}/").json()["revoked"] is True
