"""The whole program at a real terminal: what a person sees, types, breaks off and leaves behind."""

from __future__ import annotations

import fcntl
import json
import os
import re
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import CREATED, PASSWORD, Person
from tests.processes import Server
from tests.terminal import Terminal
from tests.vshell.waiting import eventually

PROMPT = "vshell: local-admin>"
LONGEST_NAME = "caroline.of-the-night-shift"


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host, on which two managers have names that begin alike."""
    for name in ("bob", LONGEST_NAME):
        assert server.call("POST", "/managers/", {"username": name}).ok
    return people.on_the_host(server, tmp_path / "host")


def prompted(terminal: Terminal) -> Terminal:
    """Wait for an empty prompt."""
    terminal.until(lambda here: here.line == PROMPT)
    return terminal


def history_of(person: Person) -> str:
    """Return all that the shell keeps of what was typed."""
    files = (person.home / ".local/state").rglob("*.jsonl")
    return "".join(path.read_text() for path in files)


def is_free(lock: Path) -> bool:
    """Tell whether no process holds a lock."""
    with lock.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_a_live_owner_is_completed(host: Person, server: Server) -> None:
    with host.at_a_terminal() as terminal:
        prompted(terminal).send("apitoken create --own")
        terminal.until("--owner")
        terminal.press("tab")
        terminal.until(lambda here: "--owner" in here.line)
        terminal.send(" caro")
        terminal.until(lambda here: LONGEST_NAME in here.text)
        terminal.press("tab")
        terminal.until(lambda here: f"--owner {LONGEST_NAME}" in here.line)
        # Somebody who came while the shell runs is offered too.
        assert server.call("POST", "/managers/", {"username": "dora-the-new"}).ok
        terminal.press("ctrl-c")
        prompted(terminal).enter(f"apitoken create --owner {LONGEST_NAME}")
        terminal.until("ApiToken with id")
        prompted(terminal).send("apitoken create --owner dora-")
        terminal.until("dora-the-new")


def test_a_token_is_offered_by_its_id_with_name_and_owner(host: Person, server: Server) -> None:
    issued = server.create(owner="bob", name="nightly backup")
    with host.at_a_terminal() as terminal:
        prompted(terminal).send("apitoken revoke --id ")
        terminal.until(lambda here: issued["id"] in here.text)
        assert "nightly backup, bob" in terminal.line_with(issued["id"])


def test_every_command_is_offered_with_what_it_does(host: Person) -> None:
    with host.at_a_terminal() as terminal:
        prompted(terminal).send("apitoken ")
        for verb in ("create", "list", "modify", "revoke", "show"):
            terminal.until(lambda here, verb=verb: re.search(rf"^ +{verb} +[A-Z]", here.text, re.MULTILINE))


def test_a_mistake_is_shown_under_its_column(host: Person) -> None:
    with host.at_a_terminal() as terminal:
        prompted(terminal).enter("apitoken create --owner bob --expiry-date 0D --name x")
        terminal.until("--expiry-date: '0D' is no time at all")
        prompted(terminal)
        lines = terminal.text.split("\n")
        number = next(index for index, line in enumerate(lines) if line.strip() == "^")
        assert lines[number].find("^") == lines[number - 1].find("0D")


def test_a_short_form_is_echoed_in_full(host: Person) -> None:
    with host.at_a_terminal() as terminal:
        prompted(terminal).enter("apit cr --own bob")
        terminal.until("ApiToken with id")
        lines = terminal.text.split("\n")
        assert lines[lines.index(f"{PROMPT} apit cr --own bob") + 1] == "apitoken create --owner bob"


def test_the_history_has_the_lines_and_no_secret(host: Person) -> None:
    with host.at_a_terminal() as terminal:
        prompted(terminal).enter("apitoken create --owner bob --name kept")
        terminal.until("ApiToken with id")
        printed = CREATED.search(terminal.text)
        assert printed
        prompted(terminal).enter("manager create --username zoe --password 'Hunter two 2'")
        terminal.until("Manager zoe")
        prompted(terminal).enter(printed["token"])  # pasted where it does not belong
        terminal.until("This is a token, not a command")
        prompted(terminal).enter(f"apitoken list --name {printed['token']}")
        prompted(terminal).enter("let t = apitoken create --owner bob")
        prompted(terminal).enter("history")
        terminal.until(lambda here: here.text.count("let t = apitoken create --owner bob") > 1)
        prompted(terminal).press("ctrl-d")
        assert terminal.wait() == 0
        assert "Hunter two 2" not in terminal.written.decode(errors="replace")
    kept = history_of(host)
    assert "apitoken create --owner bob --name kept" in kept
    assert "manager create --username zoe --password ***" in kept
    assert "Hunter" not in kept
    assert not re.search(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}", kept)
    # The next shell has the lines at the arrow key.
    with host.at_a_terminal() as terminal:
        prompted(terminal).press("up")
        terminal.until(lambda here: here.line.startswith(f"{PROMPT} history"))


def test_ctrl_c_clears_the_line_and_ctrl_d_leaves(host: Person, server: Server) -> None:
    with host.at_a_terminal() as terminal:
        prompted(terminal).send("apitoken create --owner bob")
        terminal.press("ctrl-c")
        prompted(terminal).enter("apitoken list --owner bob")
        terminal.until("Nothing to show.")
        prompted(terminal).press("ctrl-d")
        assert terminal.wait() == 0
        assert "Traceback" not in terminal.text
    assert server.call("GET", "/apitokens/?owner=bob").json() == []


def test_a_destructive_line_asks_and_no_is_no(host: Person, server: Server) -> None:
    issued = server.create(owner="bob")
    revoke = f"apitoken revoke --id {issued['id']}"

    def revoked() -> bool:
        return bool(server.call("GET", f"/apitokens/{issued['id']}/").json()["revoked"])

    with host.at_a_terminal() as terminal:
        prompted(terminal).enter(f"{revoke} --dry-run")
        terminal.until("nothing was changed")
        for answer in ("n", "", "nonsense"):
            asked = terminal.text.count("[y/N]")
            prompted(terminal).enter(revoke)
            terminal.until(lambda here, asked=asked: here.text.count("[y/N]") > asked)
            terminal.enter(answer)
            terminal.until(lambda here: here.line == PROMPT)
            assert not revoked()
        terminal.enter(revoke)
        terminal.until(lambda here: here.line.endswith("[y/N]"))
        terminal.enter("y")
        terminal.until(f"ApiToken with id: {issued['id']} has been revoked")
        assert revoked()


def test_signing_in_and_out_at_the_prompt(server: Server, tmp_path: Path) -> None:
    """Somebody on another machine, without a keyring, to whom the banner is shown."""
    assert server.call("PATCH", "/managers/2/password/", {"password": PASSWORD}).ok
    assert server.call("PATCH", "/vms/1/", {"login_banner": "You are logging into VMS"}).ok
    person = Person(tmp_path / "laptop", ("--server", server.url, "-u", "admin"))
    with person.at_a_terminal() as terminal:
        terminal.until("Password of admin")
        terminal.enter(PASSWORD)
        terminal.until("You are logging into VMS")
        terminal.until(lambda here: here.line == "vshell: admin>")
        terminal.enter("whoami")
        terminal.until("| Username | admin")
        assert PASSWORD not in terminal.written.decode(errors="replace")
    with person.at_a_terminal() as terminal:
        terminal.until("Password of admin")
        terminal.enter("not this one")
        assert terminal.wait() == 4


def test_two_local_shells_share_a_server_that_ends_with_the_last_one(tmp_path: Path) -> None:
    host = Person(tmp_path / "home", ("--local",))
    told = host.home / ".local/share/vshell/server.json"
    with host.at_a_terminal() as first, host.at_a_terminal() as second:
        prompted(first)
        facts = json.loads(told.read_text())
        prompted(second)
        assert json.loads(told.read_text()) == facts, "the second joined the first one's"
        first.enter("manager create --username bob")
        first.until("Password of bob")
        first.enter("")
        first.until("Manager bob with id")
        prompted(first).press("ctrl-d")
        assert first.wait() == 0
        second.enter("apitoken create --owner bob")
        second.until("ApiToken with id")
        os.kill(facts["pid"], 0)
        prompted(second).press("ctrl-d")
        assert second.wait() == 0
    eventually(lambda: not told.exists(), "the end of the server")
    eventually(lambda: is_free(told.with_name("server.lock")), "the end of its process")
    # What they did is there for the next one.
    assert host.did("apitoken", "list", "--owner", "bob", "--output", "ids").strip()
