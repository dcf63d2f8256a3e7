"""The session: what a command is handed, and what follows the lines that are run in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from vshell.kinds import NoNames
from vshell.registry.tree import REGISTRY

if TYPE_CHECKING:
    from vshell.client.client import Client
    from vshell.completion.live_names import LiveNames
    from vshell.errors import ShellError
    from vshell.language.parsed_line import ParsedLine
    from vshell.output import Output
    from vshell.state.settings import Settings


class LineListener:
    """What follows the lines of a session; this one does nothing."""

    def prepare(self, line: ParsedLine, session: Session) -> Callable[[object], None] | None:
        """Prepare for a line's command; what is returned is called with the command's result. Raises ShellError."""
        return None

    def finish(self, line: ParsedLine, result: object, session: Session) -> None:
        """Take note of a line that ended well, its result shown."""


Listener = TypeVar("Listener", bound=LineListener)


class Session:
    """One run of the shell, from the first line to the last.

    ``registry`` holds the commands. ``interactive`` tells that standard input and output are both terminals.
    ``variables`` are those of ``let``. ``confirm`` shows a question and returns whether the answer was yes, ``ask``
    shows a prompt and returns what was typed, ``ask_secret`` what was typed unseen. A command sets ``leaving`` to end
    the run behind its line. ``sources`` are the scripts being run now, the innermost last. ``troubles`` hindered
    finding out who we are and are still to be shown. ``listeners`` follow the lines.
    """

    def __init__(
        self,
        client: Client,
        out: Output,
        settings: Settings,
        *,
        interactive: bool = False,
        confirm: Callable[[str], bool] = lambda question: False,
        ask_secret: Callable[[str], str] = lambda prompt: "",
        names: LiveNames | NoNames | None = None,
    ) -> None:
        self.client = client
        self.out = out
        self.settings = settings
        self.interactive = interactive
        self.confirm = confirm
        self.ask: Callable[[str], str] = lambda prompt: ""
        self.ask_secret = ask_secret
        self.names: LiveNames | NoNames = NoNames() if names is None else names
        self.registry = REGISTRY
        self.variables: dict[str, object] = {}
        self.sources: list[str] = []
        self.listeners: list[LineListener] = []
        self.troubles: list[ShellError] = []
        self.leaving = False

    def __repr__(self) -> str:
        return f"Session(interactive={self.interactive})"

    @property
    def is_attended(self) -> bool:
        """Tell whether a person sits before this very line, and not before a script that holds it."""
        from vshell.terminal.questions import in_ci

        return self.interactive and not self.sources and not in_ci()

    @contextmanager
    def using(self, client: Client) -> Iterator[None]:
        """Send requests through another client for the length of a block."""
        before, self.client = self.client, client
        try:
            yield
        finally:
            self.client = before

    def find_listener(self, kind: type[Listener]) -> Listener | None:
        """Return the listener of this class, None where there is none."""
        return next((each for each in self.listeners if isinstance(each, kind)), None)

    def read_token(self) -> str:
        """Return a token typed unseen, or a line of standard input in a script; raises Mistake for none."""
        from vshell.state.identity import read_token

        return read_token(self.ask_secret if self.interactive else None)
