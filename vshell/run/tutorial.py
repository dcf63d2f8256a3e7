"""The tutorial: the person types real lines at the real prompt, and is told after each what comes next.

What is taught stands in ``help/tutorial.toml``. A line counts for a step when it is that step's command with its
options; any other line runs as ever. Nothing is typed for the person, and they may skip a step or leave at any time.
"""

from __future__ import annotations

import shutil
import textwrap
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from vshell.errors import Failed
from vshell.formats.text import visible
from vshell.state import trust

if TYPE_CHECKING:
    from vshell.language.parsed_line import ParsedLine
    from vshell.session import Session

WIDEST = 100


class TutorialStep(NamedTuple):
    """One step; ``keeps`` names fields of the result for the lines of later steps."""

    text: str
    line: str
    command: str
    options: tuple[str, ...]
    keeps: Mapping[str, str]


class Lesson:
    """The tutorial while it goes on: where the person is, and what their lines have made so far."""

    def __init__(self, steps: tuple[TutorialStep, ...], known: Mapping[str, str]) -> None:
        self.steps = steps
        self.at = 0
        self._known = dict(known)

    @property
    def over(self) -> bool:
        """Tell whether all steps are done."""
        return self.at >= len(self.steps)

    def told(self) -> str:
        """Return what the person is to do now, or that it is over."""
        if self.over:
            return _wrapped(
                'That was all. "help" lists every command, "help security" says what is kept and who may do what, '
                'and "doctor" tells whether all is well.'
            )
        step = self.steps[self.at]
        where = f"[{self.at + 1} of {len(self.steps)}] "
        return f"{_wrapped(where + step.text)}\n\n  {self._filled(step.line)}\n"

    def heard(self, reading: ParsedLine, result: object) -> str | None:
        """Take in a line that went well, and return what to tell the person, None for nothing."""
        if reading.command is None or self.over or reading.command.words[0] == "tutorial":
            return None
        step = self.steps[self.at]
        if reading.command.name != step.command or not set(step.options) <= reading.values.keys():
            return f"The tutorial goes on with:\n\n  {self._filled(step.line)}\n"
        if isinstance(result, Mapping):
            kept = {name: result[field] for name, field in step.keeps.items() if field in result}
            self._known |= {name: visible(str(value)) for name, value in kept.items()}
        return self.skip()

    def skip(self) -> str:
        """Go on to the next step, and return what is to be done there."""
        self.at += 1
        return self.told()

    def _filled(self, line: str) -> str:
        return line.format(**self._known)


def begin(session: Session) -> str:
    """Begin the tutorial and return what to do first. Raises Failed on a server that is not this person's own."""
    place = session.api.target
    if place.token_file is None or not trust.is_loopback(place.url):
        raise Failed(
            "The tutorial makes and deletes things, so it wants a server of your own.",
            "Start one with 'vshell --local', and type there: tutorial",
        )
    session.lesson = lesson()
    opening = (
        f'Five minutes, {len(session.lesson.steps)} lines. "tutorial skip" passes over one, "tutorial leave" ends it.'
    )
    return f"{_wrapped(opening)}\n\n{session.lesson.told()}"


def lesson() -> Lesson:
    """Return the tutorial at its beginning."""
    tables = tomllib.loads(resources.files("vshell.help").joinpath("tutorial.toml").read_text(encoding="utf-8"))
    steps = (
        TutorialStep(each["text"], each["line"], each["command"], tuple(each["options"]), each.get("keeps", {}))
        for each in tables["step"]
    )
    return Lesson(tuple(steps), tables["unknown"])


def hear(reading: ParsedLine, result: object, session: Session) -> None:
    """Tell the person what comes next after a line that went well, while the tutorial goes on."""
    if session.lesson is None or session.leaving:
        return
    told = session.lesson.heard(reading, result)
    if told is not None:
        session.out.note(f"\n{told}")
    if session.lesson.over:
        session.lesson = None


def _wrapped(text: str) -> str:
    return textwrap.fill(text, min(WIDEST, max(20, shutil.get_terminal_size().columns - 1)))
