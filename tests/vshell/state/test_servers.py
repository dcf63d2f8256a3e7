"""Which server: the order of the ways to name one, and what is found on this host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vshell.errors import Failed, Mistake, NotAllowed, NotFound, Unreachable
from vshell.state import paths, servers, state_file
from vshell.state.identity import MACHINE, Trust
from vshell.state.servers import Server

FINGERPRINT = "ab" * 32


def running(directory: Path, url: str = "http://127.0.0.1:4711", **facts: object) -> Path:
    """Write the file that a running server writes."""
    directory.mkdir(parents=True, exist_ok=True)
    told = {"url": url, "pid": os.getpid(), "token_file": str(directory / "t"), "ca_file": None, **facts}
    (directory / "server.json").write_text(json.dumps(told))
    return directory


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home)}


def test_the_order_of_the_ways_to_name_a_server(environment: dict[str, str], tmp_path: Path) -> None:
    def url(server: str | None = None, data: Path | None = None) -> str:
        return servers.choose(server, data, environment).url

    with pytest.raises(Unreachable, match="No server is chosen"):
        url()
    running(paths.data_directory(environment), "http://127.0.0.1:1")
    assert url() == "http://127.0.0.1:1"
    servers.add(Server("https://lab.example", name="lab"), environment)
    servers.use("lab", environment)
    assert url() == "https://lab.example"
    environment["VSHELL_DATA"] = str(running(tmp_path / "two", "http://127.0.0.1:2"))
    assert url() == "http://127.0.0.1:2"
    environment["VSHELL_SERVER"] = "https://three.example"
    assert url() == "https://three.example"
    assert url(data=running(tmp_path / "four", "http://127.0.0.1:4")) == "http://127.0.0.1:4"
    assert url("lab") == "https://lab.example"
    assert url("five.example:5") == "https://five.example:5"


def test_a_named_server_is_written_changed_and_removed(environment: dict[str, str]) -> None:
    path = paths.settings_file(environment)
    path.parent.mkdir(parents=True)
    path.write_text("# Mine.\n[settings]\noutput = 'json' # always\n")
    servers.add(Server("https://lab.example", Trust(fingerprint=FINGERPRINT), "lab", "bob"), environment)
    assert servers.list_servers(environment) == {
        "lab": Server("https://lab.example", Trust(fingerprint=FINGERPRINT), "lab", "bob")
    }
    servers.add(Server("https://lab.example:8443", Trust(ca_file="/lab.pem"), "lab"), environment)
    assert servers.list_servers(environment) == {"lab": Server("https://lab.example:8443", Trust("/lab.pem"), "lab")}
    servers.use("lab", environment)
    servers.remove("lab", environment)
    assert servers.list_servers(environment) == {}
    assert state_file.read_state(environment) == {}
    assert path.read_text().startswith("# Mine.\n[settings]\noutput = 'json' # always\n")


@pytest.mark.parametrize("name", ["", "a b", "a.b", "-a", "localhost", "x" * 65, "ä"])
def test_a_name_that_could_be_an_address_is_refused(environment: dict[str, str], name: str) -> None:
    with pytest.raises(Mistake):
        servers.add(Server("https://x.example", name=name), environment)


def test_an_unknown_name_is_not_found(environment: dict[str, str]) -> None:
    for action in (servers.use, servers.remove, servers.find_by_word):
        with pytest.raises(NotFound, match="no server named 'lab'"):
            action("lab", environment)


@pytest.mark.parametrize(
    "table",
    ["[server.x]\nurl = 3", "[server.x]", "[server]\nx = 1", "[server.x]\nurl = 'https://a'\nfingerprint = 'ab'"],
)
def test_a_server_that_is_not_understood_is_told(environment: dict[str, str], table: str) -> None:
    path = paths.settings_file(environment)
    path.parent.mkdir(parents=True)
    path.write_text(table)
    with pytest.raises(Failed, match="'x' is not understood"):
        servers.list_servers(environment)


def test_a_loopback_address_finds_its_token_and_certificate(environment: dict[str, str], tmp_path: Path) -> None:
    url = "https://127.0.0.1:4711"
    environment["VSHELL_DATA"] = str(running(tmp_path, url, ca_file="/c.pem"))
    found = servers.find_by_word("https://localhost:4711", environment)
    assert found == Server("https://localhost:4711", Trust("/c.pem"), token_file=str(tmp_path / "t"))
    assert servers.find_by_word("https://127.0.0.1:4712", environment).token_file is None
    assert servers.find_by_word("https://lab.example:4711", environment).trust == MACHINE


class TestRunningIn:
    """``server.json`` is believed only while its process lives."""

    def test_a_process_that_is_gone(self, tmp_path: Path) -> None:
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        running(tmp_path, pid=gone.pid)
        assert servers.find_running(tmp_path) is None

    @pytest.mark.parametrize("pid", [None, "1", 0, -1, True])
    def test_no_process_number(self, tmp_path: Path, pid: object) -> None:
        running(tmp_path, pid=pid)
        assert servers.find_running(tmp_path) is None

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 1}', '{"url": "x y", "pid": 1}', "\xff"])
    def test_a_damaged_file(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "server.json").write_text(text, encoding="latin-1")
        assert servers.find_running(tmp_path) is None

    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(Unreachable, match="No server runs in"):
            servers.find_in_directory(tmp_path)

    def test_not_ours_to_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: object, **options: object) -> str:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_text", refuse)
        with pytest.raises(NotAllowed, match="may not read"):
            servers.find_in_directory(tmp_path)
