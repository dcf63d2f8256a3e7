"""The unmodified zcatalyst-cli 1.25.3 of Zoho Catalyst: token:generate, use, token:list, token:revoke at our server.

It is installed from npm once, into a directory of the user's cache or the one that ``VSHELL_ZCATALYST`` names; that
takes half a minute and 137 MB. Two of its own dependencies are asked for by tags that not every registry knows, so
their versions are given. The program itself prints whole tokens and ends with 0 whatever happens: what it printed and
what the server says are what is looked at.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import processes
from tests.journeys.approving import Visitor
from tests.journeys.people import PASSWORD
from tests.processes import Server

pytestmark = pytest.mark.xdist_group("zcatalyst")  # one process installs it

VERSION = "1.25.3"
PACKAGE = {
    "dependencies": {"zcatalyst-cli": VERSION},
    "overrides": {"@zcatalyst/container-plugin": "0.0.1-alpha.8", "@zcatalyst/cli-utils": "0.0.1-alpha.3"},
}
INSTALL_SECONDS = 300
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Catalyst:
    """The program with a home of its own, pointed at our server by its own environment variables."""

    program: Path
    home: Path
    server: Server
    environment: dict[str, str] = field(repr=False)

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Start it without anybody to ask."""
        return subprocess.Popen(
            [str(self.program), *words],
            env={**self.environment, **environment},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def say(self, *words: str, **environment: str) -> str:
        """Run it to its end and return what it printed, without colours."""
        with self.start(*words, **environment) as running:
            return _COLOUR.sub("", running.communicate(timeout=120)[0])


@pytest.fixture(scope="module")
def program() -> Path:
    """The program, installed if it is not yet."""
    npm = processes.needed("npm", "npm")
    named = os.environ.get("VSHELL_ZCATALYST")
    place = Path(named) if named else Path.home() / ".cache" / "vshell-tests" / f"zcatalyst-cli-{VERSION}"
    program = place / "node_modules" / ".bin" / "catalyst"
    if not program.exists():
        place.mkdir(parents=True, exist_ok=True)
        (place / "package.json").write_text(json.dumps(PACKAGE))
        command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=place, capture_output=True, timeout=INSTALL_SECONDS, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return program


@pytest.fixture
def catalyst(program: Path, tmp_path: Path) -> Iterator[Catalyst]:
    """The program at a server where dan has a token, by which it counts as signed in, and one for a project."""
    with processes.running(tmp_path / "data") as server:
        assert server.call("POST", "/managers/", {"username": "dan", "password": PASSWORD}).ok
        server.create(owner="dan", project="webshop")
        urls = {f"CATALYST_{name}_URL": server.url for name in ("AUTH", "ADMIN", "CONSOLE")}
        environment = {
            "HOME": str(tmp_path),
            "PATH": os.environ["PATH"],
            "CI": "1",
            "NO_UPDATE_NOTIFIER": "1",
            "X_ZC_CREDENTIAL_PATH": str(tmp_path / "credentials"),
            "CATALYST_TOKEN": server.create(owner="dan")["token"],
            "CATALYST_ORG": "1",
            "CATALYST_PROJECT": "webshop",
            "CATALYST_PROJECT_ID": "1",
        }
        yield Catalyst(program, tmp_path, server, {**environment, **urls})


def test_a_token_from_its_generation_to_its_end(catalyst: Catalyst) -> None:
    with catalyst.start("token:generate") as generating:
        assert generating.stdout is not None
        printed = ""
        while not (match := re.search(r"Enter the device verification code: (\S+) and click verify", printed)):
            line = generating.stdout.readline()
            assert line, printed
            printed += _COLOUR.sub("", line)
        assert f"Visit this URL on any device: \n\n{catalyst.server.url}/device\n" in printed
        dan = Visitor(catalyst.server, "dan")
        assert "Catalyst CLI" in dan.approve(match[1])
        dan.close()
        printed = _COLOUR.sub("", generating.communicate(timeout=120)[0])
    made = re.search(r"Token generated successfully : (m_(\w{8})\.\w{32})", printed)
    assert made, printed
    token, our_id = made[1], made[2]
    shown = catalyst.server.call("GET", f"/apitokens/{our_id}/").json()
    assert (shown["owner"], shown["kind"], shown["expiry_date"]) == ("dan", "device", None)

    listed = catalyst.say("token:list")
    assert token in listed
    its_id = re.search(r"│ ([0-9a-f]{6}) ", listed)
    assert its_id, listed

    assert "webshop" in catalyst.say("project:list", "--token", token)
    assert "webshop" in catalyst.say("project:list", CATALYST_TOKEN=token)
    own = {"HOME": str(catalyst.home / "elsewhere"), "X_ZC_CREDENTIAL_PATH": str(catalyst.home / "elsewhere")}
    assert "webshop" in catalyst.say("project:list", "--token", token, **own), "from any device"

    assert "Token revoked successfully" in catalyst.say("token:revoke", its_id[1])
    assert catalyst.server.call("GET", f"/apitokens/{our_id}/").json()["revoked"] is True
    # It still holds an access token that was got by the revoked one: that is refused too.
    for refused in (catalyst.say("project:list", "--token", token), catalyst.say("project:list", CATALYST_TOKEN=token)):
        assert "HTTP Error: 401" in refused
    assert "your tokens basket is empty" in catalyst.say("token:list")


def test_a_token_of_ours_as_it_is(catalyst: Catalyst) -> None:
    ours = catalyst.server.create(owner="dan", name="plain")
    assert "webshop" in catalyst.say("project:list", "--token", ours["token"])
    assert catalyst.server.call("PATCH", f"/apitokens/{ours['id']}/revoke/").ok
    assert "HTTP Error: 401" in catalyst.say("project:list", "--token", ours["token"])
