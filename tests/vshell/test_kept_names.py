"""Names written down for an outer shell: what is kept, for whom, and how they get there."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

import vshell.commands
from tests.processes import Server
from vshell import kept_names, tab
from vshell.__main__ import main
from vshell.grammar import read

assert vshell.commands

URL = "http://127.0.0.1:8443"


def rows(noun: str, url: str = URL) -> list[list[str]]:
    """Return what is written down, without the names of the fields."""
    return tab.sections(tab.read(tab.file_of(url))).get(noun, (0.0, [[]]))[1][1:]


def test_only_fields_that_complete_are_kept_and_none_that_steers_a_terminal() -> None:
    hostile = {"id": "a", "name": "x\n\x1dapitokens\t\x1b]52;", "owner": "bob", "token": "secret", "digest": "d"}
    kept_names.keep(URL, "apitokens", [hostile, {"id": "b", "revoked": True}, {"name": "without id"}])
    assert rows("apitokens") == [["a", "", "bob", ""]]
    assert "secret" not in tab.read(tab.file_of(URL))


def test_files_are_for_their_owner_alone() -> None:
    kept_names.point({}, URL)
    kept_names.keep(URL, "roles", [{"name": "r", "id": 1}])
    folder = Path(tab.directory())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_lists_are_apart_and_a_part_of_a_list_adds_to_it() -> None:
    kept_names.keep(URL, "roles", [{"name": "r", "id": 1}], now=5.0)
    kept_names.keep(URL, "realms", [{"name": "m", "id": 2}])
    kept_names.keep(URL, "roles", [{"name": "s", "id": 3}, {"name": "r", "id": 4}], whole=False)
    assert rows("roles") == [["s", "3"], ["r", "4"]]
    assert rows("realms") == [["m", "2"]]
    assert tab.sections(tab.read(tab.file_of(URL)))["roles"][0] == 5.0, "a part does not make the whole fresh"
    kept_names.keep("https://elsewhere", "roles", [{"name": "t", "id": 9}])
    assert rows("roles") == [["s", "3"], ["r", "4"]]


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("apitoken list", ["new"]),
        ("apitoken list --owner bob", ["new", "old"]),
        ("apitoken show --id new", ["old"]),
        ("server list", ["old"]),
    ],
)
def test_a_list_command_is_learned_from(line: str, ids: list[str]) -> None:
    kept_names.keep(URL, "apitokens", [{"id": "old"}])
    kept_names.learn(read(line), [{"id": "new"}], lambda: URL, {})
    assert [row[0] for row in rows("apitokens")] == ids


def test_a_place_that_cannot_be_written_is_no_trouble(home: Path) -> None:
    (home / ".cache").write_text("a file where a directory should be")
    kept_names.point({}, URL)
    kept_names.keep(URL, "roles", [{"name": "r", "id": 1}])
    assert rows("roles") == []


def test_a_refresh_asks_the_server_for_everything(shared_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    token = shared_server.create(owner="admin", name="backup")
    context = ["--data", str(shared_server.data)]
    assert kept_names.main(context) == 0
    assert tab.offers("managers/{username}/", "ad", dict([context])) == [("admin", "")]
    assert tab.offers("apitokens/{id}/name", token["id"], dict([context])) == [(token["id"], "backup")]
    assert tab.offers("permissions/{codename}/", "view_ev", dict([context])) == [("view_events", "")]
    monkeypatch.setenv("VSHELL_DATA", str(shared_server.data))
    assert main(["role", "list"]) == 0
    assert tab.offers("roles/{name}/", "read", {}) == [("read_only", "")], "what a list printed is known at once"


def test_a_search_adds_what_it_finds(shared_server: Server) -> None:
    token = shared_server.create(owner="root", name="found")
    context = {"--data": str(shared_server.data)}
    url = shared_server.url
    kept_names.keep(url, "apitokens", [{"id": "other"}])
    assert kept_names.main(["--data", str(shared_server.data), "--find", f"apitokens/{token['id'][:7]}"]) == 0
    assert {token["id"], "other"} <= {row[0] for row in rows("apitokens", url)}
    assert tab.offers("apitokens/{id}/name", token["id"], context) == [(token["id"], "found")]


def test_a_server_that_is_away_is_an_exit_code_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = {"url": "http://127.0.0.1:9", "pid": os.getpid(), "token_file": None}
    (tmp_path / "server.json").write_text(json.dumps(facts))
    assert kept_names.main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr() == ("", "")
