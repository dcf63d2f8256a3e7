"""People for journeys: each has a machine of their own (a home directory), a server, and a way to show who they are.

What they run is the real program, as a process or on a terminal, with nothing of the tests' environment in it.
"""

from __future__ import annotations

import base64
import itertools
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes import Server
from tests.terminal import Terminal

ROOT = Path(__file__).parent.parent.parent
PROGRAM = (sys.executable, "-m", "vshell")
PASSWORD = "Correct horse 1"
CREATED = re.compile(
    r"ApiToken with id: (?P<id>[0-9A-Za-z]{8}) has been created, "
    r"your token is: (?P<token>(?P=id)\.[0-9A-Za-z]{32}) please keep it safe"
)
"""The seed's line, to the letter."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run of the program ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> tuple[int, str]:
        """The exit code and the first line on standard error."""
        return self.code, self.err.split("\n", 1)[0]


@dataclass
class Person:
    """Somebody at a machine: ``flags`` stand before every line, ``environment`` is all that is set there."""

    home: Path
    flags: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    name: str = "local-admin"
    stdin: str = ""
    """What is read before a script: a password, with its line end."""
    directory: Path | None = None
    """Where the program runs; at home if not given."""

    def __post_init__(self) -> None:
        """Furnish the machine."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
            **self.environment,
        }

    def run(self, *arguments: str, stdin: str = "") -> Ran:
        """Run the program to its end."""
        return self.run_as([*PROGRAM, *self.flags, *arguments], stdin=stdin)

    def run_as(self, command: Sequence[str], *, stdin: str = "") -> Ran:
        """Run a command at this machine to its end."""
        done = subprocess.run(
            list(command),
            cwd=self.directory or self.home,
            env=self.environment,
            input=self.stdin + stdin,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def did(self, *arguments: str, stdin: str = "") -> str:
        """Run the program, make sure that all went well, and return what it printed."""
        ran = self.run(*arguments, stdin=stdin)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran.out

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program with pipes."""
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(
            [*PROGRAM, *self.flags, *arguments],
            cwd=self.directory or self.home,
            env=self.environment,
            text=True,
            **pipes,
        )

    def at_a_terminal(self, *arguments: str, columns: int = 200, lines: int = 40) -> Terminal:
        """Start the program on a terminal that is wide enough for the seed's line."""
        program = [*PROGRAM, *self.flags, *arguments]
        return Terminal(
            program, self.environment, columns=columns, lines=lines, directory=str(self.directory or self.home)
        )


def on_the_host(server: Server, home: Path) -> Person:
    """Return who sits on the server's own host: local-admin, without any credential."""
    return Person(home, ("--data", str(server.data)))


def hired(server: Server, home: Path, *permissions: str, **wishes: Any) -> Person:
    """Return a new manager with these permissions, who shows an API token from another machine."""
    name = f"person{next(_numbers)}"
    wish = {"username": name, "password": PASSWORD, "permissions_list": list(permissions), **wishes}
    made = server.call("POST", "/managers/", wish)
    assert made.status_code == 201, made.text
    token = server.create(owner=name)["token"]
    return Person(home / name, ("--server", server.url), {"VSHELL_TOKEN": token}, name)


def by_password(server: Server, home: Path, name: str) -> Person:
    """Return somebody who shows a name and a password that comes on standard input."""
    return Person(
        home / f"{name}-by-password", ("--server", server.url, "-u", name, "-p", "-"), {}, name, PASSWORD + "\n"
    )


def created(printed: str) -> dict[str, str]:
    """Return the id and the token of the seed's line, which must be all that was printed."""
    match = CREATED.fullmatch(printed.removesuffix("\n"))
    assert match, printed
    assert match["token"].endswith(checksum(match["token"][:-6])), "the last six characters are the checksum"
    return match.groupdict()


def issued_on(terminal: Terminal) -> dict[str, str]:
    """Wait for the seed's line on a screen and return its id and token."""
    terminal.until(lambda here: CREATED.search(here.text))
    return created(terminal.line_with("ApiToken with id"))


def checksum(body: str) -> str:
    """Return the CRC32 of a token's body in six digits of base 62, worked out by itself for the tests."""
    number = zlib.crc32(body.encode())
    return "".join(_DIGITS[number // 62**place % 62] for place in range(5, -1, -1))


def basic(name: str, secret: str) -> str:
    """Return the header value of HTTP Basic authentication."""
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()
