"""Rehearse a whole script: every line is read, and the server is asked what it would say; nothing is changed.

Rules:

- All lines are rehearsed, also behind one that would fail: the point is to hear everything that is wrong.
- Looks are made, and not shown. For each change it is printed what would be sent, without the body.
- A line that changes only this shell or this machine (``set``, ``login``) is read and not run; ``exit`` ends the
  script, ``source`` rehearses its file.
- Nothing is asked, and the lines are told in their order although their answers come many at a time.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable
from dataclasses import dataclass

from vshell.client import dry_run
from vshell.client.dry_run import Change, NotTried, PutOff, RehearsalClient
from vshell.errors import Interrupted, ShellError
from vshell.formats.text import visible
from vshell.formats.token_format import without_tokens
from vshell.language.parsed_line import ParsedLine
from vshell.registry.results import Alarming
from vshell.registry.tree import Registry
from vshell.run import run_line, script
from vshell.run.results import Line, LineResult, ScriptResult, Summary
from vshell.run.watch import require_end
from vshell.session import Session


@dataclass(slots=True)
class Rehearsed:
    """One line, as far as it is known what would become of it."""

    line: Line
    reading: ParsedLine | None
    seconds: float
    changes: list[Change]
    error: ShellError | None = None
    result: object = None


def run(lines: Iterable[Line], session: Session, tally: Summary, registry: Registry) -> str:
    """Rehearse the lines, telling and counting them in ``tally``; return the summary."""
    rehearsal = RehearsalClient(session.api)
    attended = session.is_attended
    interactive, leaving = session.interactive, session.leaving
    session.interactive = False
    stage = _Stage(session, rehearsal, tally, registry, attended=attended)
    try:
        with session.using(rehearsal):
            stage.run(lines)
            stage.tell()
    except KeyboardInterrupt:
        session.out.note("Stopped by Ctrl-C; nothing was changed.")
        tally.stop(Interrupted.exit_code)
    finally:
        session.interactive, session.leaving = interactive, leaving
    return _summary(tally, stage.untried, rehearsal.forgotten)


def _summary(tally: Summary, untried: int, forgotten: int) -> str:
    told = f"Dry run, nothing was changed. {tally.summary()}".replace(" done, ", " would be done, ")
    told = told.replace(" failed, ", " would fail, ")
    if untried:
        told += f"\n{untried} of them the server cannot try without doing it, so they may still fail."
    if forgotten:
        told += f"\nThe last lines were asked about without the first {forgotten} changes: there are too many."
    return told


class _Stage:
    """A rehearsal that is going on: the lines that have run and are not yet told."""

    def __init__(
        self, session: Session, rehearsal: RehearsalClient, tally: Summary, registry: Registry, *, attended: bool
    ) -> None:
        self._session = session
        self._rehearsal = rehearsal
        self._tally = tally
        self._registry = registry
        self._attended = attended
        self._waiting: list[Rehearsed] = []
        self.untried = 0
        self._warned = False

    def run(self, lines: Iterable[Line]) -> ScriptResult:
        """Rehearse the lines, up to one that leaves the shell."""
        for line in lines:
            self._line(line)
            if self._rehearsal.is_full or not (self._waiting and self._waiting[-1].changes):
                self.tell()
            if self._session.leaving:
                break
        return self._tally.outcome

    def tell(self) -> None:
        """Ask for what was put off, and tell and count the lines that have run."""
        trouble: ShellError | None = None
        try:
            self._rehearsal.settle()
        except ShellError as gone:  # The server is away, or cannot rehearse: each line that waits failed by it.
            trouble = gone
        waiting, self._waiting = self._waiting, []
        self._warn(waiting)
        for each in waiting:
            error = each.error or next((change.error for change in each.changes if change.error), None)
            if not all(change.answered for change in each.changes):
                error = error or trouble
            if error is None:
                for change in each.changes:
                    self._print(each.line, change)
            self._tally.add(LineResult(each.line, each.reading, each.seconds, each.result, error))

    def _warn(self, waiting: list[Rehearsed]) -> None:
        """Say at the first line that is concerned that a rehearsal has no room for all of the changes before it."""
        if self._rehearsal.forgotten and not self._warned and waiting:
            self._warned = True
            self._session.out.note(
                f"{waiting[0].line.place}: from here on the server is asked without the first changes of the script: "
                f"it rehearses {dry_run.MOST_REQUESTS} at a time. What builds on those is told as failing, and a "
                "quota may seem to have room."
            )

    def _print(self, line: Line, change: Change) -> None:
        self.untried += not change.tried
        what = "would be sent" if change.tried else "would be sent; it was not tried"
        text = visible(without_tokens(f"{line.place}: {change} {what}"))
        self._session.out.stdout.write(text + "\n")
        self._session.out.stdout.flush()

    def _line(self, line: Line) -> None:
        """Rehearse one line."""
        began = self._tally.clock()
        changes: list[Change] = []
        self._rehearsal.changes = changes
        reading: ParsedLine | None = None
        error: ShellError | None = None
        result: object = None
        try:
            reading = script.read_line(line, self._session, self._registry)
            if reading.empty:
                return
            result = self._perform(reading)
        except PutOff:
            pass  # Whether it would be refused is told later.
        except NotTried:
            for change in changes[-1:]:
                change.tried, change.answered = False, True
        except ShellError as trouble:
            error = trouble
        seconds = self._tally.clock() - began
        self._waiting.append(Rehearsed(line, reading, seconds, changes, error, result))

    def _perform(self, reading: ParsedLine) -> object:
        """Run what the line asks for against the rehearsal, and return the result."""
        session, command = self._session, reading.command
        if reading.mistake is not None or command is None:
            raise reading.error()
        require_end(reading, attended=self._attended)
        if command.here:
            self._here(reading)
            return None
        self._rehearsal.putting_off = reading.assigns is None
        out = session.out
        session.out = copy.copy(out)
        session.out.stdout = session.out.stderr = io.StringIO()
        try:
            result = run_line.fetch_all(run_line.call_command(command, reading, session), session)
        finally:
            session.out = out
        if isinstance(result, Alarming):
            raise result.error
        if reading.assigns is not None:
            session.variables[reading.assigns] = result
        return result

    def _here(self, reading: ParsedLine) -> None:
        """Follow what a line of the shell's own would do to the script."""
        words = reading.command.words if reading.command else ()
        if words == ("exit",):
            self._session.leaving = True
        elif words == ("undo",):
            from vshell.run.undo import require_change

            require_change(self._session)
        elif words == ("source",):
            self.tell()
            with script.open_lines(str(reading.values["file"]), self._session) as lines:
                self.run(lines)
