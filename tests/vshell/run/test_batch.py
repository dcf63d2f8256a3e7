"""How a script may be run, and what is told at its end."""

from pathlib import Path

import pytest

from tests.vshell.small import Streams
from vshell.errors import Failed, Mistake
from vshell.run.batch import RunOptions, parse_jobs, refuse_script_options, run, run_file
from vshell.run.script import number_lines


@pytest.mark.parametrize(("text", "number"), [(None, 1), ("1", 1), ("8", 8), ("64", 64)])
def test_jobs_are_a_number(text: str | None, number: int) -> None:
    assert parse_jobs(text) == number


@pytest.mark.parametrize("text", ["", "0", "65", "-1", "two", "²", "1000000000", "1.5"])
def test_jobs_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Mistake, match="--jobs cannot be"):
        parse_jobs(text)


def test_a_script_that_goes_well_says_nothing_of_itself() -> None:
    session = Streams()
    assert run(number_lines(["help 1"]), session, RunOptions()).exit_code == 0
    assert session.stderr.getvalue() == ""


def test_a_summary_is_told_where_a_manner_was_asked_for() -> None:
    session = Streams()
    outcome = run(number_lines(["help 1", "help 2"]), session, RunOptions(keep_going=True))
    assert (outcome.exit_code, outcome.lines) == (0, 2)
    assert session.stdout.getvalue() == "1\n2\n"
    assert session.stderr.getvalue().startswith("2 lines: 2 done, 0 failed, ")


def test_a_report_is_written_for_a_script_that_stops(tmp_path: Path) -> None:
    session, report = Streams(), tmp_path / "report"
    script = tmp_path / "a.vsh"
    script.write_text("help 1\nxyzzy\nhelp 3\n")
    assert run_file(str(script), session, RunOptions(report=str(report))).exit_code == 2
    assert len(report.read_text().splitlines()) == 2, "the third line did not run"
    assert session.stderr.getvalue().splitlines()[-1].startswith("2 lines: 1 done, 1 failed, ")


def test_nothing_runs_when_the_report_cannot_be_written(tmp_path: Path) -> None:
    session = Streams()
    with pytest.raises(Failed):
        run(number_lines(["help 1"]), session, RunOptions(report=str(tmp_path)))
    assert session.stdout.getvalue() == ""


@pytest.mark.parametrize("manner", [RunOptions(dry_run=True), RunOptions(jobs=2), RunOptions(report="x")])
def test_what_is_for_scripts_is_refused_at_the_prompt(manner: RunOptions) -> None:
    with pytest.raises(Mistake, match="for lines and scripts"):
        refuse_script_options(manner)


def test_going_on_is_what_a_prompt_does_anyway() -> None:
    refuse_script_options(RunOptions(keep_going=True))
