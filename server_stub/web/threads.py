"""Threads that run what an event loop hands them, one errand each at a time.

What a request costs beside its own work is mostly this way to a thread and back. ``loop.run_in_executor`` makes two
futures with their locks and callbacks for it; this makes one, and takes a third off the cost of an empty request.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable

_Errand = tuple[asyncio.AbstractEventLoop, Callable[[], None], "asyncio.Future[None]"]


class Threads:
    """A fixed number of threads, started at once."""

    def __init__(self, count: int):
        self._waiting: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"request-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def run(self, work: Callable[[], None]) -> "asyncio.Future[None]":
        """Run something in a thread; what is returned is done when it is, and raises what it raises."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.put((loop, work, done))
        return done

    def shutdown(self) -> None:
        """Finish all that was handed over, and end the threads."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (errand := self._waiting.get()) is not None:
            loop, work, done = errand
            error: BaseException | None = None
            try:
                work()
            except BaseException as raised:  # it belongs to whoever waits; this thread goes on
                error = raised
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, done, error)


def _settle(done: "asyncio.Future[None]", error: BaseException | None) -> None:
    if done.done():  # whoever waited was cancelled
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
