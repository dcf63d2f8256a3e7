"""Names that would steer a terminal, at the real prompt on both screens: menu, hints, ``?``, toolbar, title, pager.

Issue 4: "400 hostile names ... through every output, the menu, the toolbar and the pager: no control byte reaches the
terminal raw". What the outputs make of them is in ``test_hostile_names``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.people import Person
from tests.journeys.screens import SIZES, at, menu, told, toolbar
from tests.journeys.test_hostile_names import HARM, NAMES, raw
from tests.processes import needed
from tests.terminal import Terminal
from tests.vshell.web import Asked, Reply, Web, serving

# What prompt_toolkit, less and we ourselves send; what is left may hold no control but line ends.
_SENT = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][0-2];[^\x07\x1b\x9c]*\x07|\x1b\([B0]|[\r\n\x08]")
_OURS = ("\x1b[2J", "\x1b[6n", "\r\x1b[K", "\x08\x08\x08", "\x07")
"""Of the harm what prompt_toolkit and less send themselves."""
_STEERING = [harm for harm in HARM if "\x1b" in harm and harm not in _OURS]
TITLE = re.compile(r"\x1b\][0-2];([^\x07]*)\x07")


def row(number: int) -> dict[str, object]:
    """Return a record whose id can be typed and whose every other field is hostile."""
    name = NAMES[number]
    fields = dict.fromkeys(("name", "owner", "path", "uuid", "username", "full_name", "codename", "title"), name)
    return {"id": f"N{number:04}xyz", **fields, "expiry_date": name, "revoked": False}


def answer(asked: Asked) -> Reply:
    """Answer as a server would that somebody else wrote, or broke into."""
    path = asked.path.partition("?")[0]
    if path.endswith("/login/"):
        return Reply(body={"username": "\x1b]0;e\x07", "expires_at": NAMES[4], "id": 1})
    if path.endswith("/nodes/"):
        return Reply(400, {"detail": NAMES[0] + "evil", "hint": NAMES[5], "code": "bad"})
    if path.endswith("/"):
        return Reply(body=[row(number) for number in range(len(NAMES))])
    return Reply(404, {"detail": NAMES[0], "hint": NAMES[1], "code": "not_found"})


@pytest.fixture
def server() -> Iterator[Web]:
    """A server whose every name is hostile."""
    with serving(answer) as web:
        yield web


@pytest.fixture
def person(server: Web, tmp_path: Path) -> Person:
    """Somebody who uses it."""
    return Person(tmp_path / "home", ("--server", server.url), {"VSHELL_TOKEN": "x" * 41})


def clean(terminal: Terminal) -> None:
    """Make sure that nothing was sent that could steer the terminal but by our own programs."""
    sent = terminal.written.decode("utf-8", "replace")
    for harm in _STEERING:
        assert harm not in sent, repr(harm)
    assert all(raw(title) == set() for title in TITLE.findall(sent))
    assert raw(_SENT.sub("", sent)) - {"\x07"} == set()


def is_prompt(terminal: Terminal) -> bool:
    """Tell whether an empty prompt waits; the name in it is hostile too."""
    return terminal.line.startswith("vshell") and terminal.line.endswith(">")


@SIZES
def test_all_of_them_pass_through_the_menu(person: Person, size: tuple[int, int]) -> None:
    with at(person, size) as terminal:
        terminal.until(lambda here: is_prompt(here) and "evil" in toolbar(here))  # all lists have come
        for ten in range(0, len(NAMES), 10):
            terminal.send(f"\x15apitoken show --id N{ten:04}"[:-1])
            wanted = {f"N{number:04}xyz" for number in range(ten, min(ten + 10, len(NAMES)))}
            terminal.until(lambda here, wanted=wanted: wanted <= set(menu(here)))
        terminal.press("ctrl-c")
        for typed in ("apitoken list --name ", "apitoken create --owner ", "node show --path ", "role show --name "):
            terminal.until(is_prompt)
            terminal.send(typed)
            terminal.until(lambda here, typed=typed: "".join(typed.split()) in "".join(told(here).split()))
            terminal.send("?")
            terminal.send("e")
            terminal.until(lambda here: "--" in here.text and "e" in here.line)
            terminal.press("ctrl-c")
        clean(terminal)


@SIZES
def test_who_and_what_went_wrong_in_prompt_toolbar_and_title(person: Person, size: tuple[int, int]) -> None:
    with at(person, size) as terminal:
        terminal.until(is_prompt)
        terminal.enter("set title on")
        terminal.until(lambda here: "title" in here.text and is_prompt(here))
        terminal.enter("node list")
        terminal.until(lambda here: "evil" in here.text)
        terminal.until(is_prompt)
        terminal.send("node show --path /")
        terminal.until(lambda here: "--path /" in here.text.replace("\n", ""))
        terminal.press("ctrl-c")
        terminal.until(is_prompt)
        terminal.send(f"apitoken create --owner 'x' --name '{NAMES[70].strip()[:3]}")
        terminal.press("ctrl-c")
        clean(terminal)


@SIZES
@pytest.mark.parametrize("output", ["table", "vertical", "json", "csv", "yaml", "markdown"])
def test_a_page_of_the_real_pager(person: Person, size: tuple[int, int], output: str) -> None:
    needed("less", "less")
    with at(person, size) as terminal:
        terminal.until(is_prompt)
        terminal.enter(f"apitoken list --output {output}")
        terminal.until(lambda here: here.line == ":")
        terminal.send("G")
        terminal.until(lambda here: here.line in ("(END)", ":") and "N0405xyz" in here.text.replace("\n", ""))
        terminal.send("q")
        terminal.until(is_prompt)
        clean(terminal)


@SIZES
def test_filters_rounds_and_pipes(person: Person, size: tuple[int, int]) -> None:
    with at(person, size) as terminal:
        terminal.until(is_prompt)
        for line in (
            "set pager never",
            "apitoken list | match evil | last 40",
            "apitoken list | except evil | first 40",
            "apitoken list --filter 'name~evil' | count",
            "watch 1s --count 2 apitoken list | last 40",
            "apitoken list\\G | last 40",
            "apitoken list --output jsonl |! tail -n 40",
        ):
            terminal.enter("clear")
            terminal.until(lambda here: is_prompt(here) and here.screen.cursor.y == 0)
            terminal.enter(line)
            terminal.until(lambda here: is_prompt(here) and here.screen.cursor.y > 0)
        clean(terminal)
