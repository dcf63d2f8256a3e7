"""Results of a script's lines: counted, summed up, and written into a report when one is wanted.

The report is a file of JSON, one object per line of the script, written as they end:

    {"source": "setup.vsh", "line": 3, "text": "apitoken create --owner bob", "exit_code": 0, "seconds": 0.013,
     "ids": ["428BFekp"], "error": null}

Rules:

- No secret is in it: secrets in ``text`` are masked as in the history, and of a result there are only the ids.
- The file is the user's alone (mode 0600), for the lines name people and things.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from vshell.errors import Failed, ShellError, render
from vshell.formats.text import ids_of, visible, without_tokens
from vshell.language.parsed_line import ParsedLine
from vshell.terminal.screen import Progress


class Line(NamedTuple):
    """A line of a script, with where it begins; ``problem`` says why it cannot be read, if so."""

    source: str
    number: int
    text: str
    problem: str | None = None

    @property
    def place(self) -> str:
        """Return "file:line"."""
        return f"{self.source}:{self.number}"


class LineResult(NamedTuple):
    """One line that ran: ``seconds`` is how long, ``error`` how it failed, ``result`` what its command returned.

    ``parsed`` is None for a line that could not be read at all.
    """

    line: Line
    parsed: ParsedLine | None
    seconds: float
    result: object = None
    error: ShellError | None = None


class ScriptResult(NamedTuple):
    """How a script ended: the exit code of the first failure (0 without one) and how many lines ran and failed."""

    exit_code: int
    lines: int
    failed: int


class Summary:
    """Counts the lines as they end, in their order; ``note`` shows a failure, ``report`` writes every line down.

    ``progress`` shows how many have ended, ``expected`` returns how many there will be, None where that is unknown; it
    is called when there is something to show.
    """

    def __init__(
        self,
        note: Callable[[str], None],
        report: Callable[[LineResult], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        progress: Progress | None = None,
        expected: Callable[[], int | None] | None = None,
    ) -> None:
        self._note = note
        self._expected = expected
        self._progress = progress or Progress("lines", stream=None)
        self._report = report
        self.clock = clock
        self._began = clock()
        self._exit_code = self._lines = self._failed = 0

    def add(self, done: LineResult) -> None:
        """Count a line, tell its failure as ``file:line: sentence``, and write it into the report."""
        self._lines += 1
        if self._expected is not None and self._progress.is_due:
            self._progress.expect(self._expected())
            self._expected = None
        self._progress.advance()
        if done.error is not None:
            self._failed += 1
            self._exit_code = self._exit_code or done.error.exit_code
            self._progress.erase()
            self._note(render(done.error, place=done.line.place))
        if self._report is not None:
            self._report(done)

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


@contextmanager
def open_report(path: str) -> Iterator[Callable[[LineResult], None]]:
    """Open the report at ``path``, replacing what was in it, and give what writes a line's result into it.

    Raises Failed when it cannot be opened. Writing raises Failed too: a run without its report does not go on.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", buffering=1)
    except OSError as trouble:
        raise Failed(f"The report {visible(path)} cannot be written: {trouble.strerror}.", "Nothing was run.") from None

    def write(done: LineResult) -> None:
        fact = {
            "source": done.line.source,
            "line": done.line.number,
            "text": mask_parsed(done.parsed),
            "exit_code": done.error.exit_code if done.error else 0,
            "seconds": round(done.seconds, 6),
            "ids": ids_of(done.result),
            "error": without_tokens(done.error.sentence) if done.error else None,
        }
        try:
            file.write(json.dumps(fact, ensure_ascii=False) + "\n")
        except OSError as trouble:
            raise Failed(
                f"{done.line.place}: the report {visible(path)} cannot be written: {trouble.strerror}.",
                "The run ends here; what was begun before has been done.",
            ) from None

    try:
        yield write
    finally:
        with suppress(OSError):  # It was reported when a line was to be written.
            file.close()


def mask_parsed(line: ParsedLine | None) -> str:
    """Return a line as it may be read by anybody: its secrets hidden, or all of it where they cannot be found."""
    from vshell.language.masking import HIDDEN, mask_line  # its patterns are needed only by a report

    return HIDDEN if line is None else mask_line(line) or HIDDEN
