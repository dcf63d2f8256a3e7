"""Scripts as a person starts them at a terminal, on a usual and on a small screen.

Issue "The prompt": "`set -e` manners by default, `--keep-going`, `--dry-run` for a whole file ..., `--jobs N` for
independent lines, a summary at the end, JSON report by `--report FILE`"; "progress with rate and time left on
everything longer than a second (batch files, bulk revoke, exports)".
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import Person
from tests.journeys.screens import SIZES, at, told
from tests.processes import Server
from tests.terminal import Terminal

SCRIPT = """apitoken create --owner root --name first
apitoken show --id 00000000
apitoken create --owner root --name second
"""


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host, with a script whose second line fails."""
    person = people.on_the_host(server, tmp_path / "host")
    (person.home / "a.vsh").write_text(SCRIPT)
    return person


def made(server: Server) -> list[str]:
    """Return the names of the tokens that there are."""
    return sorted(str(token["name"]) for token in server.call("GET", "/apitokens/").json())


@SIZES
@pytest.mark.parametrize(
    ("flags", "code", "names", "summary"),
    [
        ((), 3, ["first"], "a.vsh:2: there is no API token"),
        (("--keep-going",), 3, ["first", "second"], "1 failed"),
        (("--dry-run",), 3, [], "1 would fail"),
        (("--keep-going", "--jobs", "2"), 3, ["first", "second"], "1 failed"),
    ],
    ids=["stops", "keeps going", "rehearses", "jobs"],
)
def test_a_script_says_what_became_of_it(
    host: Person,
    server: Server,
    size: tuple[int, int],
    flags: tuple[str, ...],
    code: int,
    names: list[str],
    summary: str,
) -> None:
    with at(host, size, *flags, "--report", "report.json", "-f", "a.vsh") as terminal:
        assert terminal.wait() == code
        assert "".join(summary.split()) in "".join(told(terminal).split())
    assert made(server) == names
    report = [json.loads(line) for line in (host.home / "report.json").read_text().splitlines()]
    assert {fact["line"]: fact["exit_code"] for fact in report}[2] == 3
    assert not re.search(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}", json.dumps(report))


@SIZES
@pytest.mark.parametrize("named", [True, False], ids=["-f", "<"])
def test_a_long_script_shows_how_far_it_is(host: Person, size: tuple[int, int], *, named: bool) -> None:
    (host.home / "long.vsh").write_text("apitoken list --output ids\n" * 3_000)
    program = [*people.PROGRAM, *host.flags, *(("-f", "long.vsh") if named else ())]
    silent = ["sh", "-c", f'exec "$@" > /dev/null {"" if named else "< long.vsh"}', "sh", *program]
    columns, lines = size
    with Terminal(silent, host.environment, columns=columns, lines=lines, directory=str(host.home)) as terminal:
        terminal.until(
            lambda here: " 3,000" in here.line.replace("/", " ") and "/s" in here.line and "left" in here.line
        )
        assert len(terminal.line) < columns, "on one line"
        terminal.press("ctrl-c")
        assert terminal.wait() == 130
