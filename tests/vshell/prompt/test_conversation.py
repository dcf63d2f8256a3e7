"""What a conversation gives the editor, and what it does between two lines."""

import os
from pathlib import Path
from typing import Any, cast

import pytest
from prompt_toolkit import PromptSession
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.vshell.prompt.talking import Nowhere
from tests.vshell.small import REGISTRY, Streams
from vshell.prompt.conversation import Conversation, read_plain
from vshell.prompt.input_line import LineParser
from vshell.prompt.style import NAMELESS
from vshell.state.settings import Settings


@pytest.fixture
def equipped(tmp_path: Path) -> Any:
    """Return an editor and the conversation that equipped it."""
    session = Streams()
    session.client = cast("Any", Nowhere({}))
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    with create_pipe_input() as pipe:
        editor: PromptSession[str] = PromptSession(input=pipe, output=DummyOutput())
        yield editor, session, Conversation(session, editor, registry=REGISTRY, environment=environment, run=None)


def test_the_editor_is_given_all_that_it_reads_and_shows(equipped: Any) -> None:
    editor, _, _ = equipped
    assert editor.message() == NAMELESS
    assert editor.prompt_continuation(8, 1, 0) == [("class:prompt.more", "... ")]
    assert editor.prompt_continuation(8, 1, 1) == []
    assert None not in (editor.lexer, editor.completer, editor.key_bindings, editor.bottom_toolbar)
    assert editor.default_buffer.history is editor.history


def test_a_line_changes_how_the_next_is_read(equipped: Any) -> None:
    editor, session, conversation = equipped
    conversation.turn()
    assert editor.editing_mode == EditingMode.EMACS
    session.settings = Settings(editing="vi")
    conversation.turn()
    assert editor.editing_mode == EditingMode.VI


def test_a_conversation_is_over_once_a_line_leaves(equipped: Any) -> None:
    _, session, conversation = equipped
    conversation.enter("send GET /a")
    assert (session.stdout.getvalue(), conversation.over) == ("GET /a None\n", False)
    conversation.enter("wrong")
    assert conversation.exit_code == 2
    conversation.enter("exit")
    assert conversation.over


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (["apitoken list"], "apitoken list"),
        ([""], ""),
        (["send GET \\", "/x"], "send GET \\\n/x"),
        (["send GET 'a", "", "b'"], "send GET 'a\n\nb'"),
    ],
)
def test_lines_are_read_until_nothing_is_open(typed: list[str], text: str) -> None:
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return typed[len(asked) - 1]

    assert read_plain("vshell> ", LineParser(REGISTRY, dict), ask) == text
    assert asked == ["vshell> ", *["... "] * (len(typed) - 1)]


@pytest.mark.parametrize("ending", [EOFError, KeyboardInterrupt])
def test_leaving_and_clearing_are_the_callers(ending: type[BaseException]) -> None:
    def ask(prompt: str) -> str:
        raise ending

    with pytest.raises(ending):
        read_plain("vshell> ", LineParser(REGISTRY, dict), ask)
