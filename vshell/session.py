"""What a command is handed: the server, the settings, where its result goes, and the person in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from vshell.errors import ShellError
from vshell.kinds import Names, NoNames

if TYPE_CHECKING:
    from vshell.client.client import Client
    from vshell.output import Output
    from vshell.registry.undo import UndoStep
    from vshell.run.tutorial import Lesson
    from vshell.state.settings import Settings


class LiveNames(Names, Protocol):
    """Names that are kept up to date."""

    def changed(self) -> None:
        """Note that the server's objects may have changed, so that what is known is asked for anew."""


def nobody_confirms(question: str) -> bool:
    """Answer no, where there is nobody to ask."""
    return False


def answer_nothing(prompt: str) -> str:
    """Give no answer and no secret, where there is nobody to ask."""
    return ""


class Session:
    """One run of the shell, from the first line to the last.

    ``interactive`` tells that standard input and output are both terminals. ``variables`` are those of
    ``let``. ``confirm`` asks a question and returns whether the answer was yes, ``ask`` shows a prompt and
    returns what was typed, ``ask_secret`` what was typed unseen. A command sets ``leaving`` to end the run
    behind its line. ``sources`` are the scripts being run now, the innermost last. ``troubles`` hindered finding
    out who we are and are still to be told. ``undoable`` are the changes made at the prompt, the last one last.
    ``lesson`` is the tutorial while it goes on.
    """

    __slots__ = (
        "api",
        "ask",
        "ask_secret",
        "confirm",
        "interactive",
        "leaving",
        "lesson",
        "names",
        "out",
        "settings",
        "sources",
        "troubles",
        "undoable",
        "variables",
    )

    def __init__(
        self,
        api: Client,
        out: Output,
        settings: Settings,
        *,
        interactive: bool = False,
        confirm: Callable[[str], bool] = nobody_confirms,
        ask_secret: Callable[[str], str] = answer_nothing,
        names: LiveNames | None = None,
    ) -> None:
        self.api = api
        self.out = out
        self.settings = settings
        self.interactive = interactive
        self.confirm = confirm
        self.ask: Callable[[str], str] = answer_nothing
        self.ask_secret = ask_secret
        self.names: LiveNames = NoNames() if names is None else names
        self.variables: dict[str, object] = {}
        self.sources: list[str] = []
        self.undoable: list[UndoStep] = []
        self.lesson: Lesson | None = None
        self.troubles: list[ShellError] = []
        self.leaving = False

    @contextmanager
    def using(self, client: Client) -> Iterator[None]:
        """Send requests through another client for the length of a block."""
        before, self.api = self.api, client
        try:
            yield
        finally:
            self.api = before

    def read_token(self) -> str:
        """Return a token typed unseen, or a line of standard input where nobody is there; raises Mistake for none."""
        from vshell.state.credentials import read_token

        return read_token(self.ask_secret if self.interactive else None)

    def __repr__(self) -> str:
        return f"Session(interactive={self.interactive})"

    @property
    def is_attended(self) -> bool:
        """Tell whether a person sits before this very line, and not before a script that holds it."""
        from vshell.terminal.questions import in_ci

        return self.interactive and not self.sources and not in_ci()
