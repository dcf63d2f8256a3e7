"""History, undo, settings and keys at a real terminal, on a usual and on a small screen.

Issue "The prompt": "History with search, per server, `0600`; `undo` for what can be undone (rename, expiry, role
assignment), said plainly where it cannot. Aliases and settings in TOML (XDG), `set` shows and changes them with
explanations; vi and emacs keys; `NO_COLOR`; works at 40 columns and in a dumb terminal".
"""

from __future__ import annotations

import re
import socket
import stat
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import Person
from tests.journeys.screens import PROMPT, SIZES, at, fresh, joined, prompted, ran, saying
from tests.processes import Server
from tests.vshell.web import Reply, serving

COLOUR = re.compile(rb"\x1b\[[0-9;]*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[0-9;]*m")


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host, where there is bob."""
    assert server.call("POST", "/managers/", {"username": "bob"}).ok
    return people.on_the_host(server, tmp_path / "host")


def histories(person: Person) -> list[Path]:
    """Return the files of what was typed."""
    return sorted((person.home / ".local/state/vshell/history").glob("*.jsonl"))


@SIZES
def test_the_history_is_searched_and_private(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        for line in ("apitoken list --owner bob", "realm list --output ids"):
            ran(terminal, line)
        terminal.press("ctrl-r")
        terminal.send("owner b")
        terminal.until(lambda here: f"{PROMPT} apitoken list --owner bob" in joined(here))
        terminal.press("enter")
        terminal.until(lambda here: "owner b" not in here.screen.display[-2])
        terminal.press("enter")
        prompted(terminal).press("up")
        terminal.until(lambda here: f"{PROMPT} apitoken list --owner bob" in joined(here))
        fresh(terminal).enter("history")
        terminal.until(saying("realm list --output ids"))
    (file,) = histories(host)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().count("--owner bob") == 2


@SIZES
def test_each_server_has_a_history_of_its_own(host: Person, server: Server, size: tuple[int, int]) -> None:
    """The servers of this host share one, since their ports change; one that is named otherwise has its own."""
    with at(host, size) as terminal:
        ran(terminal, "realm list --output ids")
        prompted(terminal).press("ctrl-d")
        terminal.wait()
    with serving(lambda asked: Reply(body=[])) as other:
        away = Person(host.home, ("--server", other.url.replace("127.0.0.1", socket.gethostname())))
        with at(away, size) as terminal:
            terminal.until(lambda here: here.line.endswith(">"))
            terminal.enter("help exit_codes")
            terminal.until(lambda here: here.line == ":" or "exit 0" in here.text)
            terminal.send("q" if terminal.line == ":" else "")
            terminal.until(lambda here: here.line.endswith(">"))
            terminal.press("up", "up", "up")
            terminal.until(saying("> help exit_codes"))
            terminal.press("ctrl-c")
            terminal.until(lambda here: here.line == "vshell>")
            terminal.press("ctrl-d")
            terminal.wait()
    kept = {path.name.startswith("local"): path.read_text() for path in histories(host)}
    assert "realm" in kept[True]
    assert "exit_codes" not in kept[True]
    assert "exit_codes" in kept[False]


@SIZES
def test_an_end_and_roles_are_taken_back_too(host: Person, server: Server, size: tuple[int, int]) -> None:
    made = server.create(owner="bob", expiry_date="10D")["id"]

    def end() -> str:
        return str(server.call("GET", f"/apitokens/{made}/").json()["expiry_date"])

    def roles() -> object:
        return next(row["roles"] for row in server.call("GET", "/managers/").json() if row["username"] == "bob")

    before = end(), roles()
    with at(host, size) as terminal:
        ran(terminal, f"apitoken modify --id {made} --expiry-date 3D")
        ran(terminal, "manager modify --username bob --roles read_only")
        assert (end(), roles()) != before
        assert "Undone" in ran(terminal, "undo", "y")
        assert roles() == before[1]
        assert "Undone" in ran(terminal, "undo", "y")
        assert end() == before[0]
        assert "nothing to undo" in ran(terminal, "undo")
        ran(terminal, "manager create --username zed", "")
        assert "manager delete" in ran(terminal, "undo")


@SIZES
def test_settings_are_shown_explained_and_hold_at_once(host: Person, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        prompted(terminal).enter("set")
        terminal.until(saying("editing = emacs The keys of the prompt. (emacs, vi)"))
        terminal.until(lambda here: here.line in (PROMPT, ":"))
        if terminal.line == ":":
            terminal.send("q")
        assert "cannot be 'nano'" in ran(terminal, "set editing nano")
        assert "is vi" in ran(terminal, "set editing vi")
        # vi: up to the beginning of the line, change the first word.
        prompted(terminal).send("hexp exit_codes\x1b")
        terminal.send("0")
        terminal.send("cehelp\x1b")
        terminal.until(lambda here: f"{PROMPT} help exit_codes" in joined(here))
        fresh(terminal)
        assert "is emacs" in ran(terminal, "set editing emacs --save")
        # emacs: Ctrl-A goes to the beginning.
        prompted(terminal).send("exit_codes")
        terminal.press("ctrl-a")
        terminal.send("help ")
        terminal.until(lambda here: f"{PROMPT} help exit_codes" in joined(here))
        fresh(terminal)
    assert 'editing = "emacs"' in (host.home / ".config/vshell/settings.toml").read_text()


@SIZES
def test_without_colour_nothing_is_coloured_and_mistakes_are_seen_all_the_same(
    host: Person, size: tuple[int, int]
) -> None:
    host.environment["NO_COLOR"] = "1"
    with at(host, size) as terminal:
        prompted(terminal).send("apitoken create --auto 18y")
        terminal.until(lambda here: "--auto: '18y'" in here.screen.display[-1])
        fresh(terminal)
        ran(terminal, "realm list --columns name")
        ran(terminal, "apitoken show --id 00000000")
        assert not COLOUR.search(terminal.written)
    del host.environment["NO_COLOR"]
    with at(host, size) as terminal:
        prompted(terminal).send("apitoken create --auto 18y")
        terminal.until(lambda here: "--auto: '18y'" in here.screen.display[-1])
        terminal.until(lambda here: COLOUR.search(here.written))
