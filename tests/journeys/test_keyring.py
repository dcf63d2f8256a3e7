"""The keyring in every state, at a real terminal, on a usual and on a small screen.

Issue "The prompt": "Any state of the keyring (absent, locked, hanging, null, plaintext backend, wrong name): no wait
over 3.5 s, one line of text, never a plain file unasked".

The states are real ones: no session bus, a bus that takes the connection and never answers, gnome-keyring without a
keyring, with a locked one and with its process stopped, and what PYTHON_KEYRING_BACKEND may name. Only the plain-text
backend is played, by a class with the name of the real one.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import PASSWORD, Person
from tests.journeys.screens import SIZES, joined, told, toolbar
from tests.processes import Server, needed
from tests.terminal import Terminal

LIMIT_SECONDS = 3.5
WHY = {
    "absent": "none is running",
    "silent bus": "none is running",
    "hanging": "it did not answer in 3 seconds",
    "null": "keyring.backends.null.Keyring keeps nothing",
    "plaintext": "keyrings.alt.file.PlaintextKeyring keeps secrets as plain text",
    "wrong name": "PYTHON_KEYRING_BACKEND names a backend that is not there",
    "not made": "none has been made yet",
    "locked": "it is locked",
}
SESSION = """exec 3>&2; exec dbus-run-session -- sh -c '{before} exec "$@" 2>&3 3>&-' sh "$@" 2>/dev/null"""
"""Runs a program in a session of its own; what the bus and its services say there is no part of the screen."""
STOPPED = (
    "printf ci | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 3>&- & "
    "echo $! > $XDG_RUNTIME_DIR/daemon; "
    f'until {sys.executable} -c "from vshell.state import keyring_store; keyring_store.check()" 2>/dev/null; '
    "do :; done; "
    "kill -STOP $(cat $XDG_RUNTIME_DIR/daemon);"
)
"""Starts a keyring that works, and stops its process: the bus knows it, and it answers no more."""
BACKENDS = {
    "null": "keyring.backends.null.Keyring",
    "plaintext": "tests.vshell.keyring_backends.PlaintextKeyring",
    "wrong name": "no.such.Backend",
}


@dataclass
class Laptop:
    """A machine with its keyring in one state: how programs are started there, and why the keyring will not do."""

    person: Person
    wrapper: tuple[str, ...]
    why: str

    def terminal(self, size: tuple[int, int]) -> Terminal:
        """Start the shell on a screen of this size."""
        program = (*self.wrapper, *people.PROGRAM, *self.person.flags)
        columns, lines = size
        home = str(self.person.home)
        return Terminal(program, self.person.environment, columns=columns, lines=lines, directory=home)

    def run(self, *arguments: str) -> tuple[people.Ran, float]:
        """Run one line without a terminal; return how it went and the seconds that it took."""
        began = time.monotonic()
        ran = self.person.run_as((*self.wrapper, *people.PROGRAM, *self.person.flags, *arguments))
        return ran, time.monotonic() - began


@pytest.fixture(params=list(WHY))
def laptop(request: pytest.FixtureRequest, shared_server: Server, tmp_path: Path) -> Iterator[Laptop]:
    """A machine with its keyring in each state in turn, and a manager who may sign in from there."""
    assert shared_server.call("PATCH", "/managers/2/password/", {"password": PASSWORD}).ok
    state: str = request.param
    home = tmp_path / "laptop"
    environment = {"XDG_RUNTIME_DIR": str(tmp_path)}
    wrapper: tuple[str, ...] = ()
    with ExitStack() as afterwards:
        if state in BACKENDS:
            environment["PYTHON_KEYRING_BACKEND"] = BACKENDS[state]
        elif state == "silent bus":
            silent = afterwards.enter_context(closing(socket.socket(socket.AF_UNIX)))
            silent.bind(str(tmp_path / "bus"))
            silent.listen()
            environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={tmp_path / 'bus'}"
        elif state != "absent":
            needed("gnome-keyring-daemon", "gnome-keyring")
            needed("dbus-run-session", "dbus")
            wrapper = ("sh", "-c", SESSION.format(before=STOPPED if state == "hanging" else ""), "sh")
            afterwards.callback(end_the_daemon, tmp_path / "daemon")
        person = Person(home, ("--server", shared_server.url), environment)
        if state == "locked":
            make_a_keyring(person)
        yield Laptop(person, wrapper, WHY[state])


def end_the_daemon(pid_file: Path) -> None:
    """End the keyring that was started, which is stopped and would stay so."""
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int(pid_file.read_text()), signal.SIGKILL)


def make_a_keyring(person: Person) -> None:
    """Make the person's first keyring, in a session that then ends: in the next one it is locked."""
    made = (
        "printf ci | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
        f'exec {sys.executable} -c \'from vshell.state import keyring_store; keyring_store.write("a", "b", "c")\''
    )
    command = ("dbus-run-session", "--", "sh", "-c", made)
    subprocess.run(command, env=person.environment, check=True, capture_output=True, timeout=60)


