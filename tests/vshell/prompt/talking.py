"""Keys into a true prompt without a screen: what logic tests need."""

import os
from collections.abc import Mapping
from typing import Any

from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.vshell.small import REGISTRY, RecordingApi, Streams
from vshell.client.client import Target, TargetFinder
from vshell.completion.live_names import LiveNames
from vshell.errors import Unreachable
from vshell.prompt.executor import Run
from vshell.prompt.loop import converse
from vshell.run import run_line

CTRL_C, CTRL_D, ENTER, TAB, UP = "\x03", "\x04", "\r", "\t", "\x1b[A"


class Nowhere(RecordingApi):
    """Answers from a table, and leads to an address at which nobody listens."""

    def __init__(self, answers: Mapping[tuple[str, str], object]) -> None:
        super().__init__(answers)
        self.finder = TargetFinder(lambda: Target("http://127.0.0.1:1"))


def paste(text: str) -> str:
    """Return what a terminal sends when ``text`` is pasted."""
    return f"\x1b[200~{text}\x1b[201~"


def talk(
    keys: str,
    state: str | os.PathLike[str],
    answers: Mapping[tuple[str, str], object] | None = None,
    run: Run = run_line.run,
    environment: Mapping[str, str] | None = None,
    **options: Any,
) -> tuple[int, Streams]:
    """Type ``keys`` and Ctrl-D, and return the exit code and the session."""
    session = Streams(**options)
    api: Any = Nowhere(answers or {})
    session.client = api
    places = {"XDG_STATE_HOME": str(state), "HOME": str(state), **(environment or {})}
    with create_pipe_input() as pipe:
        pipe.send_text(keys + CTRL_D)
        code = converse(lambda: session, registry=REGISTRY, environment=places, run=run, terminal=(pipe, DummyOutput()))
    return code, session


def nowhere() -> Target:
    """Raise Unreachable."""
    raise Unreachable("No server is chosen.")


def names(**rows: list[dict[str, object]]) -> LiveNames:
    """Return names that know the given rows and ask nobody."""
    known = LiveNames(nowhere)
    for noun, learned in rows.items():
        known.learn(noun, learned)
    return known
