"""Background threads of the prompt: they find the server and who we are, and show what came of it.

Rules:

- The first prompt is drawn before the search begins: neither the server nor the keyring is waited for.
- What a thread has to say is shown above the prompt, and the line that is typed stays as it is.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application, run_in_terminal

from vshell.client.client import Target
from vshell.errors import ShellError, render
from vshell.prompt.candidates import LineCompleter
from vshell.prompt.greetings import read_banner
from vshell.prompt.toolbar import Status
from vshell.session import Session
from vshell.state import history, paths
from vshell.state.identity import LOCAL_SOURCE
from vshell.state.stored_secrets import KeyringAwayError, StoredSession

_LATER = ("vshell.client.requests_transport", "vshell.output.grid", "tabulate")
"""Slow modules that the first commands will need."""


class Background:
    """The threads beside the prompt; ``editor`` is None on a dumb terminal, ``url`` where the server is by now."""

    def __init__(self, session: Session, status: Status, environment: Mapping[str, str]) -> None:
        self.editor: PromptSession[str] | None = None
        self.completer: LineCompleter | None = None
        self.found: Callable[[Target], None] = lambda target: None
        self._session = session
        self._status = status
        self._environment = environment
        self._api = session.client  # as it is between two lines, for other threads
        self._finding = threading.Lock()
        self._notes: list[str] = []

    # For the thread that reads and runs the lines.

    def turn(self) -> None:
        """Show what waits, and go to the server that the last line has left us at."""
        self._api = self._session.client
        self.note_credential()
        self.show_notes()

    def start(self) -> None:
        """Begin with everything that could wait for the first prompt."""
        threading.Thread(target=self._prepare, name="vshell-prepare", daemon=True).start()

    def show_notes(self) -> None:
        """Show the sentences of other threads."""
        while self._notes:
            self._session.out.note(self._notes.pop(0))

    # For any thread.

    def tell(self, sentence: str) -> None:
        """Have a sentence shown above the prompt."""
        self._notes.append(sentence)
        self.redraw()

    def note_credential(self) -> None:
        """Note where the credential comes from, and have shown what hindered finding another."""
        status, troubles = self._status, self._session.troubles
        while troubles:
            trouble = troubles.pop(0)
            if isinstance(trouble, KeyringAwayError):
                status.credential, status.keyring_trouble = f"keyring: {trouble.why}", True
            self.tell(render(trouble).replace("\n", " "))
        known = self._api.finder.found
        if known is not None and known.credential is not None:
            status.credential, status.keyring_trouble = _credential_place(known), False

    def redraw(self) -> None:
        """Have shown what has been found."""
        if self.editor is None:
            return
        app = self.editor.app
        loop, context = app.loop, app.context
        if loop is not None and context is not None and app.is_running:
            with suppress(RuntimeError):  # The loop ended just now; the next prompt shows it.
                loop.call_soon_threadsafe(self._draw, app, context=context)

    def find_target(self) -> Target:
        """Return the server and who we are there; several threads begin with it, and one finds it."""
        with self._finding:
            return self._api.signed_target

    def history_file(self) -> Path:
        """Return the file of the server's history; where there is no server, that of this machine's."""
        try:
            return self.history_at(self._api.url)
        except ShellError:
            return self.history_at("http://localhost")

    def history_at(self, url: str) -> Path:
        """Return the file of the history of the server at an address."""
        return history.find_file(url, paths.state_directory(self._environment))

    def _draw(self, app: Application[str]) -> None:
        if self._notes:
            run_in_terminal(self.show_notes)
        buffer = app.current_buffer
        choosing = buffer.complete_state is not None and buffer.complete_state.complete_index is not None
        if self.completer is not None and self.completer.waits_at(buffer.document) and not choosing:
            buffer.complete_state = None  # A menu that stands there, of what was known before, would stay.
            buffer.start_completion()  # This draws too; to draw before it would let the menu flicker.
        else:
            app.invalidate()

    def _prepare(self) -> None:
        try:
            target = self.find_target()
        except ShellError as error:
            self.tell(render(error))
        else:
            self.note_credential()
            with suppress(OSError, ShellError):  # A help to other shells, no more.
                self.found(target)
            text = read_banner(target)
            if text:
                self.tell(text)
        for module in _LATER:
            with suppress(Exception):  # What needs it will show what is wrong with it.
                import_module(module)


def _credential_place(target: Target) -> str:
    """Return in a word or two where the credential lies."""
    if isinstance(target.session_store, StoredSession):
        return target.session_store.store
    source = target.credential.source if target.credential else ""
    return "local token" if source == LOCAL_SOURCE else source.removeprefix("the ")
