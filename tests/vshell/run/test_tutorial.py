"""The tutorial: its lines are lines of the language, and a line counts only when it is what was asked for."""

import pytest

import vshell.commands  # noqa: F401 (declares them)
from tests.vshell.small import Streams
from vshell.language.grammar import parse
from vshell.run.tutorial import Lesson, read_lesson

KNOWN = {"owner": "ann", "id": "427hZs6d"}


@pytest.mark.parametrize("step", read_lesson().steps, ids=lambda step: step.command)
def test_the_line_of_each_step_can_be_run_and_counts_for_it(step: object) -> None:
    one = Lesson((step,), KNOWN)  # type: ignore[arg-type]  # a step, as pytest hands it
    line = one.instruction().split("\n\n")[1].strip()
    assert parse(line).complete, line
    one.advance(parse(line), {})
    assert one.is_over


def test_it_walks_through_create_use_narrow_revoke() -> None:
    commands = [step.command for step in read_lesson().steps]
    assert commands[1:4] == ["apitoken create", "apitoken verify", "apitoken create"]
    assert "apitoken revoke" in commands


def test_what_a_line_made_is_used_in_the_later_ones() -> None:
    going = read_lesson()
    told = going.advance(parse("manager create --username zoe"), {"id": 9, "username": "zoe"})
    assert told is not None
    assert "apitoken create --owner zoe" in told
    going.advance(parse("apitoken create --owner zoe"), {"id": "427hZs6d", "token": "427hZs6d.secret"})
    while "apitoken revoke" not in going.instruction():
        assert "secret" not in going.instruction()
        going.skip()
    assert "apitoken revoke --id 427hZs6d" in going.instruction()


@pytest.mark.parametrize("line", ["help", "apitoken list", "manager list", "manager show --id 2"])
def test_another_line_is_not_the_step_and_the_person_is_told_where_they_are(line: str) -> None:
    going = read_lesson()
    told = going.advance(parse(line), [])
    assert told is not None
    assert "The tutorial goes on with:" in told
    assert going.at == 0


def test_its_own_words_and_empty_lines_are_not_heard() -> None:
    going = read_lesson()
    assert going.advance(parse("tutorial skip"), None) is None
    assert going.advance(parse("# nothing"), None) is None


def test_who_leaves_is_not_told_how_it_goes_on() -> None:
    session = Streams()
    going = read_lesson()
    session.listeners.append(going)
    going.finish(parse("help"), None, session)
    assert "The tutorial goes on with:" in session.stderr.getvalue()
    session.stderr.truncate(0)
    session.leaving = True
    going.finish(parse("exit"), None, session)
    assert session.stderr.getvalue() == ""


def test_after_the_last_step_it_is_over() -> None:
    going = read_lesson()
    for _ in going.steps:
        told = going.skip()
    assert going.is_over
    assert told.startswith("That was all.")
    assert going.advance(parse("help"), None) is None


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_it_fits_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    going = read_lesson()
    while not going.is_over:
        text = going.instruction().split("\n\n")[0]
        assert max(map(len, text.splitlines())) < columns
        going.skip()
