"""Read a line, run it, and again, until the person leaves.

Rules:

- The first prompt is drawn before anything is looked for or imported that could wait for it.
- No error ends the session and no traceback reaches the person; each is told, and the next prompt comes.
- Ctrl-C clears the line, or stops the command that runs; Ctrl-D on an empty line leaves.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import fragment_list_to_text
from prompt_toolkit.utils import is_dumb_terminal

from vshell import kept_names, runner
from vshell.names import ServerNames
from vshell.prompt.background import Background
from vshell.prompt.completer import LineCompleter
from vshell.prompt.editing import Editing
from vshell.prompt.history import HistoryFile, KeptHistory
from vshell.prompt.keys import key_bindings
from vshell.prompt.lexer import LineLexer
from vshell.prompt.lines import Lines
from vshell.prompt.plain import MORE, read_plain
from vshell.prompt.running import Run, Running
from vshell.prompt.style import STYLE, color_depth
from vshell.prompt.toolbar import Standing, message, title, toolbar
from vshell.registry import REGISTRY, Registry

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from vshell.link import Link
    from vshell.session import Session

REDRAW_SECONDS = 20
"""How often the toolbar is drawn anew while nobody types: a credential comes to its end, a server comes back."""


def converse(
    session: Session,
    *,
    registry: Registry = REGISTRY,
    environment: Mapping[str, str] = os.environ,
    run: Run = runner.run,
    terminal: tuple[Input, Output] | None = None,
    found: Callable[[Link], None] = lambda link: None,
    declare: Callable[[], None] = lambda: None,
) -> int:
    """Talk with the person until they leave, and return the exit code of the last line that ran.

    The session's names become live ones. ``terminal`` takes the place of the real one in tests. ``found`` is told in
    a thread where the server is, as soon as that is known. ``declare`` fills the registry, before any key is handled.
    """
    prompt = Prompt(session, registry=registry, environment=environment, run=run, terminal=terminal)
    prompt.background.found, prompt.declare = found, declare
    try:
        return prompt.run_all()
    finally:
        prompt.close()


class Prompt:
    """The conversation: the editor, what it reads from, and how the last line ended."""

    def __init__(
        self,
        session: Session,
        *,
        registry: Registry,
        environment: Mapping[str, str],
        run: Run,
        terminal: tuple[Input, Output] | None,
    ) -> None:
        self.declare: Callable[[], None] = lambda: None
        self._session = session
        self._environment = environment
        self._standing = Standing()
        self.background = Background(session, self._standing, environment)
        local = {"servers": lambda: _named_servers(environment)}
        self._names = names = ServerNames(self.background.link, local=local, write=kept_names.keep_for)
        session.names = names
        self._lines = lines = Lines(registry, lambda: session.variables)
        self._running = Running(session, lines, names, self._standing, run=run, environment=environment)
        self._file = HistoryFile(self.background.history_file, self._history_now, self.background.tell)
        self._history = KeptHistory(lines, self._file)
        self._editing = Editing(registry, lines, names, self._running, environment)
        self._completer = LineCompleter(lines, names, self._editing.offers)
        dumb = terminal is None and is_dumb_terminal(environment.get("TERM"))
        # A dumb terminal must not even be told to show its cursor.
        self._editor = None if dumb else self._make_editor(terminal)
        self.background.editor, self.background.completer = self._editor, self._completer

    def run_all(self) -> int:
        """Read and run until the person leaves; return the exit code of the last line that ran."""
        self._names.on_change = self.background.changed
        if self._editor is None:
            self._begin()
        else:
            self._editor.app.after_render += self._drawn
        while not self._session.leaving:
            try:
                self._turn()
            except KeyboardInterrupt:
                continue  # wherever it struck: the next prompt is a whole one
            except EOFError:
                break
        return self._standing.exit_code or 0

    def _turn(self) -> None:
        """Read once and run what was entered; raises EOFError when the person leaves."""
        self.background.turn()
        self._names.refresh()
        if self._editor is None:
            text = self._read_plain()
        else:
            self._adapt(self._editor)
            text = self._editor.prompt()
        self._running.enter(text)

    def close(self) -> None:
        """Write what is not written yet, and let the background thread end."""
        self._file.flush()
        self._names.close()
        if self._editor is not None and self._session.settings.title == "on":
            self._editor.output.clear_title()
            self._editor.output.flush()

    def _read_plain(self) -> str:
        try:
            text = read_plain(fragment_list_to_text(message(self._names)), self._lines)
        except (EOFError, KeyboardInterrupt):
            print()  # The terminal echoes the key and stays in the line.
            raise
        if self._editing.asks(text):
            print(self._editing.answer(text.rstrip()[:-1], len(text.rstrip()) - 1, 80))
            return ""
        self._history.append_string(text)
        return text

    def _make_editor(self, terminal: tuple[Input, Output] | None) -> PromptSession[str]:
        return PromptSession(
            self._message,
            multiline=True,
            prompt_continuation=_continuation,
            lexer=LineLexer(self._lines, self._editing.may_become_right),
            completer=self._completer,
            complete_while_typing=True,
            bottom_toolbar=self._toolbar,
            key_bindings=key_bindings(self._lines, self._editing),
            history=self._history,
            style=STYLE,
            include_default_pygments_style=False,
            input_processors=[self._editing.hints(self._message)],
            refresh_interval=REDRAW_SECONDS,
            input=terminal[0] if terminal else None,
            output=terminal[1] if terminal else None,
        )

    def _adapt(self, editor: PromptSession[str]) -> None:
        """Do as the settings are now."""
        settings = self._session.settings
        editor.editing_mode = EditingMode.VI if settings.editing == "vi" else EditingMode.EMACS
        editor.color_depth = color_depth(settings.color, self._environment)
        if settings.title == "on":
            editor.output.set_title(title(self._names))

    def _message(self) -> StyleAndTextTuples:
        done = self._editor is not None and self._editor.app.is_done
        return message(self._names, short=done and self._session.settings.transient_prompt == "on")

    def _toolbar(self) -> StyleAndTextTuples:
        assert self._editor is not None  # whose toolbar it is
        now = datetime.now(UTC)
        width = self._editor.output.get_size().columns
        return toolbar(
            self._names, self._standing, self._editing.typed(self._editor.default_buffer.document, now), width, now
        )

    def _drawn(self, app: Application[str]) -> None:
        app.after_render -= self._drawn
        self._begin()

    def _begin(self) -> None:
        """Begin with everything that could wait for the first prompt; a key that is pressed meanwhile waits too."""
        self.declare()
        self._lines.forget()  # The empty line was read without the commands.
        self._names.start()
        self.background.start()

    def _history_now(self) -> Path | None:
        return self.background.history_at(self._names.url) if self._names.url else None


def _continuation(width: int, line_number: int, wraps: int) -> StyleAndTextTuples:
    """Return what stands before a further line; nothing before the rest of one that is too long for the screen."""
    return [] if wraps else [("class:prompt.more", MORE)]


def _named_servers(environment: Mapping[str, str]) -> list[Mapping[str, object]]:
    from vshell import profiles

    return [{"name": name, "url": server.url, "dc": server.dc} for name, server in profiles.named(environment).items()]
