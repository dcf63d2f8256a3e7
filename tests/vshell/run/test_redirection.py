"""Results that go to a file or to a command of the system."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest

from tests.vshell.small import TOKEN
from vshell.errors import Failed, NotFound
from vshell.language.parsed_line import Pipeline
from vshell.output import Output
from vshell.registry.view import DisplayOptions
from vshell.run.redirection import Sheet, redirect, run_shell_command


def out_and_screen() -> tuple[Output, io.StringIO]:
    screen = io.StringIO()
    return Output(screen, io.StringIO()), screen


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def deliver(tail: Pipeline, text: str, confirm: object = None) -> str:
    """Write a text as a line with such a tail does, and return what came to the screen."""
    out, screen = out_and_screen()
    with redirect(tail, out, confirm):  # type: ignore[arg-type]  # a question's answer, or None
        out.show(text)
    return screen.getvalue()


def test_a_file_gets_the_result_and_the_screen_nothing(tmp_path: Path) -> None:
    path = tmp_path / "f"
    umask = os.umask(0o027)
    try:
        assert deliver(Pipeline(file=str(path)), "one") == ""
    finally:
        os.umask(umask)
    assert (path.read_text(), mode(path)) == ("one\n", 0o640)
    deliver(Pipeline(file=str(path)), "2")
    assert path.read_text() == "2\n"
    deliver(Pipeline(file=str(path), append=True), "3")
    assert path.read_text() == "2\n3\n"


@pytest.mark.parametrize("append", [False, True])
def test_a_file_with_a_secret_is_for_its_owner_alone(tmp_path: Path, append: bool) -> None:
    path = tmp_path / "f"
    path.write_text("")
    path.chmod(0o644)
    deliver(Pipeline(file=str(path), append=append), f"your token is: {TOKEN}")
    assert mode(path) == 0o600


def test_a_secret_without_the_form_of_a_token_is_one_too(tmp_path: Path) -> None:
    out, _ = out_and_screen()
    with redirect(Pipeline(file=str(tmp_path / "f")), out, None):
        out.show({"id": "a", "client_token": "self-named"}, None, DisplayOptions("json"))
    assert mode(tmp_path / "f") == 0o600


def test_a_person_is_asked_before_a_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("old")
    asked: list[str] = []

    def answering(answer: bool) -> object:
        return lambda question: asked.append(question) or answer

    with pytest.raises(Failed, match="the answer was no"):
        deliver(Pipeline(file=str(path)), "new", answering(False))
    assert path.read_text() == "old"
    deliver(Pipeline(file=str(path)), "new", answering(True))
    assert path.read_text() == "new\n"
    deliver(Pipeline(file=str(path), append=True), "more", answering(False))
    deliver(Pipeline(file=str(tmp_path / "fresh")), "new", answering(False))
    assert asked == [f"Overwrite {path}?"] * 2


def test_a_file_that_cannot_be_written_is_told_before_the_command_runs(tmp_path: Path) -> None:
    out, _ = out_and_screen()
    ran = False
    with pytest.raises(Failed, match="cannot be written"), redirect(Pipeline(file=str(tmp_path / "no/f")), out, None):
        ran = True
    assert not ran


def test_a_command_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    old, fresh = tmp_path / "old", tmp_path / "fresh"
    old.write_text("old")
    for path in (old, fresh):
        out, _ = out_and_screen()
        with pytest.raises(NotFound), redirect(Pipeline(file=str(path)), out, None):
            raise NotFound("Nothing is there.")
    assert old.read_text() == "old"
    assert not fresh.exists()


def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    deliver(Pipeline(file=os.devnull), TOKEN)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_a_command_of_the_system_gets_the_result_and_its_output_is_shown() -> None:
    assert deliver(Pipeline(shell="tr a-z A-Z | head -1"), "one\ntwo") == "ONE\n"
    assert deliver(Pipeline(shell="exec true"), "x\n" * 100_000) == "", "that it reads nothing is no failure"


@pytest.mark.parametrize(("command", "code"), [("exit 3", 3), ("kill -TERM $$", 143), ("no-such-program 2>&-", 127)])
def test_the_exit_code_of_a_command_is_that_of_the_line(command: str, code: int) -> None:
    with pytest.raises(Failed) as caught:
        run_shell_command(command, "", io.StringIO())
    assert caught.value.exit_code == code


def test_a_sheet_knows_whether_it_ends_on_a_screen() -> None:
    assert not Sheet().isatty()
    assert Sheet(os.terminal_size((80, 24))).isatty()
