"""The fast path behind an outer shell's Tab: what is known at once, and a refresh that nobody waits for."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vshell.completion import name_files, shell_tab
from vshell.completion.resources import HELD_ROWS
from vshell.state.settings import save_value

URL = "http://127.0.0.1:8443"
TOKENS = "apitokens/{id}/name,owner"
LIVE = [
    {"id": "428BFekp", "name": "backup", "owner": "bob", "revoked": False},
    {"id": "428BFekq", "name": None, "owner": "eve", "revoked": False},
    {"id": "528BFekr", "name": "late", "owner": "bob", "revoked": True},
]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been started."""
    commands: list[list[str]] = []

    def spawn(program: str, command: list[str], environment: object, **options: object) -> int:
        commands.append(command)
        return 1

    monkeypatch.setattr(os, "posix_spawn", spawn)
    return commands


@pytest.fixture
def known() -> None:
    """Tokens that were seen just now at the server that is used without a flag."""
    name_files.write_pointer({}, URL)
    name_files.write_names(URL, "apitokens", LIVE)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("spec", "prefix", "context", "offers"),
    [
        (TOKENS, "", {}, [("428BFekp", "backup, bob"), ("428BFekq", "eve")]),
        (TOKENS, "", {"--owner": "bob"}, [("428BFekp", "backup, bob")]),
        (TOKENS, "428BFekq", {}, [("428BFekq", "eve")]),
        (TOKENS, "x", {}, []),
        ("apitokens/{name}/id", "", {}, [("backup", "428BFekp")]),
        ("apitokens/a:{id}:r,a:{id}:w/", "a:428BFekp", {}, [("a:428BFekp:r", ""), ("a:428BFekp:w", "")]),
        ("managers/{username}/", "", {}, []),
        (TOKENS, "", {"--server": "elsewhere"}, []),
    ],
)
def test_offers(
    spec: str, prefix: str, context: dict[str, str], offers: list[tuple[str, str]], started: list[list[str]]
) -> None:
    assert shell_tab.offers(spec, prefix, context) == offers


@pytest.mark.usefixtures("known")
def test_fresh_names_start_nothing_and_old_ones_one_refresh(started: list[list[str]]) -> None:
    shell_tab.offers(TOKENS, "", {})
    assert started == []
    name_files.write_names(URL, "apitokens", LIVE, now=time.time() - shell_tab.FRESH_SECONDS - 1)
    for _ in range(3):
        assert len(shell_tab.offers(TOKENS, "", {})) == 2, "what is old is offered all the same"
    assert started == [[sys.executable, "-P", "-m", "vshell.completion.name_files"]]


def test_a_refresh_is_told_which_server_and_is_not_repeated_at_once(started: list[list[str]]) -> None:
    context = {"--owner": "bob", "--server": "lab"}
    for _ in range(2):
        shell_tab.offers(TOKENS, "", context)
    assert [command[-2:] for command in started] == [["--server", "lab"]]
    asked = Path(shell_tab.file_of("asked lab"))
    os.utime(asked, (0, time.time() - shell_tab.RETRY_SECONDS - 1))
    shell_tab.offers(TOKENS, "", context)
    assert len(started) == 2


def test_what_a_long_list_does_not_hold_is_searched_for(started: list[list[str]]) -> None:
    assert shell_tab.LONG_LIST == HELD_ROWS
    name_files.write_pointer({}, URL)
    name_files.write_names(URL, "apitokens", [{"id": f"a{n}", "name": "n"} for n in range(HELD_ROWS)])
    for spec, prefix in ((TOKENS, "a1"), (TOKENS, ""), ("apitokens/x{id}/", "b"), (TOKENS, "b"), (TOKENS, "b")):
        shell_tab.offers(spec, prefix, {})
    assert [command[-2:] for command in started] == [["--find", "apitokens/b"]]


