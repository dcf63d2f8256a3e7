"""Enter runs what is finished, and goes on below what is not."""

import pytest
from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.application.current import set_app
from prompt_toolkit.buffer import CompletionState
from prompt_toolkit.completion import Completion, WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.vshell.small import REGISTRY
from vshell.prompt.input_line import LineParser, is_unfinished
from vshell.prompt.keys import entry_bindings, only_one_offer


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", False),
        ("apitoken list", False),
        ("apitoken list \\", True),
        ("apitoken list \\\n", False),
        ("apitoken list \\\n--owner", False),
        ("send GET '", True),
        ("send GET 'a\n", True),
        ("send GET 'a\nb'", False),
        ("send GET 'a'\n", False),
        ("# it's", False),
    ],
)
def test_more_is_wanted_where_something_is_open(text: str, more: bool) -> None:
    assert is_unfinished(text, LineParser(REGISTRY, dict)) == more


@pytest.mark.parametrize(("offers", "only"), [(["list"], True), (["list", "show"], False), ([], False)])
def test_a_single_offer_is_told_apart(offers: list[str], only: bool) -> None:
    with create_pipe_input() as typed:
        session: PromptSession[str] = PromptSession(input=typed, output=DummyOutput())
        with set_app(session.app):
            buffer = session.default_buffer
            buffer.complete_state = CompletionState(Document("l"), [Completion(text) for text in offers])
            session.app.layout.focus(buffer)
            assert only_one_offer() is only


def test_tab_takes_the_only_offer_and_enter_then_runs_the_line() -> None:
    with create_pipe_input() as typed:
        session: PromptSession[str] = PromptSession(
            input=typed,
            output=DummyOutput(),
            completer=WordCompleter(["list"]),
            key_bindings=entry_bindings(LineParser(REGISTRY, dict)),
            complete_while_typing=True,
        )

        def then(application: Application[str]) -> None:
            if session.default_buffer.text == "l" and session.default_buffer.complete_state is not None:
                typed.send_text("\t\r")

        session.app.after_render += then
        typed.send_text("l")
        assert session.prompt() == "list"
