"""What is asked of a person outside the prompt, and that nothing is in CI."""

from __future__ import annotations

import ast
import io
import os
import sys
from pathlib import Path

import pytest

import vshell
from vshell.errors import Failed, Mistake, NotAllowed, ShellError
from vshell.terminal import questions

ROOT = Path(vshell.__file__).parent


@pytest.mark.parametrize(
    ("value", "counts"),
    [("", False), ("0", False), ("false", False), ("No", False), (" ", False), ("1", True), ("true", True)],
)
def test_what_counts_as_ci(value: str, counts: bool) -> None:
    assert questions.in_ci({"CI": value}) is counts
    assert not questions.in_ci({})


@pytest.mark.parametrize(
    ("typed", "yes"), [("y\n", True), ("YES\n", True), ("n\n", False), ("", False), ("yo\n", False)]
)
def test_only_a_yes_is_one(
    typed: str, yes: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert questions.confirm("Revoke it?") is yes
    assert capsys.readouterr() == ("", "Revoke it? [y/N] ")


def test_a_question_is_broken_at_words_where_the_terminal_is_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    class Narrow(io.StringIO):
        screen = os.terminal_size((20, 20))

        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    monkeypatch.setattr(sys, "stderr", told := Narrow())
    assert questions.confirm("Keep the session in a file?")
    assert told.getvalue() == "Keep the session in\na file? [y/N] "


def test_what_is_asked_comes_back_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO("bob\n"))
    assert questions.ask("User name: ") == "bob\n"
    questions.require_prompt()


@pytest.mark.parametrize(
    ("question", "error", "said"),
    [
        (
            lambda: questions.confirm("Revoke it?"),
            Failed,
            "CI is set, so this was not asked, and nothing was done: Revoke it?",
        ),
        (lambda: questions.ask("User name: "), Mistake, "CI is set, so this was not asked: User name."),
        (lambda: questions.ask_secret("Token: "), NotAllowed, "CI is set, so this was not asked: Token."),
        (questions.require_prompt, Mistake, "CI is set, so there is no prompt."),
    ],
)
def test_in_ci_nothing_is_asked_and_the_sentence_says_what_would_have_been(
    question: object, error: type[ShellError], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert callable(question)
    with pytest.raises(error) as raised:
        question()
    assert raised.value.sentence == said
    assert raised.value.hint
    assert sys.stdin.read() == "y\n"


def _pressing_ctrl_c() -> str:
    raise KeyboardInterrupt


def test_ctrl_c_at_a_question_is_told_from_one_later(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    answered = io.StringIO()
    monkeypatch.setattr(answered, "readline", _pressing_ctrl_c)
    monkeypatch.setattr(sys, "stdin", answered)
    with pytest.raises(questions.QuestionStopped):
        questions.confirm("Revoke it?")
    assert capsys.readouterr().err.endswith("[y/N] \n")


def test_nobody_waits_for_a_person_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    questions.require_person("nobody was asked", "Do it elsewhere.")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(Failed, match=r"CI is set, so nobody was asked\.") as raised:
        questions.require_person("nobody was asked", "Do it elsewhere.")
    assert raised.value.hint == "Do it elsewhere. See: help ci"


def test_nothing_else_in_the_shell_asks() -> None:
    """What CI forbids is forbidden here alone, so no other module may ask a person by a way of its own."""
    asking_names = {"input", "getpass", "prompt"}
    found = set()
    for path in ROOT.rglob("*.py"):
        module = path.relative_to(ROOT).as_posix()
        if module == "terminal/questions.py" or module.startswith(
            "prompt/"
        ):  # The prompt stands only where it may be asked.
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in asking_names:
                found.add(module)
            is_read = isinstance(node, ast.Attribute) and node.attr in ("read", "readline", "readlines")
            if is_read and ast.unparse(node.value) in ("sys.stdin", "stdin"):
                found.add(module)
    assert found == {"state/identity.py"}, "which asks here when a terminal is the input"
