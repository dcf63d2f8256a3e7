"""Lines of a script that run several at a time, what becomes of them shown in the order of the script.

Rules:

- Lines that neither set nor use a variable, and change nothing of this shell, run at the same time as their
  neighbours. Any other waits until all before it have ended, and those behind it wait for it.
- What a line prints is kept until its turn: the output is that of a run in turn.
- After the first failure, or Ctrl-C, no line is begun. Those that had been begun end, and are shown and counted: they
  may have made a token, and its secret must not be lost.
"""

import copy
import io
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import NamedTuple

from vshell.errors import Interrupted, ShellError
from vshell.run import script
from vshell.run.results import Line, LineResult, Summary
from vshell.session import Session

AHEAD = 4
"""How many lines for each job may have been begun before the oldest has been shown."""


class Printed(NamedTuple):
    """What became of a line, None where there was nothing to run, and what it printed."""

    done: LineResult | None
    results: str
    notes: str


def run(lines: Iterable[Line], session: Session, tally: Summary, *, jobs: int, keep_going: bool) -> None:
    """Run the lines, up to ``jobs`` at a time; failures are noted and counted in ``tally``."""
    last: Line | None = None
    with closing(_Crew(session, tally, jobs, keep_going)) as crew:
        try:
            for line in lines:
                last = line
                is_alone = not is_independent(line, session)
                if is_alone:
                    crew.wait()
                if crew.stopped.is_set():
                    break
                if is_alone:
                    crew.run_alone(line)
                else:
                    crew.begin(line)
                if session.leaving:
                    break
            crew.wait()
        except KeyboardInterrupt:
            crew.stopped.set()
            crew.wait()
            session.out.note(script.describe_stop(last, running=True))
            tally.stop(Interrupted.exit_code)


def is_independent(line: Line, session: Session) -> bool:
    """Tell whether a line may run at the same time as others."""
    try:
        parsed = script.read_line(line, session)
    except ShellError:
        return True  # It is reported in its turn.
    changes_here = parsed.command is not None and parsed.command.here
    return parsed.assigns is None and "$" not in line.text and not changes_here


class _Crew:
    """The threads that run lines, and the one that shows what has become of them."""

    def __init__(self, session: Session, tally: Summary, jobs: int, keep_going: bool) -> None:
        self._session = session
        self._tally = tally
        self._keep_going = keep_going
        self.stopped = threading.Event()
        self._clients = [session.client.fork() for _ in range(jobs)]  # those that are free
        self._runners = ThreadPoolExecutor(jobs, thread_name_prefix="vshell-job")
        self._shower = ThreadPoolExecutor(1, thread_name_prefix="vshell-show")
        self._room = threading.Semaphore(jobs * AHEAD)
        self._shown: Future[None] | None = None
        self._trouble: BaseException | None = None

    def begin(self, line: Line) -> None:
        """Have a line run; wait while too many are ahead of what has been shown."""
        self._room.acquire()
        self._shown = self._shower.submit(self._show_next, self._runners.submit(self._run, line))

    def run_alone(self, line: Line) -> None:
        """Run a line here, while no other runs."""
        done = script.run_script_line(line, self._session, self._tally.clock)
        self._show(Printed(done, "", ""))

    def wait(self) -> None:
        """Wait until all that was begun has been shown; raises what showing it raised."""
        if self._shown is not None:
            self._shown.result()
        if self._trouble is not None:
            raise self._trouble

    def close(self) -> None:
        """End the threads."""
        self._runners.shutdown()
        self._shower.shutdown()
        for client in self._clients:
            client.close()

    def _run(self, line: Line) -> Printed:
        """Run a line in a session of its own, and return what it prints."""
        if self.stopped.is_set():
            return Printed(None, "", "")
        client = self._clients.pop()
        try:
            out = copy.copy(self._session.out)
            results, notes = io.StringIO(), io.StringIO()
            out.stdout, out.stderr = results, notes
            own = Session(client, out, self._session.settings, names=self._session.names)
            own.registry, own.sources = self._session.registry, self._session.sources
            own.variables = self._session.variables
            done = script.run_script_line(line, own, self._tally.clock)
            return Printed(done, results.getvalue(), notes.getvalue())
        finally:
            self._clients.append(client)

    def _show_next(self, begun: Future[Printed]) -> None:
        try:
            printed = begun.result()
            if self._trouble is None:
                self._show(printed)
        except BaseException as trouble:  # Raised by the thread that waits.
            self._trouble = self._trouble or trouble
            self.stopped.set()
        finally:
            self._room.release()

    def _show(self, printed: Printed) -> None:
        """Show what one line printed, and count it."""
        out = self._session.out
        if printed.notes:
            out.note(printed.notes)
        out.stdout.write(printed.results)
        out.stdout.flush()
        if printed.done is not None:
            self._tally.add(printed.done)
            if script.ends_script(printed.done, keep_going=self._keep_going):
                self.stopped.set()
