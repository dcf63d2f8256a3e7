"""A conversation at the prompt: what lines are edited with and run by, and how the last one ended.

A dumb terminal has an input line of its own, with neither colour nor menu nor cursor movement.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import fragment_list_to_text
from prompt_toolkit.key_binding import merge_key_bindings

from vshell.completion import name_files
from vshell.completion.live_names import LiveNames
from vshell.prompt.background import Background
from vshell.prompt.candidates import LineCompleter
from vshell.prompt.executor import Executor, Run
from vshell.prompt.highlighting import LineLexer
from vshell.prompt.history import HistoryFile, LineHistory
from vshell.prompt.input_line import LineParser, is_unfinished
from vshell.prompt.keys import entry_bindings, helper_bindings
from vshell.prompt.line_state import LineState, SuggestionProcessor
from vshell.prompt.style import color_depth
from vshell.prompt.toolbar import Status, message, title, toolbar
from vshell.registry.tree import REGISTRY, Registry
from vshell.run import run_line
from vshell.session import Session
from vshell.state import servers

MORE = "... "

HISTORY_SECONDS = 0.05
"""How long the first key may wait for the history, which an arrow shows; mostly it has been read by then."""


class Conversation:
    """What one session's lines are read and run with; ``editor`` is None on a dumb terminal."""

    def __init__(
        self,
        session: Session,
        editor: PromptSession[str] | None,
        *,
        registry: Registry | None,
        environment: Mapping[str, str],
        run: Run | None,
    ) -> None:
        self._session = session
        self._editor = editor
        self._environment = environment
        self._status = Status()
        self.background = Background(session, self._status, environment)
        local = {"servers": lambda: _named_servers(environment)}
        self._names = names = LiveNames(self.background.find_target, local=local, write=name_files.write_names_for)
        session.names = names
        registry = REGISTRY if registry is None else registry
        self._lines = lines = LineParser(registry, lambda: session.variables)
        self._executor = Executor(session, lines, names, self._status, run=run or run_line.run, environment=environment)
        self._file = HistoryFile(self.background.history_file, self._history_now, self.background.tell)
        self._history = LineHistory(lines, self._file)
        self._line_state = LineState(registry, lines, names)
        if editor is not None:
            self._equip(editor)

    @property
    def over(self) -> bool:
        """Tell whether the last line was to leave."""
        return self._session.leaving

    @property
    def exit_code(self) -> int:
        """The exit code of the last line that ran."""
        return self._status.exit_code or 0

    def start(self) -> None:
        """Begin to look for the server and its names; the commands are declared."""
        self._history.wait(HISTORY_SECONDS)
        self._names.on_change = self.background.redraw
        self._names.start()
        self.background.start()
        if self._editor is not None:
            self._adapt(self._editor)
            self.background.note_credential()

    def turn(self) -> None:
        """Make ready for the next line."""
        self.background.turn()
        self._names.refresh()
        if self._editor is not None:
            self._adapt(self._editor)

    def enter(self, text: str | None) -> None:
        """Run what was entered; without an editor it is read first. Raises EOFError when the person leaves."""
        self._executor.enter(self._read_plain() if text is None else text)

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
        except EOFError:
            print()  # The terminal echoes the key and stays in the line.
            raise
        if self._line_state.is_help_request(text):
            print(self._line_state.explain(text.rstrip()[:-1], len(text.rstrip()) - 1, 80))
            return ""
        self._history.append_string(text)
        return text

    def _equip(self, editor: PromptSession[str]) -> None:
        """Give the editor what it reads, shows and keeps lines with; what it has drawn so far needed nothing of it."""
        editor.message = self._message
        editor.prompt_continuation = _continuation
        editor.lexer = LineLexer(self._lines, self._line_state.may_become_right)
        editor.completer = completer = LineCompleter(self._lines, self._names, self._line_state.completions)
        editor.bottom_toolbar = self._toolbar
        keys = [entry_bindings(self._lines), helper_bindings(self._line_state, self._executor)]
        editor.key_bindings = merge_key_bindings(keys)
        editor.input_processors = [SuggestionProcessor(self._line_state, self._message)]
        # The task that loads it has not begun: it does when what draws now is done.
        editor.history = editor.default_buffer.history = self._history
        self._history.begin()
        self.background.editor, self.background.completer = editor, completer

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
        typed = self._line_state.describe(self._editor.default_buffer.document, now)
        return toolbar(self._names, self._status, typed, width, now)

    def _history_now(self) -> Path | None:
        return self.background.history_at(self._names.url) if self._names.url else None


def _continuation(width: int, line_number: int, wraps: int) -> StyleAndTextTuples:
    """Return what stands before a further line; nothing before the rest of one that is too long for the screen."""
    return [] if wraps else [("class:prompt.more", MORE)]


def _named_servers(environment: Mapping[str, str]) -> list[Mapping[str, object]]:
    return [
        {"name": name, "url": server.url, "dc": server.dc} for name, server in servers.list_servers(environment).items()
    ]


def read_plain(prompt: str, lines: LineParser, ask: Callable[[str], str] = input) -> str:
    """Return what is typed, with the lines that continue it; ``ask`` shows a prompt and reads one line.

    Raises EOFError for Ctrl-D and KeyboardInterrupt for Ctrl-C.
    """
    text = ask(prompt)
    while is_unfinished(text, lines):
        text += "\n" + ask(MORE)
    return text
