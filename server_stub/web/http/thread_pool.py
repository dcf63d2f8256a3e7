"""Threads that run what an event loop hands them, one errand each at a time.

What a request costs beside its own work is mostly this way to a thread and back. ``loop.run_in_executor`` makes two
futures with their locks and callbacks for it; this makes one, and takes a third off the cost of an empty request. The
loop is woken once for all that has been done meanwhile.
"""

import asyncio
import collections
import queue
import threading
from collections.abc import Callable

_Errand = tuple[Callable[[], None], "asyncio.Future[None]"]


class Threads:
    """A fixed number of threads, started at once, for the errands of one event loop."""

    def __init__(self, count: int):
        self._waiting: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        self._done: collections.deque[tuple[asyncio.Future[None], BaseException | None]] = collections.deque()
        self._woken = False
        self._threads = [threading.Thread(target=self._work, name=f"request-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def run(self, work: Callable[[], None]) -> "asyncio.Future[None]":
        """Run something in a thread; what is returned is done when it is, and raises what it raises."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put((work, done))
        return done

    def shutdown(self) -> None:
        """Finish all that was handed over, and end the threads."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (errand := self._waiting.get()) is not None:
            work, done = errand
            error: BaseException | None = None
            try:
                work()
            except BaseException as raised:  # it belongs to whoever waits; this thread goes on
                error = raised
            self._done.append((done, error))
            self._wake(done.get_loop())

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the loop settle what is done. While it is woken but has not begun to, it will see this one too."""
        if not self._woken:
            self._woken = True
            try:
                loop.call_soon_threadsafe(self._settle_all)
            except RuntimeError:  # the loop is closed: nobody waits any more
                self._woken = False

    def _settle_all(self) -> None:
        self._woken = False  # before anything is taken: what is done from now on wakes the loop anew
        while self._done:
            done, error = self._done.popleft()
            if done.done():  # whoever waited was cancelled
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
