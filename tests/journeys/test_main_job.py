"""The main job from end to end: a fresh machine, one command, a prompt; create, use elsewhere, list, revoke."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from tests import processes
from tests.journeys import people
from tests.journeys.people import Person, created
from tests.vshell.waiting import eventually

PROMPT = "vshell: local-admin>"


@pytest.fixture
def newcomer(tmp_path: Path) -> Person:
    """Somebody who has just installed the program."""
    return Person(tmp_path / "home", ("--local",))


def url_of(person: Person) -> str:
    """Return where the embedded server listens."""
    url: str = json.loads((person.home / ".local/share/vshell/server.json").read_text())["url"]
    return url


def used_by_curl(url: str, *how: str) -> int:
    """Use a token from another program and return the HTTP status."""
    curl = processes.needed("curl", "curl")
    asked = [
        curl,
        "--silent",
        "--output",
        os.devnull,
        "--write-out",
        "%{http_code}",
        *how,
        f"{url}/api/latest/apitokens/",
    ]
    return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


def used_by_requests(url: str, header: str) -> requests.Response:
    """Use a token from a program in Python."""
    return requests.get(f"{url}/api/latest/apitokens/", headers={"Authorization": header}, timeout=30)


def test_the_main_job(newcomer: Person) -> None:
    """What the README's tour does, on a real terminal, with the token used from two other programs."""
    with newcomer.at_a_terminal() as terminal:
        terminal.until(lambda here: here.line == PROMPT)
        terminal.enter("manager create --username bob --roles read_only")
        terminal.until("(empty for none)")
        terminal.enter("")
        terminal.until("Manager bob with id: 4 has been created")
        terminal.enter("apitoken create --owner bob --name backup --expiry-date 180D")
        issued = people.issued_on(terminal)
        url, token = url_of(newcomer), issued["token"]

        answer = used_by_requests(url, f"Api-Token {token}")
        assert answer.status_code == 200
        assert [row["id"] for row in answer.json()] == [issued["id"]]
        assert used_by_requests(url, f"Bearer {token}").status_code == 200
        if shutil.which("curl"):
            assert used_by_curl(url, "--header", f"Authorization: Api-Token {token}") == 200
            assert used_by_curl(url, "--user", f"bob:{token}") == 200

        # A use is written down soon after, not before it is answered.
        eventually(lambda: used_by_requests(url, f"Api-Token {token}").json()[0]["last_used"], "the note of its use")
        terminal.enter("apitoken list --owner bob")
        terminal.until(lambda here: here.line_with(issued["id"]).startswith("| "))
        cells = [cell.strip() for cell in terminal.line_with(issued["id"]).split("|")[1:-1]]
        assert cells[:3] == [issued["id"], "backup", "bob"]
        assert cells[4] != "None", "its use is shown"
        assert cells[5:] == ["False", "None"]

        terminal.enter(f"apitoken revoke --id {issued['id']}")
        terminal.until(lambda here: here.line.endswith("[y/N]"))
        terminal.enter("y")
        terminal.until(f"ApiToken with id: {issued['id']} has been revoked")

        refused = used_by_requests(url, f"Api-Token {token}")
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"]
        assert token not in refused.text
        assert used_by_requests(url, people.basic("bob", token)).status_code == 401
        terminal.until(lambda here: here.line == PROMPT)
        terminal.press("ctrl-d")
        assert terminal.wait() == 0
    archived = json.loads(newcomer.did("apitoken", "list", "--owner", "bob", "--archived", "--output", "json"))
    assert [(row["id"], row["revoked"]) for row in archived] == [(issued["id"], True)]
    assert newcomer.did("apitoken", "list", "--owner", "bob", "--output", "ids") == ""


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_what_was_acknowledged_outlives_kill_9(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Creates are answered one after the other; the server is killed between two of them; all are there afterwards."""
    database = str(tmp_path / "vshell.db")
    if engine == "postgres":
        database = request.getfixturevalue("postgres_server").fresh_database()
    data = tmp_path / "data"
    server = processes.start_server(data, "--database", database)
    host = people.on_the_host(server, tmp_path / "host")
    (host.home / "creates.vsh").write_text("apitoken create --owner root\n" * 5_000)
    shell = host.start("-f", "creates.vsh")
    assert shell.stdout is not None
    printed = [shell.stdout.readline() for _ in range(50)]
    server.process.send_signal(signal.SIGKILL)
    rest, told = shell.communicate(timeout=60)
    server.stop()
    tokens = [created(line) for line in [*printed, *rest.splitlines()]]
    assert shell.returncode == 7, told
    assert told.startswith(f"creates.vsh:{len(tokens) + 1}: "), told
    assert "It is not known whether it was done" in told or "No server answers" in told
    with processes.running(data, "--database", database) as again:
        for issued in tokens:
            assert again.call("GET", f"/apitokens/{issued['id']}/", token=issued["token"]).status_code == 200
        stored = again.call("GET", "/apitokens/?owner=root").json()
        assert len(stored) - len(tokens) in (0, 1), "at most the one that was under way"


def test_the_embedded_server_comes_back_after_kill_9(newcomer: Person) -> None:
    """The next shell starts a server on the same data, with a new token of its own for local-admin."""
    assert newcomer.run("-c", "manager create --username bob").code == 0
    with newcomer.at_a_terminal() as terminal:
        terminal.until(lambda here: here.line == PROMPT)
        terminal.enter("apitoken create --owner bob")
        issued = people.issued_on(terminal)
        killed = json.loads((newcomer.home / ".local/share/vshell/server.json").read_text())
        os.kill(killed["pid"], signal.SIGKILL)
        eventually(lambda: not answers(killed["url"]), "the end of its workers")
        terminal.until(lambda here: here.line == PROMPT)
        terminal.enter("apitoken list --owner bob")
        terminal.until(f"No server answers at {killed['url']}.")
        terminal.until(lambda here: here.line == PROMPT)
        terminal.press("ctrl-d")
        assert terminal.wait() == 7
    with newcomer.at_a_terminal() as terminal:
        terminal.until(lambda here: here.line == PROMPT)
        assert used_by_requests(url_of(newcomer), f"Api-Token {issued['token']}").status_code == 200


def answers(url: str) -> bool:
    """Tell whether a server answers there."""
    try:
        return requests.get(f"{url}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False