def remember_a_session(person: Person) -> None:
    """Let the person's shell remember that a session is kept in the keyring."""
    state = person.home / ".local/state/vshell/state.json"
    state.parent.mkdir(parents=True)
    state.touch(mode=0o600)
    state.write_text(f'{{"sessions": {{"{person.flags[1]}": {{"store": "keyring", "username": "bob"}}}}}}')


def kept_in(home: Path) -> list[Path]:
    """Return the files in which a keyring or the shell could have put a session in plain text."""
    return [*home.rglob("*.cfg"), *(home / ".config/vshell").glob("sessions/*")]


@SIZES
def test_what_is_wrong_is_said_once_and_the_prompt_waits_for_nothing(laptop: Laptop, size: tuple[int, int]) -> None:
    remember_a_session(laptop.person)
    with laptop.terminal(size) as terminal:
        terminal.until(lambda here: here.line == "vshell>")  # before the keyring is asked
        began = time.monotonic()
        terminal.send("help exit_")
        terminal.until(lambda here: f"cannot be used: {laptop.why}." in told(here))
        assert time.monotonic() - began < LIMIT_SECONDS + 1
        terminal.until(lambda here: f"keyring: {laptop.why}" in toolbar(here) or "no keyring" in toolbar(here))
        assert told(terminal).count("cannot be used") == 1
        terminal.until(lambda here: "> help exit_" in joined(here))  # what is typed meanwhile stays
        assert "Traceback" not in terminal.text
    assert kept_in(laptop.person.home) == []


@SIZES
def test_a_sign_in_asks_before_it_keeps_a_plain_file(laptop: Laptop, size: tuple[int, int]) -> None:
    with laptop.terminal(size) as terminal:
        terminal.until(lambda here: here.line == "vshell>")
        terminal.enter("login --username admin")
        terminal.until(lambda here: f"There is no keyring to use: {laptop.why}." in told(here))
        terminal.until(lambda here: told(here).endswith("readable only by you? [y/N]"))
        terminal.enter("")
        terminal.until(lambda here: "Password of admin" in here.text)
        terminal.enter(PASSWORD)
        terminal.until(lambda here: "until this shell ends" in told(here))
        terminal.until(lambda here: here.line == "vshell: admin>")
        terminal.press("ctrl-d")
        terminal.wait()
    assert kept_in(laptop.person.home) == []


def test_a_script_never_keeps_a_plain_file_and_waits_no_longer(laptop: Laptop, tmp_path: Path) -> None:
    ran, seconds = laptop.run("login", "--username", "admin")
    assert ran.code != 0
    assert laptop.why in ran.err
    assert "Traceback" not in ran.err
    _, usual = laptop.run("help", "exit_codes")
    assert seconds < LIMIT_SECONDS + usual + 1, "the import of keyring itself included"
    assert kept_in(laptop.person.home) == []
    remember_a_session(laptop.person)
    ran, seconds = laptop.run("whoami")
    assert ran.code != 0
    assert ran.err.count(laptop.why) == 1
    assert seconds < LIMIT_SECONDS + usual + 1
