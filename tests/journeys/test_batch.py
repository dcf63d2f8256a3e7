"""Scripts as their users run them: long ones by pipe, broken off, failing, with variables, and as vcli is called."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import people
from tests.journeys.people import PASSWORD, PROGRAM, Person, created
from tests.processes import Server

BLOCK = (
    "let t = apitoken create --owner root --name line-{n}",
    "# a comment about line {n}",
    "",
    "apitoken show --id $t.id --columns name,revoked --output csv",
    "nonsense-{n}",
    "apitoken revoke \\",
    "    --id ${{t.id}} --output ids  # the end of a continued line",
    "apitoken create --owner root --expiry-date {n}q",
    "let w = whoami",
    "apitoken show --id 00000000",
    "# ten more that need no server",
    "nonsense-again-{n}",
    "",
    "let s = show settings",
    "help --nonsense-{n}",
    "let h = help \\",
    "    exit_codes",
    "apitoken crate-{n}",
    "",
    "# the last of a block",
)
"""Twenty lines: four that the server answers, one that it refuses, mistakes, comments, and lines that need nobody."""

WRONG = (
    (5, "There is no command 'nonsense-{n}'."),
    (8, "--expiry-date: '{n}q' has an unknown unit;"),
    (10, 'there is no API token with the id "00000000"'),
    (12, "There is no command 'nonsense-again-{n}'."),
    (15, "help has no option '--nonsense-{n}'"),
    (18, "apitoken has no verb 'crate-{n}'"),
)
"""Which lines of a block fail, and what is told of them."""

STOPPED = re.compile(
    r"\S+:(?P<line>\d+): stopped by Ctrl-C (?:(?P<within>in this line; those before it are done, it may be)"
    r"|behind this line; it and those before it are done)\."
)


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host; root, for whom they make tokens, has no quota."""
    return people.on_the_host(server, tmp_path / "host")


def tokens(server: Server) -> list[dict[str, Any]]:
    """Return all of root's tokens, the oldest first."""
    found: list[dict[str, Any]] = server.call("GET", "/apitokens/?owner=root&archived=True").json()
    return sorted(found, key=lambda token: str(token["created"]))


def test_ten_thousand_mixed_lines_lose_none_and_keep_their_order(server: Server, host: Person) -> None:
    blocks = 500
    script = "\n".join(line.format(n=number) for number in range(blocks) for line in BLOCK) + "\n"
    assert script.count("\n") == 10_000
    began = time.monotonic()
    ran = host.run("--keep-going", stdin=script)
    print(f"{10_000 / (time.monotonic() - began):.0f} lines/s")  # for the report alone
    made = tokens(server)
    assert [token["name"] for token in made] == [f"line-{number}" for number in range(blocks)]
    assert all(token["revoked"] for token in made)
    expected = [["name,revoked", f"line-{number},false", made[number]["id"]] for number in range(blocks)]
    assert ran.out.splitlines() == [line for block in expected for line in block]
    places = [line for line in ran.err.splitlines() if line.startswith("<stdin>:")]
    wanted = [
        f"<stdin>:{len(BLOCK) * number + line}: {sentence.format(n=number)}"
        for number in range(blocks)
        for line, sentence in WRONG
    ]
    assert [told.startswith(want) for told, want in zip(places, wanted, strict=True)] == [True] * len(wanted)
    summary = f"{blocks * 12} lines: {blocks * 6} done, {blocks * 6} failed, "
    assert ran.err.splitlines()[-1].startswith(summary)
    assert ran.code == 2, "the exit code is the first failure's"


def creating_lines(path: Path) -> Path:
    """Write a script of 10,000 creates."""
    path.write_text("".join(f"apitoken create --owner root --name line-{n}\n" for n in range(1, 10_001)))
    return path


def require_consistent(server: Server, told: str, printed: int) -> None:
    """Check that what is stored is what was done up to the line that was told, and no line more or less."""
    stopped = STOPPED.search(told)
    assert stopped, told
    number = int(stopped["line"])
    stored = [token["name"] for token in tokens(server)]
    assert stored == [f"line-{n}" for n in range(1, len(stored) + 1)]
    assert len(stored) in ((number - 1, number) if stopped["within"] else (number,))
    assert printed in (len(stored) - 1, len(stored)), "what was printed was done"


