"""Errands to threads and back: what one raises comes back, a cancelled one hurts nobody, all are done at the end."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from server_stub.web.http.thread_pool import Threads


@pytest.fixture(name="threads")
def fixture_threads() -> Iterator[Threads]:
    made = Threads(2)
    yield made
    made.shutdown()


def test_errands_run_beside_each_other_and_off_the_loop(threads: Threads) -> None:
    met, names = threading.Barrier(2), set()

    def meet() -> None:
        names.add(threading.current_thread().name)
        met.wait(5)

    async def run() -> None:
        await asyncio.gather(threads.run(meet), threads.run(meet))

    asyncio.run(run())
    assert names == {"request-0", "request-1"}


def test_what_an_errand_raises_is_raised_where_it_is_waited_for(threads: Threads) -> None:
    done: list[int] = []

    async def run() -> None:
        for _ in range(4):  # more than there are threads: none of them was lost
            with pytest.raises(ZeroDivisionError):
                await threads.run(lambda: done.append(1 // 0))
        await threads.run(lambda: done.append(1))

    asyncio.run(run())
    assert done == [1]


def test_an_errand_that_nobody_waits_for_any_more_still_runs(threads: Threads) -> None:
    done: list[str] = []

    def slow() -> None:
        time.sleep(0.1)
        done.append("slow")

    async def run() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.run(slow), 0.01)
        await threads.run(lambda: done.append("next"))
        await asyncio.sleep(0.2)

    asyncio.run(run())
    assert sorted(done) == ["next", "slow"]


def test_the_end_of_the_loop_ends_no_thread(threads: Threads) -> None:
    async def leave() -> None:
        threads.run(lambda: time.sleep(0.1))

    async def again() -> None:
        await asyncio.gather(threads.run(list[None]().clear), threads.run(list[None]().clear))

    asyncio.run(leave())
    asyncio.run(again())


def test_what_was_handed_over_is_finished_before_the_end() -> None:
    done: list[int] = []
    threads = Threads(2)

    async def run() -> None:
        for number in range(20):
            threads.run(lambda number=number: done.append(number))  # type: ignore[misc]  # bound now, not later
        threads.shutdown()

    asyncio.run(run())
    assert sorted(done) == list(range(20))
