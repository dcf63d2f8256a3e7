"""A dumb terminal gets its lines read, continued ones as one."""

import pytest

from tests.vshell.small import REGISTRY
from vshell.prompt.buffer_lines import Lines
from vshell.prompt.dumb_terminal import read_plain


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

    assert read_plain("vshell> ", Lines(REGISTRY, dict), ask) == text
    assert asked == ["vshell> ", *["... "] * (len(typed) - 1)]


@pytest.mark.parametrize("ending", [EOFError, KeyboardInterrupt])
def test_leaving_and_clearing_are_the_callers(ending: type[BaseException]) -> None:
    def ask(prompt: str) -> str:
        raise ending

    with pytest.raises(ending):
        read_plain("vshell> ", Lines(REGISTRY, dict), ask)
