"""Read a line, run it, and again, until the person leaves.

Rules:

- No error ends the session and no traceback reaches the person; each is told, and the next prompt comes.
- Ctrl-C clears the line, or stops the command that runs; Ctrl-D on an empty line leaves.
- What else must be imported is imported in a thread once the first prompt stands.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import fragment_list_to_text
from prompt_toolkit.utils import is_dumb_terminal

from vshell import history, kept_names, places, runner
from vshell.errors import Failed, Interrupted, Mistake, ShellError, render
from vshell.names import ServerNames
from vshell.prompt.completer import LineCompleter
from vshell.prompt.greeting import banner
from vshell.prompt.history import HistoryFile, KeptHistory
from vshell.prompt.keys import key_bindings
from vshell.prompt.learning import learn
from vshell.prompt.lexer import LineLexer
from vshell.prompt.lines import Lines, logical_lines
from vshell.prompt.plain import MORE, read_plain
from vshell.prompt.style import STYLE, color_depth
from vshell.prompt.toolbar import message, toolbar
from vshell.registry import REGISTRY, Registry
from vshell.token_form import tokens_in, without_tokens

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from vshell.api import Link
    from vshell.reading import Reading
    from vshell.session import Session

_LATER = ("vshell.connecting", "vshell.output.table", "tabulate", "keyring")
"""Slow modules that the first commands will want."""

Run = Callable[["Reading", "Session"], object]


def converse(
    session: Session,
    *,
    registry: Registry = REGISTRY,
    environment: Mapping[str, str] = os.environ,
    run: Run = runner.run,
    terminal: tuple[Input, Output] | None = None,
) -> int:
    """Talk with the person until they leave, and return the exit code of the last line that ran.

    The session's names become live ones. ``terminal`` takes the place of the real one in tests.
    """
    prompt = Prompt(session, registry=registry, environment=environment, run=run, terminal=terminal)
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
        self._session = session
        self._api = session.api  # as it is between two lines; other threads look here
        self._finding = threading.Lock()
        local = {"servers": lambda: _named_servers(environment)}
        self._names = names = ServerNames(self._link, local=local, write=kept_names.keep_for)
        session.names = names
        self._run = run
        self._environment = environment
        self._exit_code: int | None = None
        self._notes: list[str] = []  # what other threads want to be told
        self._lines = Lines(registry, lambda: session.variables)
        self._file = HistoryFile(self._find_history, self._history_now, self._tell)
        self._history = KeptHistory(self._lines, self._file)
        self._completer = LineCompleter(self._lines, names)
        dumb = terminal is None and is_dumb_terminal(environment.get("TERM"))
        # A dumb terminal must not even be told to show its cursor.
        self._editor = None if dumb else self._make_editor(terminal)

    def run_all(self) -> int:
        """Read and run until the person leaves; return the exit code of the last line that ran."""
        self._names.on_change = self._names_changed
        if self._editor is None:
            self._prepare_soon()
        else:
            self._editor.app.after_render += self._drawn
        while not self._session.leaving:
            try:
                self._turn()
            except KeyboardInterrupt:
                continue  # wherever it struck: the next prompt is a whole one
            except EOFError:
                break
        return self._exit_code or 0

    def _turn(self) -> None:
        """Read once and run what was entered; raises EOFError when the person leaves."""
        self._show_notes()
        self._api = self._session.api
        self._names.refresh()
        self._enter(self._read_plain() if self._editor is None else self._editor.prompt())

    def close(self) -> None:
        """Write what is not written yet, and let the background thread end."""
        self._file.flush()
        self._names.close()

    def _read_plain(self) -> str:
        try:
            text = read_plain(fragment_list_to_text(message(self._names)), self._lines)
        except (EOFError, KeyboardInterrupt):
            print()  # The terminal echoes the key and stays in the line.
            raise
        self._history.append_string(text)
        return text

    def _make_editor(self, terminal: tuple[Input, Output] | None) -> PromptSession[str]:
        settings = self._session.settings
        return PromptSession(
            lambda: message(self._names),
            multiline=True,
            prompt_continuation=_continuation,
            lexer=LineLexer(self._lines),
            completer=self._completer,
            complete_while_typing=True,
            bottom_toolbar=lambda: toolbar(self._names, self._exit_code),
            key_bindings=key_bindings(self._lines),
            history=self._history,
            style=STYLE,
            color_depth=color_depth(settings.color, self._environment),
            include_default_pygments_style=False,
            vi_mode=settings.editing == "vi",
            input=terminal[0] if terminal else None,
            output=terminal[1] if terminal else None,
        )

    # Running.

    def _enter(self, text: str) -> None:
        """Run the lines of what was entered, up to the first that fails."""
        spans = list(logical_lines(text))
        for number, span in enumerate(spans, 1):
            code = self._line(text[span.start : span.end])
            if code is not None:
                self._exit_code = code
            left = sum(1 for later in spans[number:] if text[later.start : later.end].strip())
            if code and left:
                self._session.out.note(f"{left} more {'line was' if left == 1 else 'lines were'} not run.")
            if code or self._session.leaving:
                return

    def _line(self, line: str) -> int | None:
        """Run one line and return its exit code, None where there was nothing to run."""
        try:
            reading = self._lines.read(line)
            if reading.empty:
                return None
            _refuse_secrets(reading)
            if reading.abbreviated and reading.complete:
                self._session.out.note(self._lines.read(reading.full_text).masked)
            result = self._run(reading, self._session)
            learn(reading, result, self._names)
            self._session.out.stdout.flush()
        except ShellError as error:
            return self._fail(error)
        except KeyboardInterrupt:
            return self._fail(Interrupted("Stopped by Ctrl-C.", "What was sent before may have been done."))
        except OSError as error:
            return self._fail(Failed(f"This machine could not do it: {error.strerror or type(error).__name__}."))
        except Exception as error:
            # A fault of our own must not cost the person the session; its text could hold a secret.
            if self._environment.get("VSHELL_DEBUG"):
                traceback.print_exc(file=sys.stderr)
            sentence = f"The shell itself failed with {type(error).__name__}; what was sent before has been done."
            return self._fail(Failed(sentence, "Run it again with VSHELL_DEBUG=1 to see where, and report it."))
        finally:
            self._lines.forget()
        return 0

    def _fail(self, error: ShellError) -> int:
        self._session.out.note(without_tokens(render(error)))
        return error.exit_code

    # What other threads do meanwhile.

    def _drawn(self, app: Application[str]) -> None:
        app.after_render -= self._drawn
        self._prepare_soon()

    def _prepare_soon(self) -> None:
        """Begin with everything that could wait for the first prompt."""
        self._names.start()
        threading.Thread(target=self._prepare, name="vshell-prepare", daemon=True).start()

    def _prepare(self) -> None:
        for module in _LATER:
            with suppress(Exception):  # Whoever needs it will be told what is wrong with it.
                import_module(module)
        with suppress(ShellError):  # The toolbar tells it.
            text = banner(self._link())
            if text:
                self._tell(text)

    def _names_changed(self) -> None:
        """Show what the background thread has found; called in that thread."""
        if self._editor is None:
            return
        app = self._editor.app
        loop, context = app.loop, app.context
        if loop is not None and context is not None and app.is_running:
            with suppress(RuntimeError):  # The loop ended just now; the next prompt shows it.
                loop.call_soon_threadsafe(self._redraw, app, context=context)

    def _redraw(self, app: Application[str]) -> None:
        app.invalidate()
        if self._notes:
            run_in_terminal(self._show_notes)
        buffer = app.current_buffer
        choosing = buffer.complete_state is not None and buffer.complete_state.complete_index is not None
        if self._completer.waits_at(buffer.document) and not choosing:
            buffer.start_completion()

    def _tell(self, sentence: str) -> None:
        """Have something told to the person above the prompt; may be called in any thread."""
        self._notes.append(sentence)
        self._names_changed()

    def _show_notes(self) -> None:
        while self._notes:
            self._session.out.note(self._notes.pop(0))

    # Where we are; called in other threads.

    def _link(self) -> Link:
        """Return the server and who we are there; several threads begin with it, and one looks it up."""
        with self._finding:
            return self._api.link

    def _find_history(self) -> Path:
        try:
            url = self._link().url
        except ShellError:
            url = "http://localhost"
        return self._history_at(url)

    def _history_now(self) -> Path | None:
        return self._history_at(self._names.url) if self._names.url else None

    def _history_at(self, url: str) -> Path:
        return history.file_for(url, places.state_directory(self._environment))


def _continuation(width: int, line_number: int, wraps: int) -> StyleAndTextTuples:
    """Return what stands before a further line; nothing before the rest of one that is too long for the screen."""
    return [] if wraps else [("class:prompt.more", MORE)]


def _refuse_secrets(reading: Reading) -> None:
    """Raise Mistake for a token that was pasted, and for a line from the history whose secret is only stars."""
    if reading.command is None and any(tokens_in(reading.line)):
        raise Mistake("This is a token, not a command; it was neither run nor kept.", "Revoke it if others saw it.")
    for word in reading.words:
        if word.secret and word.text == history.HIDDEN:
            raise Mistake(
                "The secret in this line was not kept.", "Type it again.", line=reading.masked, column=word.start
            )


def _named_servers(environment: Mapping[str, str]) -> list[Mapping[str, object]]:
    from vshell import profiles

    return [{"name": name, "url": server.url} for name, server in profiles.named(environment).items()]