@pytest.mark.parametrize(
    ("context", "environment", "current", "word"),
    [
        ({}, {}, None, shell_tab.OWN),
        ({}, {}, "lab", "lab"),
        ({}, {"VSHELL_DATA": "/d"}, "lab", "/d"),
        ({}, {"VSHELL_DATA": "/d", "VSHELL_SERVER": "prod"}, "lab", "prod"),
        ({"--local": ""}, {"VSHELL_SERVER": "prod"}, "lab", shell_tab.OWN),
        ({"--local": ""}, {"VSHELL_DATA": "/d"}, "lab", "/d"),
        ({"--data": "/e/../f"}, {"VSHELL_SERVER": "prod"}, "lab", "/f"),
        ({"--server": "x"}, {"VSHELL_SERVER": "prod"}, "lab", "x"),
    ],
)
def test_the_server_is_chosen_as_the_shell_chooses(
    context: dict[str, str],
    environment: dict[str, str],
    current: str | None,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if current:
        state = home / ".local/state/vshell/state.json"
        state.parent.mkdir(parents=True)
        state.touch(0o600)
        state.write_text(json.dumps({"current_server": current}))
    assert shell_tab.word_of(context) == word


def test_named_servers_come_from_the_settings(home: Path) -> None:
    settings = home / ".config/vshell/settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[server.lab]\nurl = "https://lab"\n[server.prod]\nurl = "https://prod"\n')
    assert shell_tab.offers("servers/{name}/url", "l", {}) == [("lab", "https://lab")]


@pytest.mark.parametrize("damaged", ["", "\n\x1dapitokens", "\n\x1dapitokens\tx\nid", "\n\x1dapitokens\t1.0"])
def test_damage_is_no_answer_and_no_noise(
    damaged: str, capsys: pytest.CaptureFixture[str], known: None, started: list[list[str]]
) -> None:
    Path(shell_tab.file_of(URL)).write_text(damaged)
    assert shell_tab.main([TOKENS, ""]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("mode", [0o644, 0o620])
def test_what_others_may_touch_is_not_believed(mode: int, started: list[list[str]]) -> None:
    Path(shell_tab.file_of(URL)).chmod(mode)
    assert shell_tab.offers(TOKENS, "", {}) == []


def test_a_server_that_hangs_keeps_nobody_waiting(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, never answers
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        name_files.write_pointer({"--server": url}, url)
        name_files.write_names(url, "apitokens", LIVE, now=0)
        command = [sys.executable, "-m", "vshell", "--complete", TOKENS, "", "--server", url]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
        assert ran.stdout.splitlines() == ["428BFekp\tbackup, bob", "428BFekq\teve"]
        silent.settimeout(20)
        silent.accept()[0].close()  # the refresh did start


def test_nothing_heavy_is_imported() -> None:
    program = (
        "import sys\nbefore = set(sys.modules)\nfrom vshell.__main__ import main\n"
        f"main(['--complete', '{TOKENS}', ''])\nprint(sorted(set(sys.modules) - before))"
    )
    environment = {**os.environ, "VSHELL_SERVER": URL}
    name_files.write_pointer({"--server": URL}, URL)
    name_files.write_names(URL, "apitokens", [])
    command = [sys.executable, "-I", "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    loaded = {name.strip(" '[]\n") for name in ran.stdout.split(",")}
    assert "vshell.completion.shell_tab" in loaded
    assert not loaded & {"re", "json", "pathlib", "typing", "vshell.registry.tree", "vshell.kinds", "subprocess"}


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ('[alias]\nmine = "apitoken list --owner bob"\n', [("mine", "apitoken list --owner bob")]),
        (
            '[alias]\n# mine\n\nb = "whoami"\na = "realm list"\n[server.x]\nurl = "u"',
            [("a", "realm list"), ("b", "whoami")],
        ),
        ('[alias]\nmine = "apitoken list --name \\"x\\""\n', [("mine", 'apitoken list --name "x"')]),
        ("[alias]\nmine='whoami' # me\n", [("mine", "whoami")]),
        ('alias.mine = "whoami"\n', [("mine", "whoami")]),
        ('[alias]\nmine = "evil \\u001b[2J"\nnumber = 3\n', []),
        ('output = "json"\n', []),
        ("", []),
        ("[alias\n", []),
    ],
)
def test_aliases_come_from_the_settings(
    text: str, offers: list[tuple[str, str]], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = home / ".config/vshell/settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(text)
    assert shell_tab.main(["aliases/{name}/line", ""]) == 0
    assert capsys.readouterr() == ("".join(f"{name}\t{line}\n" for name, line in offers), "")


def test_aliases_as_they_are_written_are_read_without_the_toml_library(home: Path) -> None:
    save_value(home / ".config/vshell/settings.toml", "alias", "mine", "apitoken list --owner bob")
    program = (
        "import sys\nfrom vshell.__main__ import main\n"
        "main(['--complete', 'aliases/{name}/line', ''])\nprint('tomllib' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "mine\tapitoken list --owner bob\nFalse\n"
