"""Run lines of a script several at a time, and show what becomes of them in the order of the script.

Rules:

- Lines that neither set nor use a variable, and change nothing of this shell, run at the same time as their
  neighbours. Any other waits until all before it have ended, and those behind it wait for it.
- What a line prints is kept until its turn: the output is that of a run in turn.
- After the first failure, or Ctrl-C, no line is begun. Those that had been begun end, and are shown and counted: they
  may have made a token, and its secret must not be lost.
"""

from __future__ import annotations

import copy
import io
import queue
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

from vshell.client.client import Client
from vshell.errors import Interrupted, ShellError
from vshell.registry.tree import Registry
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


def run(
    lines: Iterable[Line], session: Session, tally: Summary, *, jobs: int, keep_going: bool, registry: Registry
) -> None:
    """Run the lines, up to ``jobs`` at a time; failures are noted and counted in ``tally``."""
    last: Line | None = None
    with _crew(session, tally, jobs, keep_going, registry) as crew:
        try:
            for line in lines:
                last = line
                if crew.stopped.is_set():
                    break
                if is_independent(line, session, registry):
                    crew.begin(line)
                    continue
                crew.wait()
                if crew.stopped.is_set():
                    break
                crew.in_turn(line)
                if session.leaving:
                    break
        except KeyboardInterrupt:
            crew.stopped.set()
            crew.wait()
            session.out.note(script.describe_stop(last, running=True))
            tally.stop(Interrupted.exit_code)


def is_independent(line: Line, session: Session, registry: Registry) -> bool:
    """Tell whether a line may run at the same time as others."""
    try:
        reading = script.read_line(line, session, registry)
    except ShellError:
        return True  # It is told in its turn.
    changes_here = reading.command is not None and reading.command.here
    return reading.assigns is None and "$" not in line.text and not changes_here


@contextmanager
def _crew(session: Session, tally: Summary, jobs: int, keep_going: bool, registry: Registry) -> Iterator[_Crew]:
    """Have the threads at work while the block runs."""
    crew = _Crew(session, tally, jobs, keep_going, registry)
    try:
        yield crew
        crew.wait()
    finally:
        crew.close()


class _Crew:
    """The threads that run lines, and the one that shows what has become of them."""

    def __init__(self, session: Session, tally: Summary, jobs: int, keep_going: bool, registry: Registry) -> None:
        self._session = session
        self._tally = tally
        self._keep_going = keep_going
        self._registry = registry
        self.stopped = threading.Event()
        self._free: queue.SimpleQueue[Client] = queue.SimpleQueue()
        self._clients = [session.api.fork() for _ in range(jobs)]
        for client in self._clients:
            self._free.put(client)
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="vshell-job")
        self._begun: queue.Queue[Future[Printed] | None] = queue.Queue(jobs * AHEAD)
        self._trouble: BaseException | None = None
        self._shower = threading.Thread(target=self._show_all, name="vshell-show", daemon=True)
        self._shower.start()

    def begin(self, line: Line) -> None:
        """Have a line run; wait while too many are ahead of what has been shown."""
        self._begun.put(self._pool.submit(self._run, line))

    def in_turn(self, line: Line) -> None:
        """Run a line here, while no other runs."""
        done = script.run_line(line, self._session, self._registry, self._tally.clock)
        self._show(Printed(done, "", ""))

    def wait(self) -> None:
        """Wait until all that was begun has been shown; raises what showing it raised."""
        self._begun.join()
        if self._trouble is not None:
            raise self._trouble

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()
        self._begun.put(None)
        self._shower.join()
        for client in self._clients:
            client.close()

    def _run(self, line: Line) -> Printed:
        """Run a line in a session of its own, and keep what it prints."""
        if self.stopped.is_set():
            return Printed(None, "", "")
        client = self._free.get()
        try:
            out = copy.copy(self._session.out)
            results, notes = io.StringIO(), io.StringIO()
            out.stdout, out.stderr = results, notes
            own = Session(client, out, self._session.settings, names=self._session.names)
            own.variables, own.sources = self._session.variables, self._session.sources
            done = script.run_line(line, own, self._registry, self._tally.clock)
            return Printed(done, results.getvalue(), notes.getvalue())
        finally:
            self._free.put(client)

    def _show_all(self) -> None:
        while (begun := self._begun.get()) is not None:
            try:
                if self._trouble is None:
                    self._show(begun.result())
            except BaseException as trouble:  # Told by the thread that waits.
                self._trouble = trouble
                self.stopped.set()
            finally:
                self._begun.task_done()

    def _show(self, printed: Printed) -> None:
        """Show what one line printed, and count it."""
        out = self._session.out
        if printed.notes:
            out.note(printed.notes)
        out.stdout.write(printed.results)
        out.stdout.flush()
        if printed.done is not None:
            self._tally.add(printed.done)
            if script.ends(printed.done, keep_going=self._keep_going):
                self.stopped.set()
