"""The tutorial: a person types real lines at the real prompt, and reads after each what comes next.

What is taught stands in ``help/tutorial.toml``. A line counts for a step when it is that step's command with its
options; any other line runs as ever. Nothing is typed for the person, and they may skip a step or leave at any time.
"""

import shutil
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import NamedTuple

from vshell.errors import Failed
from vshell.formats.text import visible
from vshell.language.parsed_line import ParsedLine
from vshell.session import LineListener, Session
from vshell.state import identity

WIDEST = 100


class TutorialStep(NamedTuple):
    """One step; ``keeps`` names fields of the result for the lines of later steps."""

    text: str
    line: str
    command: str
    options: Sequence[str]
    keeps: Mapping[str, str] = {}


class Lesson(LineListener):
    """The tutorial while it goes on: where the person is, and what their lines have made so far."""

    def __init__(self, steps: tuple[TutorialStep, ...], known: Mapping[str, str]) -> None:
        self.steps = steps
        self.at = 0
        self._known = dict(known)

    @property
    def is_over(self) -> bool:
        """Tell whether all steps are done."""
        return self.at >= len(self.steps)

    def instruction(self) -> str:
        """Return what the person is to do now, or that it is over."""
        if self.is_over:
            return _wrap(
                'That was all. "help" lists every command, "help security" says what is kept and who may do what, '
                'and "doctor" tells whether all is well.'
            )
        step = self.steps[self.at]
        where = f"[{self.at + 1} of {len(self.steps)}] "
        return f"{_wrap(where + step.text)}\n\n  {self._fill(step.line)}\n"

    def advance(self, line: ParsedLine, result: object) -> str | None:
        """Take in a line that went well, and return what to say, None for nothing."""
        if line.command is None or self.is_over or line.command.words[0] == "tutorial":
            return None
        step = self.steps[self.at]
        if line.command.name != step.command or not set(step.options) <= line.values.keys():
            return f"The tutorial goes on with:\n\n  {self._fill(step.line)}\n"
        if isinstance(result, Mapping):
            values = {name: result[field] for name, field in step.keeps.items() if field in result}
            self._known |= {name: visible(str(value)) for name, value in values.items()}
        return self.skip()

    def finish(self, line: ParsedLine, result: object, session: Session) -> None:
        """Say what comes next after a line that went well."""
        if session.leaving:
            return
        text = self.advance(line, result)
        if text is not None:
            session.out.note(f"\n{text}")
        if self.is_over:
            session.listeners.remove(self)

    def skip(self) -> str:
        """Go on to the next step, and return what is to be done there."""
        self.at += 1
        return self.instruction()

    def _fill(self, line: str) -> str:
        return line.format(**self._known)


def begin(session: Session) -> str:
    """Begin the tutorial and return what to do first. Raises Failed on a server that is not this person's own."""
    place = session.client.target
    if place.token_file is None or not identity.is_loopback(place.url):
        raise Failed(
            "The tutorial makes and deletes things, so it wants a server of your own.",
            "Start one with 'vshell --local', and type there: tutorial",
        )
    lesson = read_lesson()
    session.listeners.append(lesson)
    opening = f'Five minutes, {len(lesson.steps)} lines. "tutorial skip" passes over one, "tutorial leave" ends it.'
    return f"{_wrap(opening)}\n\n{lesson.instruction()}"


def read_lesson() -> Lesson:
    """Return the tutorial at its beginning."""
    tables = tomllib.loads(resources.files("vshell.help").joinpath("tutorial.toml").read_text(encoding="utf-8"))
    return Lesson(tuple(TutorialStep(**each) for each in tables["step"]), tables["unknown"])


def _wrap(text: str) -> str:
    return textwrap.fill(text, min(WIDEST, max(20, shutil.get_terminal_size().columns - 1)))
