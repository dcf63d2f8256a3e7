"""Batches: the lines of a script run in turn, several at once, or only rehearsed.

Rules:

- The first line that fails ends the run, unless it is to keep going; a rehearsal always goes on.
- A summary is printed on standard error when one of these options was given. Otherwise a script that
  goes well says nothing but its results.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import partial
from typing import NamedTuple

from vshell.errors import Mistake
from vshell.formats.text import visible
from vshell.run import script
from vshell.run.results import Line, ScriptResult, Summary, open_report
from vshell.session import Session

MOST_JOBS = 64


class RunOptions(NamedTuple):
    """How a script is run: ``jobs`` lines at once, ``report`` is the file of the report."""

    keep_going: bool = False
    dry_run: bool = False
    jobs: int = 1
    report: str | None = None

    @property
    def has_summary(self) -> bool:
        """Tell whether a summary is wanted."""
        return self != RunOptions()


def parse_jobs(text: str | None) -> int:
    """Return the number of jobs that ``--jobs`` names, 1 without it. Raises Mistake for anything but 1 to 64."""
    if text is None:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= MOST_JOBS and len(text) <= 3):
        raise Mistake(f"--jobs cannot be '{visible(text)}'.", f"Give a whole number from 1 to {MOST_JOBS}.")
    return int(text)


def refuse_script_options(options: RunOptions) -> None:
    """Raise Mistake for options that are for scripts where there is only a prompt to be shown."""
    if options._replace(keep_going=False).has_summary:
        raise Mistake(
            "--dry-run, --jobs and --report are for lines and scripts.",
            "Name a script with -f; at the prompt use: source FILE --dry-run",
        )


def run_file(path: str, session: Session, options: RunOptions) -> ScriptResult:
    """Run the script at ``path``; raises ShellError when it cannot be opened or its report cannot be written."""
    with script.open_lines(path, session) as lines:
        return run(lines, session, options, partial(script.count_lines, path))


def run(
    lines: Iterable[Line], session: Session, options: RunOptions, expected: Callable[[], int | None] | None = None
) -> ScriptResult:
    """Run the lines; raises Failed when the report cannot be written. ``expected`` tells how many there will be."""
    with (
        open_report(options.report) if options.report else nullcontext() as report,
        session.out.progress("lines") as progress,
    ):
        tally = Summary(session.out.note, report, progress=progress, expected=expected)
        if options.dry_run:
            from vshell.run import rehearsal

            summary = rehearsal.run(lines, session, tally)
        else:
            if options.jobs > 1:
                from vshell.run import parallel

                parallel.run(lines, session, tally, jobs=options.jobs, keep_going=options.keep_going)
            else:
                script.run_in_turn(lines, session, tally, keep_going=options.keep_going)
            summary = tally.summary()
    if options.has_summary:
        session.out.note(summary)
    return tally.outcome
