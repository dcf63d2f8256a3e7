"""A new token in the clipboard of a real terminal: issue 4, "shown once with one key to copy it (OSC 52 when the
terminal has it)". tmux is the terminal: with ``set-clipboard on`` what a program sends by OSC 52 is its newest buffer.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import CREATED, PROGRAM, Person
from tests.processes import Server, needed
from tests.terminal import Terminal
from tests.vshell.waiting import eventually

PROMPT = "vshell: local-admin>"
CLIPBOARD = re.compile(rb"\x1b\]52;[^;]*;")

Tmux = Callable[..., str]


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host."""
    return people.on_the_host(server, tmp_path / "host")


@pytest.fixture
def tmux(host: Person, tmp_path: Path) -> Iterator[Tmux]:
    """Return what speaks to a tmux of the test's own, in which nothing runs yet."""
    program, socket = needed("tmux", "tmux"), str(tmp_path / "tmux")

    def call(*words: str) -> str:
        command = [program, "-S", socket, "-f", "/dev/null", *words]
        return subprocess.run(command, env=host.environment, capture_output=True, text=True, check=False).stdout

    yield call
    call("kill-server")


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20)])
@pytest.mark.parametrize("clipboard", ["on", "off"])
def test_the_key_fills_the_buffer_of_a_tmux_that_takes_it(
    host: Person, tmux: Tmux, columns: int, lines: int, clipboard: str
) -> None:
    size = ("-x", str(columns), "-y", str(lines))
    tmux("start-server", ";", "set", "-s", "set-clipboard", clipboard, ";", "set", "-s", "exit-empty", "off")
    tmux("new-session", "-d", *size, "-c", str(host.home), *PROGRAM, *host.flags)

    def screen() -> str:
        return tmux("capture-pane", "-p", "-J")

    eventually(lambda: PROMPT in screen(), "the prompt")
    tmux("send-keys", "apitoken create --owner root", "Enter")
    eventually(lambda: "Ctrl-O sends the new token" in screen(), "the key's name")
    printed = CREATED.search(re.sub(r"\s+", " ", screen()))
    assert printed, screen()
    assert tmux("show-buffer") == ""
    tmux("send-keys", "C-o")
    eventually(lambda: "was sent to your clipboard" in " ".join(screen().split()), "what became of it")
    assert tmux("show-buffer") == (printed["token"] if clipboard == "on" else "")
    # It is not kept beyond the next line.
    tmux("delete-buffer")
    tmux("send-keys", "clear", "Enter")
    eventually(lambda: "was sent" not in screen(), "an empty screen")
    tmux("send-keys", "C-o", "# still here")
    eventually(lambda: "# still here" in screen(), "the keys behind it")
    assert tmux("show-buffer") == ""


def test_what_tmux_passes_on_reaches_the_terminal_around_it(host: Person, tmp_path: Path) -> None:
    """The person's own clipboard is that of the terminal in which tmux runs."""
    program = [needed("tmux", "tmux"), "-S", str(tmp_path / "tmux"), "-f", "/dev/null"]
    inside = [*program, "set", "-s", "set-clipboard", "on", ";", "new-session", "-c", str(host.home)]
    with Terminal([*inside, *PROGRAM, *host.flags], host.environment, columns=80, lines=24) as terminal:
        terminal.until(PROMPT)
        terminal.enter("apitoken create --owner root")
        terminal.until("Ctrl-O sends the new token")
        assert not CLIPBOARD.search(terminal.written)
        terminal.send("\x0f")
        terminal.until(lambda here: CLIPBOARD.search(here.written))
        terminal.press("ctrl-c")
        terminal.enter("exit")
        terminal.wait()
