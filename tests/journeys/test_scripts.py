"""Scripts in their manners, with the real program.

Issue 4: "`set -e` manners by default, `--keep-going`, `--dry-run` for a whole file (every line is read, permissions and
quota asked of the server, nothing changed), `--jobs N` for independent lines, a summary at the end, JSON report by
`--report FILE`."
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import people
from tests.journeys.people import Person, hired
from tests.processes import Server, running

SETUP = """\
# A new colleague.
role create --name ci --permissions-list view_security
manager create --username bob --roles ci --max-api-tokens 2
let t = apitoken create --owner bob --name one
apitoken show --id $t.id
apitoken create --owner bob --name two
apitoken create --owner bob --name three
apitoken revoke --id $t.id
apitoken create --owner bob --name three
"""


@pytest.fixture(params=["sqlite", "postgres"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server on each engine."""
    flags: tuple[str, ...] = ()
    if request.param == "postgres":
        flags = ("--database", request.getfixturevalue("postgres_server").fresh_database())
    with running(tmp_path / "data", *flags) as started:
        yield started


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host."""
    return people.on_the_host(server, tmp_path / "host")


def everything(server: Server) -> list[Any]:
    """Return all managers, roles and tokens."""
    return [server.call("GET", path).json() for path in ("/managers/", "/roles/", "/apitokens/?archived=True")]


def test_a_dry_run_tells_what_the_run_itself_would_and_leaves_nothing(either: Server, tmp_path: Path) -> None:
    host = people.on_the_host(either, tmp_path / "host")
    (host.home / "setup.vsh").write_text(SETUP)
    before = everything(either)
    dry = host.run("--dry-run", "-f", "setup.vsh")
    assert everything(either) == before
    assert dry.code == 5
    assert [line.split()[0] for line in dry.out.splitlines()] == [f"setup.vsh:{n}:" for n in (2, 3, 4, 6, 8, 9)]
    assert dry.err.splitlines()[0] == "setup.vsh:7: bob has 2 live tokens and may have 2"
    assert re.search(r"^Dry run, nothing was changed\. 8 lines: 7 would be done, 1 would fail, ", dry.err, re.MULTILINE)
    real = host.run("--keep-going", "-f", "setup.vsh")
    assert real.code == dry.code
    assert real.err.splitlines()[:2] == dry.err.splitlines()[:2], "the run itself is told the same"


def test_a_dry_run_asks_for_the_rights_of_who_would_run_it(server: Server, tmp_path: Path) -> None:
    nobody = hired(server, tmp_path)
    ran = nobody.run("--dry-run", stdin=SETUP)
    assert ran.code == 4
    told = [line for line in ran.err.splitlines() if line.startswith("<stdin>:")]
    assert told[0].startswith("<stdin>:2: ")
    assert len(told) == 8, "what hangs on a refused line fails too"


@pytest.mark.parametrize("line", [("apitoken", "create", "--owner", "root"), ("-c", "apitoken create --owner root")])
def test_a_dry_run_of_one_line_does_not_do_it(line: tuple[str, ...], server: Server, host: Person) -> None:
    ran = host.run("--dry-run", *line)
    assert (ran.code, ran.out) == (0, "-c:1: POST /api/apitokens/ would be sent\n")
    assert server.call("GET", "/apitokens/?owner=root").json() == []


def test_jobs_do_all_of_it_once_and_print_it_in_order(server: Server, host: Person) -> None:
    names = [f"n{number}" for number in range(200)]
    script = "".join(f"apitoken create --owner root --name {name} --output csv\n" for name in names)
    ran = host.run("--jobs", "8", stdin=script)
    assert ran.code == 0, ran
    printed = [line.split(",")[0] for line in ran.out.splitlines() if not line.startswith("id,")]
    made = {token["id"]: token["name"] for token in server.call("GET", "/apitokens/?owner=root").json()}
    assert [made[token] for token in printed] == names
    assert ran.err.startswith("200 lines: 200 done, 0 failed, ")


def test_jobs_stop_at_the_first_failure_and_lose_no_token(server: Server, host: Person) -> None:
    lines = [f"apitoken create --owner root --name n{number} --output csv" for number in range(60)]
    lines[20] = "apitoken create --owner nobody"
    ran = host.run("--jobs", "4", stdin="\n".join(lines))
    assert ran.code == 3
    printed = [line.split(",")[0] for line in ran.out.splitlines() if not line.startswith("id,")]
    made = [token["id"] for token in server.call("GET", "/apitokens/?owner=root").json()]
    assert sorted(printed) == sorted(made), "what was made was shown"
    assert 20 <= len(made) < 59
    assert ran.err.startswith("<stdin>:21: there is no manager")


def test_the_report_says_of_each_line_what_became_of_it_and_no_secret(server: Server, host: Person) -> None:
    script = (
        "let t = apitoken create --owner root\n"
        "manager create --username bob --password 'Correct horse 1'\n\n"
        "apitoken show --id 00000000\n"
        "apitoken create --owner root --name '\n"
    )
    ran = host.run("--keep-going", "--report", "report.jsonl", stdin=script)
    path = host.home / "report.jsonl"
    facts = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(fact["line"], fact["exit_code"]) for fact in facts] == [(1, 0), (2, 0), (4, 3), (5, 2)]
    assert facts[0]["ids"] == [token["id"] for token in server.call("GET", "/apitokens/?owner=root").json()]
    assert facts[1]["text"] == "manager create --username bob --password ***"
    assert facts[2]["error"]
    assert all(fact["seconds"] > 0 for fact in facts)
    assert path.stat().st_mode & 0o777 == 0o600
    assert not re.search(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}|Correct horse", path.read_text())
    assert ran.err.splitlines()[-1].startswith("4 lines: 2 done, 2 failed, ")


def test_what_is_asked_of_scripts_wrongly_is_refused_before_anything_runs(server: Server, host: Person) -> None:
    for flags, sentence in (
        (("--jobs", "0"), "--jobs cannot be '0'."),
        (("--report", "no/such/place"), "The report no/such/place cannot be written: No such file or directory."),
    ):
        ran = host.run(*flags, stdin="apitoken create --owner root")
        assert ran.told == (2 if "--jobs" in flags else 1, sentence)
    assert server.call("GET", "/apitokens/?owner=root").json() == []


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20)])
def test_a_script_is_rehearsed_and_run_from_the_prompt(columns: int, lines: int, server: Server, host: Person) -> None:
    (host.home / "a.vsh").write_text("apitoken create --owner root --name x\nxyzzy\n")
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        terminal.until("vshell: local-admin>")
        terminal.enter("source a.vsh --dry-run")
        terminal.until(lambda here: "1 would fail" in " ".join(here.text.split()))
        assert "a.vsh:2: There is no command" in " ".join(terminal.text.split())
        assert server.call("GET", "/apitokens/?owner=root").json() == []
        terminal.enter("exit")
        terminal.wait()
