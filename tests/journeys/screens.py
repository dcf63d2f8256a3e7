"""How journeys look at the prompt's screen, on the two sizes that issue "The prompt" names: 80x24 and 40x20."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.people import Person
from tests.terminal import Terminal

PROMPT = "vshell: local-admin>"
USUAL, SMALL = (80, 24), (40, 20)
SIZES = pytest.mark.parametrize("size", [USUAL, SMALL], ids=["80x24", "40x20"])


def at(person: Person, size: tuple[int, int], *arguments: str) -> Terminal:
    """Start the program on a screen of this size."""
    return person.at_a_terminal(*arguments, columns=size[0], lines=size[1])


def prompted(terminal: Terminal) -> Terminal:
    """Wait for an empty prompt, with the server's names at hand."""
    terminal.until(lambda here: here.line == PROMPT and "loading" not in here.text)
    return terminal


def fresh(terminal: Terminal) -> Terminal:
    """Give the line up and wait for an empty prompt."""
    terminal.press("ctrl-c")
    terminal.until(lambda here: here.line == PROMPT)
    return terminal


def ran(terminal: Terminal, line: str, *answers: str) -> str:
    """Run a line at an empty screen, answer what it asks, and return the words that then stand there."""
    prompted(terminal).enter("clear")
    terminal.until(lambda here: here.screen.cursor.y == 0 and here.line == PROMPT)
    terminal.enter(line)
    for answer in answers:
        terminal.until(lambda here: here.line.endswith(("[y/N]", "?", ":")))
        terminal.enter(answer)
    terminal.until(lambda here: here.screen.cursor.y > 0 and here.line in (PROMPT, ":"))
    shown = told(terminal)
    if terminal.line == ":":  # more than a screen comes in a pager
        terminal.send("q")
    return shown


def joined(terminal: Terminal) -> str:
    """Return the screen as one line, so that what is typed is found wherever it is broken."""
    return "".join(terminal.screen.display)


def told(terminal: Terminal) -> str:
    """Return the screen's words in one line, so that a sentence, which is broken at words, is found."""
    return " ".join(" ".join(terminal.screen.display).split())


def saying(text: str) -> Callable[[Terminal], bool]:
    """Return what tells whether a screen shows a text, wherever its lines are broken."""
    return lambda here: "".join(text.split()) in "".join(joined(here).split())


def toolbar(terminal: Terminal) -> str:
    """Return the lowest line."""
    return terminal.screen.display[-1]


def menu(terminal: Terminal) -> list[str]:
    """Return what is offered below the line, one text for each offer."""
    below = terminal.screen.display[terminal.screen.cursor.y + 1 : -1]
    return [words[0] for line in below if (words := line.split())]
