"""Rehearsal of a whole script: each line is read, and what the server would say is printed.

Rules:

- All lines are rehearsed, also behind one that would fail: the point is to hear everything that is wrong.
- Reading requests are sent, and their results not shown. Of each change what would be sent is printed,
  without the body.
- A line that changes only this shell or this machine (``set``, ``login``) is read and not run; ``exit`` ends the
  script, ``source`` rehearses its file.
- No question is put, and the lines are reported in their order although their answers come many at a time.
"""

import copy
import io
from collections.abc import Iterable

from vshell.client import dry_run
from vshell.client.dry_run import Change, NotTried, PutOff, RehearsalClient
from vshell.errors import Interrupted, ShellError
from vshell.formats.text import visible, without_tokens
from vshell.language.parsed_line import ParsedLine
from vshell.registry.view import Alarming
from vshell.run import run_line, script
from vshell.run.results import Line, LineResult, Summary
from vshell.run.undo import require_change
from vshell.run.watch import require_end
from vshell.session import Session


def run(lines: Iterable[Line], session: Session, tally: Summary) -> str:
    """Rehearse the lines, reporting and counting them in ``tally``; return the summary."""
    client = RehearsalClient(session.client)
    stage = _Stage(session, client, tally, attended=session.is_attended)
    interactive, leaving = session.interactive, session.leaving
    session.interactive = False
    try:
        with session.using(client):
            stage.run(lines)
            stage.report()
    except KeyboardInterrupt:
        session.out.note("Stopped by Ctrl-C; nothing was changed.")
        tally.stop(Interrupted.exit_code)
    finally:
        session.interactive, session.leaving = interactive, leaving
    return stage.summary()


class _Stage:
    """A rehearsal that is going on: the lines that have run and are not yet reported."""

    def __init__(self, session: Session, client: RehearsalClient, tally: Summary, *, attended: bool) -> None:
        self._session = session
        self._client = client
        self._tally = tally
        self._attended = attended
        self._waiting: list[tuple[LineResult, list[Change]]] = []
        self._untried = 0
        self._warned = False

    def run(self, lines: Iterable[Line]) -> None:
        """Rehearse the lines, up to one that leaves the shell."""
        for line in lines:
            self._rehearse(line)
            if self._client.is_full or not (self._waiting and self._waiting[-1][1]):
                self.report()
            if self._session.leaving:
                break

    def report(self) -> None:
        """Send what was put off, and report and count the lines that have run."""
        trouble: ShellError | None = None
        try:
            self._client.settle()
        except ShellError as gone:  # The server is away, or cannot rehearse: each line that waits failed by it.
            trouble = gone
        waiting, self._waiting = self._waiting, []
        if self._client.forgotten and not self._warned and waiting:
            self._warned = True
            self._session.out.note(
                f"{waiting[0][0].line.place}: from here on the server is asked without the first changes of the "
                f"script: it rehearses {dry_run.MOST_REQUESTS} at a time. What builds on those is told as failing, "
                "and a quota may seem to have room."
            )
        for done, changes in waiting:
            error = done.error or next((change.error for change in changes if change.error), None)
            if not all(change.answered for change in changes):
                error = error or trouble
            if error is None:
                for change in changes:
                    self._print(done.line, change)
            self._tally.add(done._replace(error=error))

    def summary(self) -> str:
        """Return what would become of the lines."""
        text = f"Dry run, nothing was changed. {self._tally.summary()}".replace(" done, ", " would be done, ")
        text = text.replace(" failed, ", " would fail, ")
        if self._untried:
            text += f"\n{self._untried} of them the server cannot try without doing it, so they may still fail."
        if forgotten := self._client.forgotten:
            text += f"\nThe last lines were asked about without the first {forgotten} changes: there are too many."
        return text

    def _print(self, line: Line, change: Change) -> None:
        self._untried += not change.tried
        what = "would be sent" if change.tried else "would be sent; it was not tried"
        self._session.out.stdout.write(visible(without_tokens(f"{line.place}: {change} {what}")) + "\n")
        self._session.out.stdout.flush()

    def _rehearse(self, line: Line) -> None:
        """Rehearse one line."""
        began = self._tally.clock()
        changes: list[Change] = []
        self._client.changes = changes
        done = LineResult(line, None, 0.0)
        try:
            parsed = script.read_line(line, self._session)
            if parsed.empty:
                return
            done = done._replace(parsed=parsed)
            done = done._replace(result=self._perform(parsed))
        except PutOff:
            pass  # Whether it would be refused is known later.
        except NotTried:
            for change in changes[-1:]:
                change.tried, change.answered = False, True
        except ShellError as trouble:
            done = done._replace(error=trouble)
        self._waiting.append((done._replace(seconds=self._tally.clock() - began), changes))

    def _perform(self, line: ParsedLine) -> object:
        """Run what the line calls for against the rehearsal, and return the result."""
        session, command = self._session, line.command
        if line.mistake is not None or command is None:
            raise line.error()
        require_end(line, attended=self._attended)
        if command.here:
            self._follow(command.words, line)
            return None
        self._client.putting_off = line.assigns is None
        out = session.out
        session.out = copy.copy(out)
        session.out.stdout = session.out.stderr = io.StringIO()
        try:
            result = run_line.fetch_all(run_line.call_command(command, line, session), session)
        finally:
            session.out = out
        if isinstance(result, Alarming):
            raise result.error
        if line.assigns is not None:
            session.variables[line.assigns] = result
        return result

    def _follow(self, words: tuple[str, ...], line: ParsedLine) -> None:
        """Follow what a line of the shell's own would do to the script."""
        if words == ("exit",):
            self._session.leaving = True
        elif words == ("undo",):
            require_change(self._session)
        elif words == ("source",):
            self.report()
            with script.open_lines(str(line.values["file"]), self._session) as lines:
                self.run(lines)
