"""Names that would steer a terminal, through every way out of the shell: no control byte reaches the screen raw.

Issue 4: "400 hostile names (CSI, OSC 8, OSC 52, C1, bidi, newlines) through every output, the menu, the toolbar
and the pager".

Our own server takes printable names alone and refuses all of these. So they are drawn directly, and
walked through the real program against a server that somebody else wrote.
"""

from __future__ import annotations

import fcntl
import io
import itertools
import json
import os
import pty
import re
import struct
import termios
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.people import Person
from tests.processes import Server
from tests.terminal import Terminal
from tests.vshell.web import Asked, Reply, serving
from vshell.errors import Failed, WrongPart, render
from vshell.formats import OUTPUT_FORMATS
from vshell.language.parsed_line import Pipeline
from vshell.output import Output
from vshell.output.pager import show_pages
from vshell.registry.view import Column, DisplayOptions, View
from vshell.run.redirection import redirect

HARM = [
    "\x1b[2J",
    "\x1b[31;5m",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]0;title\x07",
    "\x1bP+q544e\x1b\\",
    "\x1b[6n",
    "\x9b2J",
    "\x9d52;c;ZXZpbA==\x9c",
    "\x90q\x9c",
    "\x85",
    "\n+----+\n| forged",
    "\r\x1b[K",
    "\x08\x08\x08",
    "\x07",
    "\x00",
    "\x7f",
    "\x0e",
    "\t",
    "\x0b\x0c",
    "\u202eevil",
    "\u2066\u2069",
    "\u200f\u061c",
    "\u2028\u2029",
    "\u200b\ufeff",
    "\u00ad",
    "\U000e0041",
    "\ud800",
    "\ufffe",
]
AROUND = [
    "{}",
    "a{}",
    "{}b",
    "a{}b",
    "日本{}",
    "{} {}",
    "{}" * 3,
    "| {} |",
    "`{}`",
    "'{}'",
    "$({})",
    "%s{}",
    "{}\\",
    "--{}",
]
NAMES = [around.replace("{}", harm) for harm, around in itertools.product(HARM, AROUND)]
VIEW = View((Column("id"), Column("name"), Column("owner")), sentence="Made {id} {name}")
LIST = View((Column("id"), Column("name"), Column("owner")))
TREE = View((Column("id"), Column("name")), layout="tree")
# What the shell itself sends to draw: line ends, and the tab of tsv.
DRAWN = frozenset("\n\t")


def raw(text: str) -> set[str]:
    """Return the characters in a text that could steer a terminal."""
    return {character for character in text if not character.isprintable()} - DRAWN


class Screen(io.StringIO):
    """A stream that says it is a terminal of 80 by 24."""

    screen = os.terminal_size((80, 24))

    def isatty(self) -> bool:
        return True


def rows() -> list[dict[str, object]]:
    """Return records that are hostile in every field, one of each sort in the name of a field too."""
    records: list[dict[str, object]] = []
    for number, name in enumerate(NAMES):
        more: dict[str, object] = {name: {name: name}} if number % len(AROUND) == 0 else {}
        records.append({"id": name, "name": name, "owner": [name], "parent_id": None, "expiry_date": name, **more})
    return records


def test_there_are_four_hundred() -> None:
    assert len(set(NAMES)) >= 400
    assert all(raw(name) or "\t" in name or "\n" in name for name in NAMES)


@pytest.mark.parametrize("output", [None, *OUTPUT_FORMATS])
@pytest.mark.parametrize("view", [None, VIEW, LIST, TREE], ids=["bare", "sentence", "list", "tree"])
def test_no_output_lets_one_through(output: str | None, view: View | None) -> None:
    for result in (rows(), NAMES, *rows()[:: len(AROUND)], *NAMES[:: len(AROUND)]):
        for times in ("utc", "local", "relative"):
            screen, notes = Screen(), Screen()
            Output(screen, notes, times=times).show(result, view, DisplayOptions(output, times=times))
            assert raw(screen.getvalue()) == set()
            assert raw(notes.getvalue()) == set()
            if (
                times == "utc"
                and output in (None, "table", "csv", "tsv", "ids")
                and view is LIST
                and isinstance(result, list)
            ):
                assert "\n| forged" not in screen.getvalue().replace("| forged |", ""), "no row is forged"


