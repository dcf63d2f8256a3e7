"""Aliases, with the real program: issue 4, "aliases and settings in TOML (XDG)"."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import people
from tests.processes import Server


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20)])
def test_an_alias_is_made_offered_and_used_at_the_prompt(
    columns: int, lines: int, server: Server, tmp_path: Path
) -> None:
    host = people.on_the_host(server, tmp_path / "host")
    server.create(owner="root", name="backup")
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        terminal.until("vshell: local-admin>")
        terminal.enter("alias add mine 'apitoken list --columns name'")
        terminal.until("mine stands for")
        terminal.send("min")
        terminal.until("your alias")
        terminal.press("tab")
        terminal.enter(" --owner root")
        terminal.until("backup")
        terminal.enter("exit")
        assert terminal.wait() == 0
    assert host.did("mine", "--output", "csv") == "name\nbackup\n"
    for arguments, stdin in (("-c", "mine"), ""), ((), "mine\n"):
        in_a_script = host.run(*arguments, stdin=stdin)
        assert in_a_script.code == 2
        assert "'mine' is short for apitoken list --columns name, which only the prompt accepts." in in_a_script.err
    assert host.run("mine", "--outp", "csv").told == (
        2,
        "'--outp' is short for --output, which only the prompt accepts.",
    )
    config = Path(host.home, ".config", "vshell", "settings.toml")
    assert config.read_text() == '[alias]\nmine = "apitoken list --columns name"\n'


def test_a_settings_file_elsewhere_is_found_by_xdg(server: Server, tmp_path: Path) -> None:
    host = people.on_the_host(server, tmp_path / "host")
    place = tmp_path / "xdg" / "vshell"
    place.mkdir(parents=True)
    (place / "settings.toml").write_text('# my own\n[alias]\nwho = "whoami"\n')
    host.environment["XDG_CONFIG_HOME"] = str(tmp_path / "xdg")
    assert host.did("alias", "list", "--output", "csv") == "alias,line\nwho,whoami\n"
    host.did("alias", "remove", "who")
    assert (place / "settings.toml").read_text() == "# my own\n"