@pytest.mark.parametrize("lines_before", [1, 40, 300])
def test_ctrl_c_in_the_middle_leaves_a_consistent_state(server: Server, host: Person, lines_before: int) -> None:
    script = creating_lines(host.home / "creates.vsh")
    with script.open() as lines:
        process = subprocess.Popen(
            [*PROGRAM, *host.flags],
            cwd=host.home,
            env=host.environment,
            stdin=lines,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert process.stdout is not None
    first = [process.stdout.readline() for _ in range(lines_before)]
    process.send_signal(signal.SIGINT)
    rest, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    printed = [created(line) for line in [*first, *rest.splitlines()]]
    require_consistent(server, told, len(printed))
    assert "Traceback" not in told
    assert host.did("apitoken", "list", "--output", "ids").split(), "the server goes on"


def test_ctrl_c_at_a_terminal_ends_the_script_and_not_the_embedded_server(tmp_path: Path) -> None:
    """The server that this script started serves another shell, which Ctrl-C must not touch."""
    host = Person(tmp_path / "home", ("--local",))
    creating_lines(host.home / "creates.vsh")
    other = host.start()
    assert other.stdin is not None
    assert other.stdout is not None
    with host.at_a_terminal("-f", "creates.vsh") as terminal:
        terminal.until(lambda here: here.text.count("ApiToken with id") >= 10)
        other.stdin.write("whoami --output json\n")
        other.stdin.flush()
        assert other.stdout.readline() == "{\n"
        terminal.press("ctrl-c")
        assert terminal.wait() == 130
        stopped = STOPPED.search(terminal.text)
        assert stopped, terminal.text
    other.stdin.write("apitoken list --columns name --output csv\n")
    out, err = other.communicate(timeout=60)
    assert (other.returncode, err) == (0, "")
    stored = [line for line in out.splitlines() if line.startswith("line-")]
    assert sorted(stored, key=lambda name: int(name[5:])) == [f"line-{n}" for n in range(1, len(stored) + 1)]
    assert int(stopped["line"]) - len(stored) in ((0, 1) if stopped["within"] else (0,))


@pytest.mark.parametrize(
    ("wrong", "code", "sentence"),
    [
        ("apitoken crate", 2, "apitoken has no verb 'crate'; did you mean create?"),
        ("apitoken create --owner nobody", 3, 'there is no manager named "nobody"'),
        ("apitoken show --id $t", 2, None),
        ("apitoken show --id $u.id", 2, None),
        ("source missing.vsh", 3, None),
        ("apitoken create --owner 'root", 2, None),
    ],
)
def test_the_first_failing_line_stops_the_script_and_is_named(
    wrong: str, code: int, sentence: str | None, server: Server, host: Person
) -> None:
    create = "apitoken create --owner root --name"
    (host.home / "night.vsh").write_text(f"# nightly\nlet t = {create} first\n\n{wrong}\n{create} later\n")
    ran = host.run("-f", "night.vsh")
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("night.vsh:4: " + (sentence or "")), ran.err
    assert "Traceback" not in ran.err
    assert [token["name"] for token in tokens(server)] == ["first"]
    piped = host.run(stdin=(host.home / "night.vsh").read_text())
    assert piped.code == code
    assert piped.err == ran.err.replace("night.vsh:4:", "<stdin>:4:")


def test_keeping_going_runs_the_rest_and_ends_with_the_first_failure(server: Server, host: Person) -> None:
    lines = ("apitoken create --owner root --name a", "apitoken show --id 00000000", "xyzzy", "whoami --output ids")
    ran = host.run("--keep-going", stdin="\n".join(lines))
    assert ran.code == 3
    assert [line[:10] for line in ran.err.splitlines() if line.startswith("<stdin>")] == ["<stdin>:2:", "<stdin>:3:"]
    assert ran.err.splitlines()[-1].startswith("4 lines: 2 done, 2 failed, ")
    assert created(ran.out.splitlines()[0])["id"] == tokens(server)[0]["id"]


def test_a_script_hands_a_token_to_its_own_later_lines(server: Server, host: Person) -> None:
    """``let t = ...`` then ``$t.id`` and ``$t.token``; the secret is printed only where the script says so."""
    script = """\
# Make a token, \\
let t = apitoken create --owner root --name 'rota ted' --expiry-date 30D
apitoken show --id $t.id --columns name,owner --output csv   # by its id
apitoken show \\
    --id "${t.id}" \\
    --columns id --output csv
apitoken show --id '$t.id'
api POST /apitokens/ '{"owner": "root", "name": "costs $5"}' --output ids
api POST /apitokens/verify/ "{\\"token\\": \\"$t.token\\"}" --output json
apitoken create --owner root --name $t.token
"""
    ran = host.run("--keep-going", stdin=script)
    made = {token["name"]: token for token in tokens(server)}
    first = made["rota ted"]
    assert ran.out.splitlines()[:4] == ["name,owner", "rota ted,root", "id", first["id"]]
    assert "<stdin>:7: " in ran.err, "nothing is replaced in single quotes"
    assert "costs $5" in made
    assert '"active": true' in ran.out
    assert f'"id": "{first["id"]}"' in ran.out
    assert "<stdin>:10: name holds a whole token" in ran.err
    assert not re.search(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}", ran.out + ran.err)


@pytest.mark.parametrize(
    "line", ["api GET /apitokens/$t.token/", "set color $t.token", "source $t.token", "help $t.token", "xyzzy $t.token"]
)
def test_no_error_tells_a_token_that_a_variable_brought_into_the_line(line: str, server: Server, host: Person) -> None:
    ran = host.run("-c", "let t = apitoken create --owner root", "-c", line)
    assert ran.code in (2, 3), ran
    assert not re.search(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}", ran.out + ran.err), ran
    assert not re.search(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}", (server.data / "stderr.log").read_text())


@pytest.mark.parametrize(
    "command", [["apitoken", "create", "--name", "two words"], ["apitoken create --name 'two words'"]]
)
def test_vclis_own_way_to_be_called(command: list[str], server: Server, tmp_path: Path) -> None:
    """``vcli -u USER -p PASSWORD -c COMMAND...``, unquoted and as one string; with a warning about the password."""
    assert server.call("PATCH", "/managers/2/password/", {"password": PASSWORD}).ok
    person = Person(tmp_path / "home", ("--server", server.url, "-u", "admin", "-p", PASSWORD, "-c"))
    ran = person.run(*command)
    token = server.call("GET", f"/apitokens/{created(ran.out)['id']}/").json()
    assert (ran.code, token["owner"], token["name"]) == (0, "admin", "two words")
    assert ran.err.startswith("A password on the command line can be seen by everybody on this machine;")
    assert PASSWORD not in ran.out + ran.err
