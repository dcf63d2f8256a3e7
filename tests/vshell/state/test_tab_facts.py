"""What a Tab needs of the user's own files: written when they change, and never believed when older than them."""

from __future__ import annotations

import os
from pathlib import Path

from vshell.state import servers, settings, state_file, tab_facts

LAB = servers.Server("https://lab.example", name="lab", dc="eu")


def test_whatever_changes_the_files_writes_what_a_tab_needs(home: Path) -> None:
    assert tab_facts.read("settings") is None
    servers.add(LAB, os.environ)
    settings.save_value(home / ".config/vshell/settings.toml", "alias", "mine", "apitoken list")
    servers.use("lab", os.environ)
    assert tab_facts.read("settings") == [
        ["server", "lab", "https://lab.example", "eu"],
        ["alias", "mine", "apitoken list"],
    ]
    assert tab_facts.read("state") == [["lab"]]
    servers.remove("lab", os.environ)
    assert tab_facts.read("settings") == [["alias", "mine", "apitoken list"]]
    assert tab_facts.read("state") == []


def test_what_an_editor_changed_since_is_not_believed(home: Path) -> None:
    path = home / ".config/vshell/settings.toml"
    servers.add(LAB, os.environ)
    path.write_text('[alias]\nmine = "whoami"\n')
    os.utime(path, ns=(1, 1))
    assert tab_facts.read("settings") is None
    assert settings.write_facts() == [["alias", "mine", "whoami"]] == tab_facts.read("settings")


def test_another_home_has_other_facts(home: Path, tmp_path: Path) -> None:
    servers.add(LAB, os.environ)
    assert tab_facts.read("settings", {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}) is None


def test_what_is_open_to_others_or_cannot_be_written_is_none(home: Path) -> None:
    servers.add(LAB, os.environ)
    for path in (home / ".cache/vshell").iterdir():
        path.chmod(0o644)
    assert tab_facts.read("settings") is None
    (home / ".cache").rename(home / "elsewhere")
    (home / ".cache").write_text("a file where a directory should be")
    assert state_file.write_facts() == []
    assert tab_facts.read("state") is None