@pytest.mark.parametrize("name", NAMES[:: len(AROUND)])
def test_no_message_lets_one_through(name: str) -> None:
    screen = Screen()
    out = Output(screen, screen)
    out.note(name)
    out.show(name)
    assert raw(screen.getvalue()) == set()
    wrong = WrongPart(f"There is no column {name}.", name, part=name)
    wrong.line, wrong.column = f"apitoken list --columns {name}", 24
    for error in (Failed(name, name), wrong):
        assert raw(render(error, place=name)) == set()


@pytest.mark.parametrize("output", OUTPUT_FORMATS)
def test_no_pipe_or_page_on_a_terminal_lets_one_through(output: str) -> None:
    screen = Screen()
    out = Output(screen, screen)
    with redirect(Pipeline(shell="cat"), out, None):
        out.show(rows(), LIST, DisplayOptions(output))
    assert raw(screen.getvalue()) == set()
    got = paged(output)
    assert raw(got.replace("\r\n", "\n")) == set()
    assert len(got) > 1_000


def paged(output: str) -> str:
    """Return what the pager of a terminal writes for all names."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        got: list[bytes] = []
        reader = threading.Thread(target=lambda: got.extend(iter(lambda: read(ours), b"")))
        reader.start()
        out = Output(terminal, io.StringIO())
        out.paging = partial(show_pages, {"TERM": "xterm", "PAGER": "cat"})
        out.show(rows(), LIST, DisplayOptions(output, paged=True))
    reader.join()
    os.close(ours)
    return b"".join(got).decode()


def read(handle: int) -> bytes:
    """Read from the master of a pty; nothing once the other end is closed."""
    try:
        return os.read(handle, 65_536)
    except OSError:
        return b""


def test_a_file_gets_the_values_of_programs_to_the_letter(tmp_path: Path) -> None:
    """A file is no terminal: what a program reads there is what the server said."""
    path = tmp_path / "f"
    out = Output(io.StringIO(), io.StringIO())
    with redirect(Pipeline(file=str(path)), out, None):
        out.show(rows(), LIST, DisplayOptions("json"))
    assert [row["name"] for row in json.loads(path.read_text())] == NAMES


# Through the real programs.

# What prompt_toolkit and we ourselves send; what is left may hold no control but line ends.
_SENT = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][0-2];[^\x07\x1b]*\x07|[\r\n\x08]")
LINES = (
    *(f"apitoken list --output {output}" for output in OUTPUT_FORMATS),
    "apitoken list\\G",
    "apitoken tree",
    "apitoken list --filter 'name~evil'",
    "apitoken list | match evil |! cat",
    "watch 1s --count 1 apitoken list",
    "apitoken show --id 42AgHvDi",
)


def test_our_server_takes_none_of_them_and_says_so_in_clean_text(server: Server) -> None:
    for name in NAMES:
        refused = server.call("POST", "/apitokens/", {"owner": "root", "name": name})
        assert refused.status_code == 400
        assert raw(json.dumps(refused.json(), ensure_ascii=False)) == set()


def hostile(asked: Asked) -> Reply:
    """Answer as a server would that somebody else wrote, or broke into."""
    if "/tree/" in asked.path or asked.path.partition("?")[0].endswith(("/apitokens/", "/forest/")):
        return Reply(body=rows())
    return Reply(404, {"detail": NAMES[0], "hint": NAMES[len(AROUND)], "code": "not_found"})


@pytest.mark.parametrize("columns", [80, 40])
def test_the_program_lets_none_through(tmp_path: Path, columns: int) -> None:
    with serving(hostile) as server:
        person = Person(tmp_path / "home", ("--server", server.url), {"VSHELL_TOKEN": "x" * 41})
        with person.at_a_terminal(columns=columns, lines=24) as terminal:
            for line in ("set pager never", *(LINES if columns == 80 else LINES[:1])):
                terminal.until(is_prompt)
                terminal.enter("clear")
                terminal.until(lambda here: is_prompt(here) and here.screen.cursor.y == 0)
                terminal.enter(line)
                terminal.until(lambda here: is_prompt(here) and here.screen.cursor.y > 0)
            terminal.send("apitoken show --id ")
            terminal.until(lambda here: r"\x" in here.text or "show --id" in here.line)
        sent = terminal.written.decode("utf-8", "replace")
        assert "evil" in sent
        assert "\x1b]52" not in sent
        assert "\x1b]8;" not in sent
        assert raw(_SENT.sub("", sent)) == set()


def is_prompt(terminal: Terminal) -> bool:
    """Tell whether an empty prompt waits."""
    return re.fullmatch(r"vshell(: \S+)?>", terminal.line) is not None
