"""What is broken off at a real terminal, on a usual and on a small screen.

Issue "The prompt": "Ctrl-C cancels the line or the running request and leaves the prompt whole; Ctrl-D leaves; a
dropped server connection is retried once for reads, never for writes unless the request carries an idempotency key".
"""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import Person
from tests.journeys.screens import PROMPT, SIZES, at, prompted, ran, saying
from tests.processes import Server
from tests.vshell.web import Asked, Reply, serving


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host."""
    return people.on_the_host(server, tmp_path / "host")


@SIZES
def test_ctrl_c_ends_a_request_and_leaves_the_prompt_whole(host: Person, server: Server, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        prompted(terminal)
        server.process.send_signal(signal.SIGSTOP)
        try:
            terminal.enter("realm list --output ids")
            terminal.until(lambda here: here.line == "")
            terminal.press("ctrl-c")
            terminal.until(lambda here: here.line == PROMPT)
            assert "Traceback" not in terminal.text
        finally:
            server.process.send_signal(signal.SIGCONT)
        assert "local-admin" in ran(terminal, "whoami --columns username")
        terminal.press("ctrl-d")
        assert terminal.wait() in (0, 130)


@SIZES
def test_ctrl_c_at_a_question_changes_nothing(host: Person, server: Server, size: tuple[int, int]) -> None:
    made = server.create(owner="root")["id"]
    with at(host, size) as terminal:
        prompted(terminal).enter(f"apitoken revoke --id {made}")
        terminal.until(saying("[y/N]"))
        terminal.press("ctrl-c")
        terminal.until(lambda here: here.line == PROMPT)
        terminal.send("half a line")
        terminal.press("ctrl-c")
        terminal.until(lambda here: here.line == PROMPT)
        terminal.press("ctrl-d")
        terminal.wait()
    assert server.call("GET", f"/apitokens/{made}/").json()["revoked"] is False


@SIZES
def test_reads_are_sent_once_more_and_writes_only_with_a_key(tmp_path: Path, size: tuple[int, int]) -> None:
    """A server that drops the first connection of each kind of request."""
    seen: Counter[str] = Counter()
    keys: list[str | None] = []

    def answer(asked: Asked) -> Reply:
        kind = f"{asked.method} {asked.path.partition('?')[0]}"
        seen[kind] += 1
        if asked.method == "POST" and "apitokens" in kind:
            keys.append({name.lower(): value for name, value in asked.headers.items()}.get("idempotency-key"))
        if seen[kind] == 1 and "/names/" in kind:
            return Reply(drop=True)
        if "/names/" in kind:
            return Reply(body=[])
        if seen[kind] == 1 and asked.method == "POST":
            return Reply(drop=True)
        if asked.method == "POST":
            return Reply(201, {"id": "428BFekp", "token": "428BFekp.tDdKfDI3jVTPWyW12nxrsxTlhQ1QsvcS"})
        if asked.method == "PATCH":
            return Reply(drop=True)
        return Reply(body=[])

    with serving(answer) as server:
        person = Person(tmp_path / "home", ("--server", server.url), {"VSHELL_TOKEN": "x" * 41})
        with at(person, size) as terminal:
            terminal.until(lambda here: here.line.endswith(">"))
            terminal.enter("api GET /names/")
            terminal.until(lambda here: here.screen.cursor.y > 1 and here.line.endswith(">"))
            terminal.enter("apitoken create --owner root --name once")
            terminal.until(saying("has been created"))
            terminal.enter('api PATCH /changed/ \'{"name": "new"}\'')
            terminal.until(saying("connection"))
    paths = {kind.split(" ")[0] + " " + kind.rsplit("/", 2)[-2]: count for kind, count in seen.items()}
    assert paths["GET names"] == 2
    assert paths["POST apitokens"] == 2
    assert keys[0] is not None
    assert keys == [keys[0]] * 2, "the same key both times"
    assert paths["PATCH changed"] == 1
