"""The README's lines, each typed where the README says, in their order, and held to what is printed there.

A line behind ``vshell: local-admin>`` is typed at a prompt, one behind ``$`` in a second terminal. What comes must be
what is printed below the line: nothing more, nothing less. Ids, secrets, dates and ports differ each time. The first
time that one comes it stands for the printed one, and is typed in its place from then on.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.journeys.people import PASSWORD, ROOT
from tests.journeys.screens import PROMPT
from tests.processes import free_port, needed
from tests.terminal import Terminal

README = (ROOT / "README.rst").read_text(encoding="utf-8")
LONGEST = 160
SHELL = "$"
SCREEN = {"columns": 130, "lines": 40}
MORE = "..."
QUESTION = re.compile(r"(?P<asked>.*(?:\[y/N\]|\(empty for none\):)) ?(?P<answer>.*)")
DIFFERS = re.compile(
    r"(?P<token>\b[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}\b)"
    r"|(?P<id>\b4[0-9A-Za-z]{7}\b)"
    r"|(?P<port>(?<=127\.0\.0\.1:)[0-9]{5})"
    r"|(?P<date>\b[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\b|\b[A-Z][a-z]+, [0-9]{2}-[A-Z][a-z]{2}-[0-9]{2} [0-9:]{8}\b)"
    r"|(?P<seconds>\b[0-9]+\.[0-9](?= seconds))"
)
SHAPES = {
    "token": r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}",
    "id": r"[0-9A-Za-z]{8}",
    "port": r"[0-9]{4,5}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}|[A-Z][a-z]+, [0-9]{2}-[A-Z][a-z]{2}-[0-9]{2} [0-9:]{8}",
    "seconds": r"[0-9]+\.[0-9]",
}
LASTING = ("token", "id", "port")
"""What is the same thing wherever it is printed again."""


class Step(NamedTuple):
    """A line that is typed, where, and what is printed below it."""

    place: str
    line: str
    printed: tuple[str, ...]

    @property
    def questions(self) -> list[re.Match[str]]:
        """The questions among what is printed, each with its answer."""
        return [asked for line in self.printed if (asked := QUESTION.fullmatch(line))]


def section(title: str) -> str:
    """Return the text of a section of the README."""
    found = re.search(rf"^{re.escape(title)}\n-+\n(.*?)(?=^[^\n]+\n-+\n|\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.rst has no section {title}"
    return found[1]


def steps(text: str) -> Iterator[Step]:
    """Yield what the literal blocks of a text have one type; each block begins with such a line."""
    for block in re.findall(r"(?<=::\n\n)(?: {4}.*\n|\n(?= {4}))+", text):
        typed: tuple[str, str] | None = None
        printed: list[str] = []
        for line in [row.removeprefix("    ") for row in block.rstrip("\n").split("\n")]:
            place = next((each for each in (PROMPT, SHELL) if line.startswith(f"{each} ")), None)
            if place is None:
                printed.append(line)
                continue
            if typed:
                yield Step(*typed, tuple(printed))
            typed, printed = (place, line.removeprefix(f"{place} ")), []
        assert typed, f"nothing is typed in this block:\n{block}"
        yield Step(*typed, tuple(printed))


class Tour:
    """Two terminals at one machine, and what came for the ids, secrets and ports that are printed."""

    def __init__(self, home: Path, *prompt: str) -> None:
        home.mkdir(exist_ok=True)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {"HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "TZ": "UTC"}
        environment["PS1"] = f"{SHELL} "
        self.places = {SHELL: Terminal(["bash", "--norc", "--noprofile"], environment, directory=str(home), **SCREEN)}
        if prompt:
            self.places[PROMPT] = Terminal([*prompt], environment, directory=str(home), **SCREEN)
        self.came: dict[str, str] = {}

    def __enter__(self) -> Tour:
        return self

    def __exit__(self, *exception: object) -> None:
        for terminal in self.places.values():
            terminal.close()

    def take(self, step: Step) -> None:
        """Type a line, answer its questions as printed, and compare what came with what is printed."""
        questions = [(self._pattern(question["asked"]), question["answer"]) for question in step.questions]
        self._compare(step, self.run(step.place, self._typed(step.line), *questions))

    def run(self, place: str, line: str, *questions: tuple[str, str]) -> list[str]:
        """Type a line on an empty screen, answer its questions, each by its pattern, and return what came."""
        terminal = self.places[place]
        terminal.until(lambda here: here.line == place)
        if terminal.screen.cursor.y == 0:  # a cleared screen must be told from the first one
            terminal.press("enter")
            terminal.until(lambda here: here.screen.cursor.y > 0 and here.line == place)
        terminal.enter("clear")
        terminal.until(lambda here: here.screen.cursor.y == 0 and here.line == place)
        terminal.enter(line)
        for row, (asked, answer) in enumerate(questions):
            terminal.until(_asks(asked, row))
            terminal.enter(answer)
        terminal.until(lambda here: here.screen.cursor.y > 0 and here.line == place)
        first, *came = terminal.text[: terminal.text.rindex(f"\n{place}")].split("\n")
        assert first == f"{place} {line}"
        return came

    def _typed(self, line: str) -> str:
        """Return a line with what came in the place of what is printed."""
        return DIFFERS.sub(lambda printed: self.came.get(printed[0], printed[0]), line)

    def _pattern(self, printed: str) -> str:
        """Return what fits a printed line: by its shape where that differs and has not come yet."""
        pattern, at, new = "", 0, set()
        for found in DIFFERS.finditer(printed):
            kind = str(found.lastgroup)
            pattern += re.escape(printed[at : found.start()])
            if kind not in LASTING:
                pattern += f"(?:{SHAPES[kind]})"
            elif found[0] in self.came:
                pattern += re.escape(self.came[found[0]])
            elif found[0] in new:
                pattern += f"(?P={_group(found[0])})"
            else:
                new.add(found[0])
                pattern += f"(?P<{_group(found[0])}>{SHAPES[kind]})"
            at = found.end()
        return pattern + re.escape(printed[at:])

    def _compare(self, step: Step, came: list[str]) -> None:
        shown = "\n".join(came)
        wrong = f"{step.place} {step.line}\nprints\n{shown}\nand README.rst says\n" + "\n".join(step.printed)
        left = list(came)
        for printed in step.printed:
            if printed == MORE:
                assert left, wrong
                left = []
                continue
            fits = re.fullmatch(self._pattern(printed), left.pop(0)) if left else None
            assert fits, wrong
            for found in DIFFERS.finditer(printed):
                if found.lastgroup in LASTING and found[0] not in self.came:
                    self.came[found[0]] = fits[_group(found[0])]
        assert not left, wrong


def _asks(pattern: str, row: int) -> Callable[[Terminal], object]:
    """Return what tells whether a question that fits stands at the cursor, below a row."""
    return lambda here: here.screen.cursor.y > row and re.fullmatch(pattern, here.line)


def _group(printed: str) -> str:
    return "came_" + re.sub(r"\W", "_", printed)


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= LONGEST


def test_the_tour_runs_as_it_is_printed(tmp_path: Path) -> None:
    needed("curl", "curl")
    walked = [*steps(section("A short tour")), *steps(section("Other programs"))]
    assert {step.place for step in walked} == {PROMPT, SHELL}
    with Tour(tmp_path / "home", "vshell", "--local") as tour:
        for step in walked:
            tour.take(step)


def test_what_is_printed_wrong_is_found(tmp_path: Path) -> None:
    """The test above fails where a line fails, prints something else, prints more, or prints nothing."""
    with Tour(tmp_path / "home") as tour:
        tour.take(Step(SHELL, "echo 428BFekp", ("428BFekp",)))
        for line, printed in (
            ("echo 1", ("2",)),
            ("echo 1; echo 2", ("1",)),
            ("echo 1", ("1", "2")),
            ("true", (MORE,)),
            ("nosuchprogram", ()),
            ("echo 428BFekq", ("428BFekp",)),
        ):
            with pytest.raises(AssertionError, match=r"README\.rst says"):
                tour.take(Step(SHELL, line, printed))


def test_the_server_for_others_is_set_up_as_it_is_printed(tmp_path: Path) -> None:
    """The lines as they are printed, but for the addresses: a free port of this machine's."""
    port = free_port()
    printed = section("The server for others")
    for address, ours in (("0.0.0.0:8443", f"127.0.0.1:{port}"), ("//server:8443", f"//localhost:{port}")):
        assert address in printed
        printed = printed.replace(address, ours)
    start, password, *elsewhere = [step.line for step in steps(printed)]
    host, client = tmp_path / "host", tmp_path / "client"
    with Tour(host) as serving, Tour(host) as beside, Tour(client) as guest:
        serving.places[SHELL].enter(start)
        try:
            serving.places[SHELL].until(f"listening on https://127.0.0.1:{port}")
            beside.run(SHELL, password, (".*password.*:", PASSWORD), (".*again.*:", PASSWORD))
            shutil.copy(host / ".local/share/vshell/tls/certificate.pem", client)
            for line in elsewhere[:-1]:
                guest.run(SHELL, line)
            guest.run(SHELL, elsewhere[-1], ("Password of admin at .*:", PASSWORD))
            guest.take(Step(SHELL, "vshell whoami --columns username --output tsv", ("username", "admin")))
        finally:
            serving.places[SHELL].press("ctrl-c")
            serving.places[SHELL].until(lambda here: here.line == f"^C{SHELL}")
