"""What became of the lines of a script: told as they end, counted, and written into a report if one is wanted."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from vshell.errors import ShellError, render

if TYPE_CHECKING:
    from vshell.language.parsed_line import ParsedLine
    from vshell.run.report import Report
    from vshell.run.script import Line
    from vshell.terminal.progress import Progress


class LineResult(NamedTuple):
    """One line that ran: ``seconds`` is how long, ``error`` how it failed, ``result`` what its command returned.

    ``reading`` is None for a line that could not be read at all.
    """

    line: Line
    reading: ParsedLine | None
    seconds: float
    result: object = None
    error: ShellError | None = None


class ScriptResult(NamedTuple):
    """How a script ended: the exit code of the first failure (0 without one) and how many lines ran and failed."""

    exit_code: int
    lines: int
    failed: int


class Summary:
    """Counts the lines as they end, in their order; ``note`` tells a failure, ``report`` keeps every line.

    ``progress`` shows how many have ended, ``expected`` tells how many there will be, None where that is unknown; it
    is asked when there is something to show.
    """

    def __init__(
        self,
        note: Callable[[str], None],
        report: Report | None = None,
        clock: Callable[[], float] = time.monotonic,
        progress: Progress | None = None,
        expected: Callable[[], int | None] | None = None,
    ) -> None:
        self._note = note
        self._expected = expected
        self._progress = progress
        self._report = report
        self.clock = clock
        self._began = clock()
        self._exit_code = self._lines = self._failed = 0

    def add(self, done: LineResult) -> None:
        """Count a line, tell its failure as ``file:line: sentence``, and write it into the report."""
        self._lines += 1
        if self._progress is not None:
            if self._expected is not None and self._progress.is_due:
                self._progress.expect(self._expected())
                self._expected = None
            self._progress.advance()
        if done.error is not None:
            self._failed += 1
            self._exit_code = self._exit_code or done.error.exit_code
            with self._progress.hidden() if self._progress is not None else nullcontext():
                self._note(render(done.error, place=done.line.place))
        if self._report is not None:
            self._report.add(done)

    def stop(self, exit_code: int) -> None:
        """End with this exit code, whatever failed before."""
        self._exit_code = exit_code

    @property
    def outcome(self) -> ScriptResult:
        """How it stands."""
        return ScriptResult(self._exit_code, self._lines, self._failed)

    def summary(self) -> str:
        """Return one line: how many lines ran, were done and failed, and how long all of it took."""
        seconds = self.clock() - self._began
        noun = "line" if self._lines == 1 else "lines"
        return f"{self._lines} {noun}: {self._lines - self._failed} done, {self._failed} failed, {seconds:.1f} seconds."
