"""Type lines into a session whose streams can be read."""

from __future__ import annotations

import io
from collections.abc import Callable

import vshell.commands  # declares the commands  # noqa: F401
from vshell.client.client import HttpClient
from vshell.language.grammar import parse
from vshell.output import Output
from vshell.run.run_line import run
from vshell.run.undo import UndoHistory
from vshell.session import Session
from vshell.state.settings import Settings


class Typist:
    """A session and what it printed."""

    def __init__(
        self,
        api: HttpClient,
        *,
        interactive: bool = False,
        confirm: Callable[[str], bool] = lambda question: False,
        secret: str = "",
    ) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        self.asked: list[str] = []
        self.session = Session(
            api,
            Output(self.out, self.err),
            Settings(),
            interactive=interactive,
            confirm=lambda question: self.asked.append(question) or confirm(question),  # type: ignore[func-returns-value]  # append gives None
            ask_secret=lambda question: self.asked.append(question) or secret,  # type: ignore[func-returns-value]  # append gives None
        )

        self.history = UndoHistory()
        if interactive:
            self.session.listeners.append(self.history)

    def type(self, line: str) -> str:
        """Run a line and return what it printed on standard output."""
        before = len(self.out.getvalue())
        run(parse(line, variables=self.session.variables), self.session)
        return self.out.getvalue()[before:]
