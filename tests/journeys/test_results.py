"""Results at a real terminal, wide and narrow: tables that fit, filters, files, pages, rounds, progress.

Issue 4: "tables that fit the terminal (columns shortened in the middle, never wrapped into garbage; wide characters
right), \\G, --filter, built-in filters without a process, |! to a real command, > file, pager for more than a screen,
watch redraws with differences marked".
"""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from tests.benchmarks import filling
from tests.journeys import people
from tests.journeys.people import Person
from tests.processes import Server, needed
from tests.terminal import Terminal
from vshell.terminal.widths import width

PROMPT = "vshell: local-admin>"
SIZES = [(80, 24), (40, 20)]
WIDE = "日本語のトークンの名前"


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host, where bob has three tokens."""
    assert server.call("POST", "/managers/", {"username": "bob"}).ok
    server.create(owner="bob", name="the nightly backup of the whole house", expiry_date="3D")
    server.create(owner="bob", name=WIDE, expiry_date="30D")
    server.create(owner="root", name="plain")
    return people.on_the_host(server, tmp_path / "host")


def prompted(terminal: Terminal) -> Terminal:
    """Wait for an empty prompt."""
    terminal.until(lambda here: here.line == PROMPT)
    return terminal


def ran(terminal: Terminal, line: str) -> list[str]:
    """Run a line at an empty screen and return what stands there afterwards, without the line itself."""
    prompted(terminal).enter("clear")
    terminal.until(lambda here: here.screen.cursor.y == 0 and here.line == PROMPT)
    terminal.enter(line)
    terminal.until(lambda here: here.screen.cursor.y > 0 and here.line == PROMPT)
    return terminal.text.split("\n")


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_a_list_fits_the_terminal(host: Person, columns: int, lines: int) -> None:
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        shown = ran(terminal, "apitoken list | except plain | last 1")
        grid = [line for line in shown if line.startswith(("|", "+"))]
        assert {width(line) for line in grid} == {width(grid[0])}, "every line of the grid is as wide"
        assert width(grid[0]) <= columns
        if columns == 80:
            assert any("…" in line and line.startswith("| 4") for line in grid), "shortened in the middle"
        else:
            assert any(line.startswith("| Expiry-date") for line in grid), "one field on a line"


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_a_new_token_is_never_parted_and_the_words_around_it_are_whole(host: Person, columns: int, lines: int) -> None:
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        shown = ran(terminal, "apitoken create --owner bob")
        if columns == 80:
            assert people.CREATED.search(" ".join(shown))
            return
        begin = next(number for number, line in enumerate(shown) if line.startswith("ApiToken with id: "))
        assert shown[begin].endswith(" has been")
        assert shown[begin + 1] == "created, your token is:"
        token = shown[begin + 2] + shown[begin + 3]  # the terminal itself goes on in its next line
        assert len(shown[begin + 2]) == columns
        assert token.endswith(people.checksum(token[:-6]))
        assert shown[begin + 4] == "please keep it safe"


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_wide_letters_stand_in_line(host: Person, columns: int, lines: int) -> None:
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        ran(terminal, f"apitoken list --name {WIDE} --columns id,name")
        grid = [number for number in range(lines) if terminal.screen.display[number].startswith(("|", "+"))]
        edges = {max(c for c in range(columns) if terminal.screen.buffer[n][c].data in "|+") for n in grid}
        assert len(grid) == 5
        assert len(edges) == 1


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_filters_conditions_and_backslash_g(host: Person, columns: int, lines: int) -> None:
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        assert "2" in ran(terminal, "apitoken list | match bob | count")
        shown = ran(terminal, "apitoken list --filter 'owner=bob expiry_date<7D'\\G | first 1")
        assert any(line.startswith("| Name ") and "the nightly" in line for line in shown)
        shown = ran(terminal, "apitoken list --times relative --columns id,expiry_date")
        assert any("in 29 days" in line for line in shown)
        shown = ran(terminal, "apitoken list --filter ownr=bob")
        number = next(n for n, line in enumerate(shown) if line.strip() == "^")
        assert "no column 'ownr'" in "".join(shown)
        assert columns == 40 or shown[number].find("^") == shown[number - 1].find("ownr")


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_files_are_asked_about_and_private(host: Person, columns: int, lines: int) -> None:
    path = host.home / "t"
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        ran(terminal, "apitoken create --owner bob > t")
        assert path.read_text().startswith("ApiToken with id")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "your token is" not in terminal.text
        for answer, there in (("n", True), ("y", False)):
            prompted(terminal).enter("apitoken list --output ids > t")
            terminal.until(lambda here: here.line.endswith("[y/N]"))
            terminal.enter(answer)
            terminal.until(lambda here: here.line == PROMPT)
            assert path.read_text().startswith("ApiToken") is there


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_a_command_of_the_system_takes_the_result(host: Person, columns: int, lines: int) -> None:
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        shown = ran(terminal, "apitoken list --output csv |! cut -d, -f2 | sort | head -1")
        assert "name" in shown
        ran(terminal, "apitoken list --output vertical |! cat > copy")
        assert (host.home / "copy").read_text().count("| ID ") == 3
        assert "ended with exit code 3" in " ".join(ran(terminal, "apitoken list |! exit 3"))


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_what_is_longer_than_the_screen_is_paged(host: Person, server: Server, columns: int, lines: int) -> None:
    needed("less", "less")
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        prompted(terminal).enter("help output")
        terminal.until(lambda here: here.line == ":")
        assert "Formats of results" in terminal.text
        terminal.send("q")
        prompted(terminal).enter("set pager never")
        terminal.until("The setting pager is never")
        prompted(terminal).enter("help output")
        terminal.until(lambda here: "repeated." in here.text and here.line == PROMPT)


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_a_watch_marks_what_is_new_and_leaves_the_prompt_whole(
    host: Person, server: Server, columns: int, lines: int
) -> None:
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        prompted(terminal).enter("watch 1s apitoken list --owner bob | count")
        terminal.until("every 1 s: apitoken")
        terminal.until(lambda here: here.screen.display[1].strip() == "2")
        server.create(owner="bob", name="another")
        terminal.until(lambda here: here.screen.display[1].strip() == "3" and here.screen.buffer[1][0].reverse)
        terminal.press("ctrl-c")
        prompted(terminal).enter("whoami --columns username")
        terminal.until("| Username | local-admin")
        prompted(terminal)


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_the_first_rows_of_a_long_list_are_there_at_once(
    server: Server, tmp_path: Path, columns: int, lines: int
) -> None:
    """Issue 4: "with the first rows at once", and the last one at the end of what is paged."""
    needed("less", "less")
    filling.fill(server.data, 3_001)
    with people.on_the_host(server, tmp_path / "host").at_a_terminal(columns=columns, lines=lines) as terminal:
        prompted(terminal).enter("apitoken list --columns id,owner")
        terminal.until("| 00000000 | root  |")
        terminal.send("G")
        terminal.until("| 00003000 | root  |")
        terminal.send("q")
        ran(terminal, "apitoken list --columns id,owner | count")
        assert terminal.line_with("3001") == "3001"


@pytest.mark.parametrize(("columns", "lines"), SIZES)
@pytest.mark.parametrize("line", ["role create --name ci", "doctor"])
def test_a_server_that_hangs_is_told_of_and_ctrl_c_stops_waiting(
    tmp_path: Path, line: str, columns: int, lines: int
) -> None:
    """Issue 4: "Progress ... on everything longer than a second"; "Ctrl-C cancels ... the running request"."""
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        person = Person(tmp_path / "home", ("--server", url), {"VSHELL_TOKEN": "t"})
        with person.at_a_terminal(*line.split(), columns=columns, lines=lines) as terminal:
            terminal.until("Waiting")
            assert "Ctrl-C stops waiting" in terminal.line
            assert ("not what was sent" in terminal.line) == ("create" in line and columns == 80)
            terminal.press("ctrl-c")
            assert terminal.wait() == 130
            assert "Waiting" not in terminal.text, "the line is gone"


def test_a_script_shows_how_far_it_is(host: Person, tmp_path: Path) -> None:
    script = tmp_path / "lines"
    script.write_text("apitoken list --output ids\n" * 3_000)
    program = [*people.PROGRAM, *host.flags, "-f", str(script)]
    with Terminal(["sh", "-c", 'exec "$@" > /dev/null', "sh", *program], host.environment) as terminal:
        terminal.until(lambda here: "lines: " in here.line and "/s" in here.line)
        terminal.press("ctrl-c")
        assert terminal.wait() == 130
        assert "stopped by Ctrl-C" in terminal.text
