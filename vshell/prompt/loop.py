"""The loop of the prompt: draw it, begin the conversation, read and run lines until the end.

Rules:

- The first prompt is drawn before anything is searched for, opened or imported that could wait for it.
- What then hinders the session from beginning takes the place of that prompt.
- No later error ends the session and no traceback reaches the person; each is shown, and the next prompt comes.
- Ctrl-C clears the line, or stops the command that runs; Ctrl-D on an empty line leaves.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.utils import is_dumb_terminal

from vshell.prompt.style import NAMELESS, STYLE

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from vshell.client.client import Target
    from vshell.prompt.conversation import Conversation
    from vshell.prompt.executor import Run
    from vshell.registry.tree import Registry
    from vshell.session import Session

Editor = PromptSession[str]

REDRAW_SECONDS = 20
"""How often the toolbar is drawn anew while nothing is typed: a credential comes to its end, a server comes back."""


class LineGivenUp(KeyboardInterrupt):
    """Ctrl-C was pressed while a line was typed: the editor has left that line in order."""


def converse(
    open_session: Callable[[], Session],
    *,
    registry: Registry | None = None,
    environment: Mapping[str, str] = os.environ,
    run: Run | None = None,
    terminal: tuple[Input, Output] | None = None,
    found: Callable[[Target], None] = lambda link: None,
    declare: Callable[[], None] = lambda: None,
) -> int:
    """Talk with the person until they leave, and return the exit code of the last line that ran.

    ``open_session`` and then ``declare``, which fills the registry, are called once the first prompt is drawn and
    before any key is handled; what they raise is raised here. The session's names become live ones. ``registry`` and
    ``run`` are the shell's own without any. ``terminal`` takes the place of the real one in tests. ``found`` is called
    in a thread with where the server is, as soon as that is known.
    """

    def begin(editor: Editor | None) -> Conversation:
        from vshell.prompt.conversation import Conversation  # and with it most of the shell: behind the first draw

        conversation = Conversation(open_session(), editor, registry=registry, environment=environment, run=run)
        conversation.background.found = found
        declare()
        conversation.start()
        return conversation

    dumb = terminal is None and is_dumb_terminal(environment.get("TERM"))
    # A dumb terminal gets not even the order to show its cursor.
    with closing(Prompt(begin, None if dumb else _editor(terminal))) as prompt:
        return prompt.run_all()


class Prompt:
    """The turns; ``begin`` begins the conversation with an editor whose prompt is drawn, or with none."""

    def __init__(self, begin: Callable[[Editor | None], Conversation], editor: Editor | None) -> None:
        self._begin = begin
        self._editor = editor
        self._conversation: Conversation | None = None

    def run_all(self) -> int:
        """Read and run until the person leaves; return the exit code of the last line that ran."""
        while self._conversation is None or not self._conversation.over:
            try:
                self._turn()
            except LineGivenUp:
                continue
            except KeyboardInterrupt:
                print()  # Between two prompts the terminal echoes the key, and stays in the line.
            except EOFError:
                break
        return self._conversation.exit_code if self._conversation is not None else 0

    def close(self) -> None:
        """Write what is not written yet, and let the background thread end."""
        if self._conversation is not None:
            self._conversation.close()

    def _turn(self) -> None:
        """Read once and run what was entered; raises EOFError when the person leaves."""
        if self._conversation is None and self._editor is None:
            self._conversation = self._begin(None)
        if self._conversation is not None:
            self._conversation.turn()
        elif self._editor is not None:
            self._editor.app.after_render += self._begin_conversation
        text = self._editor.prompt() if self._editor is not None else None
        assert self._conversation is not None  # It has begun, or what hindered it was raised.
        self._conversation.enter(text)

    def _begin_conversation(self, app: Application[str]) -> None:
        app.after_render -= self._begin_conversation
        try:
            self._conversation = self._begin(self._editor)
        except BaseException as hindrance:  # prompt_toolkit would show it as a fault of its own
            app.erase_when_done = not isinstance(hindrance, KeyboardInterrupt)
            app.exit(exception=hindrance)
        else:
            app.invalidate()


def _editor(terminal: tuple[Input, Output] | None) -> Editor:
    """Return an editor that only draws; the conversation gives it all else."""
    return PromptSession(
        NAMELESS,
        multiline=True,
        complete_while_typing=True,
        style=STYLE,
        include_default_pygments_style=False,
        refresh_interval=REDRAW_SECONDS,
        interrupt_exception=LineGivenUp,
        input=terminal[0] if terminal else None,
        output=terminal[1] if terminal else None,
    )
