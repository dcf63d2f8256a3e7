"""Names written down for an outer shell: what is kept, for whom, and how they get there."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path

import pytest

import vshell.commands
from tests.processes import Server
from vshell.__main__ import main
from vshell.client.client import Target
from vshell.completion import name_files, shell_tab
from vshell.language.grammar import parse
from vshell.state.identity import LOCAL_SOURCE, Credential

assert vshell.commands

URL = "http://127.0.0.1:8443"
BOB = Target(URL, Credential("the test", "bob", token="an access token"))
TOKEN = "428BFekp.tDdKfDI3jVTPWyW12nxrsxTlhQ1QsvcS"


def rows(noun: str, url: str = URL) -> list[list[str]]:
    """Return what is written down, without the names of the fields."""
    return shell_tab.sections(shell_tab.read(shell_tab.file_of(url))).get(noun, (0.0, [[]]))[1][1:]


def test_only_fields_that_complete_are_kept_and_none_that_steers_a_terminal() -> None:
    hostile = {"id": "a", "name": "x\n\x1dapitokens\t\x1b]52;", "owner": "bob", "token": "secret", "digest": "d"}
    name_files.write_names(URL, "apitokens", [hostile, {"id": "b", "revoked": True}, {"name": "without id"}])
    assert rows("apitokens") == [["a", "", "bob", ""]]
    assert "secret" not in shell_tab.read(shell_tab.file_of(URL))


def test_files_are_for_their_owner_alone() -> None:
    name_files.write_pointer({}, URL)
    name_files.write_names(URL, "roles", [{"name": "r", "id": 1}])
    folder = Path(shell_tab.directory())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_files_of_servers_that_nobody_asks_any_more_go() -> None:
    for number in range(name_files.MOST_FILES + 20):
        place = f"http://127.0.0.1:{number} bob"
        name_files.write_names(place, "roles", [{"name": "r", "id": number}])
        os.utime(shell_tab.file_of(place), (number, number))
        name_files.write_names("http://127.0.0.1:3 bob", "roles", [{"name": "r", "id": number}])  # the one in use
    name_files.write_pointer({}, URL)
    left = {path.name for path in Path(shell_tab.directory()).iterdir()} - {name_files.LOCK}
    assert len(left) == name_files.MOST_FILES
    assert Path(shell_tab.file_of("http://127.0.0.1:3 bob")).name in left
    assert Path(shell_tab.file_of(f"http://127.0.0.1:{name_files.MOST_FILES + 19} bob")).name in left
    assert Path(shell_tab.file_of("http://127.0.0.1:5 bob")).name not in left


def test_lists_are_apart_and_a_part_of_a_list_adds_to_it() -> None:
    name_files.write_names(URL, "roles", [{"name": "r", "id": 1}], now=5.0)
    name_files.write_names(URL, "realms", [{"name": "m", "id": 2}])
    name_files.write_names(URL, "roles", [{"name": "s", "id": 3}, {"name": "r", "id": 4}], whole=False)
    assert rows("roles") == [["s", "3"], ["r", "4"]]
    assert rows("realms") == [["m", "2"]]
    assert shell_tab.sections(shell_tab.read(shell_tab.file_of(URL)))["roles"][0] == 5.0, (
        "a part does not make the whole fresh"
    )
    name_files.write_names("https://elsewhere", "roles", [{"name": "t", "id": 9}])
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
    place = name_files.name_of_file(BOB)
    name_files.write_names(place, "apitokens", [{"id": "old"}])
    name_files.learn_list(parse(line), [{"id": "new"}], lambda: BOB, {})
    assert [row[0] for row in rows("apitokens", place)] == ids


def test_a_place_that_cannot_be_written_is_no_trouble(home: Path) -> None:
    (home / ".cache").write_text("a file where a directory should be")
    name_files.write_pointer({}, URL)
    name_files.write_names(URL, "roles", [{"name": "r", "id": 1}])
    assert rows("roles") == []


def test_a_refresh_asks_the_server_for_everything(shared_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    token = shared_server.create(owner="admin", name="backup")
    context = ["--data", str(shared_server.data)]
    assert name_files.main(context) == 0
    assert shell_tab.offers("managers/{username}/", "ad", dict([context])) == [("admin", "")]
    assert shell_tab.offers("apitokens/{id}/name", token["id"], dict([context])) == [(token["id"], "backup")]
    assert shell_tab.offers("permissions/{codename}/", "view_ev", dict([context])) == [("view_events", "")]
    monkeypatch.setenv("VSHELL_DATA", str(shared_server.data))
    assert main(["role", "list"]) == 0
    assert shell_tab.offers("roles/{name}/", "read", {}) == [("read_only", "")], "what a list printed is known at once"


def test_a_search_adds_what_it_finds(shared_server: Server) -> None:
    token = shared_server.create(owner="root", name="found")
    context = {"--data": str(shared_server.data)}
    place = f"{shared_server.data / 'local-admin.token'} local-admin"
    name_files.write_names(place, "apitokens", [{"id": "other"}])
    assert name_files.main(["--data", str(shared_server.data), "--find", f"apitokens/{token['id'][:7]}"]) == 0
    assert {token["id"], "other"} <= {row[0] for row in rows("apitokens", place)}
    assert shell_tab.offers("apitokens/{id}/name", token["id"], context) == [(token["id"], "found")]


@pytest.mark.parametrize(
    ("credential", "whose"),
    [
        (None, " -"),
        (Credential("the session", "bob", token="a"), " bob"),
        (Credential("the password", "bob", password="p"), " bob"),
        (Credential(LOCAL_SOURCE, token=TOKEN), " local-admin"),
        (Credential("VSHELL_TOKEN", token=TOKEN), shell_tab.holder(TOKEN)),
    ],
)
def test_the_names_of_each_person_at_a_server_are_apart(credential: Credential | None, whose: str) -> None:
    assert name_files.name_of_file(Target(URL, credential)) == URL + whose


def test_a_server_on_its_own_host_is_known_by_its_data_and_not_by_its_port() -> None:
    mine = Credential(LOCAL_SOURCE, token=TOKEN)
    links = [Target(f"http://127.0.0.1:{port}", mine, token_file="/data/token") for port in (8001, 8002)]
    for link in links:
        name_files.learn_list(parse("apitoken list"), [{"id": str(link.url[-1])}], lambda link=link: link, {})  # type: ignore[misc]  # bound now
    left = {path.name for path in Path(shell_tab.directory()).iterdir()}
    place = name_files.name_of_file(links[0])
    assert left == {"lock", Path(shell_tab.file_of("at own")).name, Path(shell_tab.file_of(place)).name}
    assert [row[0] for row in rows("apitokens", place)] == ["2"]
    name_files.forget_names(links[1])
    assert {path.name for path in Path(shell_tab.directory()).iterdir()} == {"lock"}


def test_a_name_of_a_file_tells_nothing_of_a_token() -> None:
    place = name_files.name_of_file(Target(URL, Credential("VSHELL_TOKEN", token=TOKEN)))
    assert not any(part in place for part in TOKEN.split("."))
    assert shell_tab.holder(TOKEN) == shell_tab.holder(f"{TOKEN}\n") != shell_tab.holder(TOKEN[:-1])


def test_another_token_is_shown_nothing_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for token, known in ((TOKEN, "a1"), ("other", "b1")):
        monkeypatch.setenv("VSHELL_TOKEN", token)
        link = Target(URL, Credential("VSHELL_TOKEN", token=token))
        name_files.learn_list(parse("apitoken list"), [{"id": known}], lambda link=link: link, {})  # type: ignore[misc]  # bound now
    for token, known in ((TOKEN, "a1"), ("other", "b1")):
        monkeypatch.setenv("VSHELL_TOKEN", token)
        assert shell_tab.offers("apitokens/{id}/", "", {}) == [(known, "")]


def test_forgetting_leaves_nothing_of_a_person_and_all_of_other_servers() -> None:
    elsewhere = Target("http://127.0.0.1:84", BOB.credential)
    for context, link in (({}, BOB), ({"--server": "lab"}, BOB), ({"--server": "far"}, elsewhere)):
        name_files.write_pointer(context, name_files.name_of_file(link))
        name_files.write_names_for(link, "roles", [{"name": "r", "id": 1}], time.time())
    name_files.forget_names(BOB)
    left = sorted(path.name for path in Path(shell_tab.directory()).iterdir())
    assert left == sorted(
        [
            "lock",
            Path(shell_tab.file_of("at far")).name,
            Path(shell_tab.file_of(name_files.name_of_file(elsewhere))).name,
        ]
    )


def test_what_was_asked_for_before_names_were_forgotten_is_not_written_after() -> None:
    place = name_files.name_of_file(BOB)
    began = time.time()
    name_files.forget_names(BOB)
    name_files.write_names_for(BOB, "roles", [{"name": "r", "id": 1}], began)
    name_files.write_names(place, "roles", [{"name": "r", "id": 1}], whole=False, asked_at=began)
    name_files.write_pointer({}, place, began)
    assert {path.name for path in Path(shell_tab.directory()).iterdir()} == {"lock"}
    name_files.write_names_for(BOB, "roles", [{"name": "r", "id": 1}], time.time())
    assert rows("roles", place) == [["r", "1"]], "whoever signs in again has names again"


def test_whoever_signs_in_finds_nothing_of_who_was_there_before() -> None:
    name_files.write_pointer({}, f"{URL} local-admin")
    name_files.write_names(f"{URL} local-admin", "roles", [{"name": "r", "id": 1}])
    name_files.forget_names(BOB)
    assert rows("roles", f"{URL} local-admin") == []
    assert shell_tab.read(shell_tab.file_of("at " + shell_tab.word_of({}))) == ""


def test_a_server_that_is_away_is_an_exit_code_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = {"url": "http://127.0.0.1:9", "pid": os.getpid(), "token_file": None}
    (tmp_path / "server.json").write_text(json.dumps(facts))
    assert name_files.main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr() == ("", "")
