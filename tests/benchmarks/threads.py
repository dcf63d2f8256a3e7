"""Errands from an event loop to its threads and back: our pool beside concurrent.futures, alone and many at once.

It shows why ``server_stub.web.http.thread_pool`` is ours.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from server_stub.web.http.rsgi import THREADS
from server_stub.web.http.thread_pool import Threads
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn

ROUNDS = 15
ERRANDS = 2_000
OURS, PEER = "our threads", "ThreadPoolExecutor"

Run = Callable[[Callable[[], None]], "asyncio.Future[None]"]


def run(rounds: int) -> list[Report]:
    """Measure and return the reports."""
    reports = []
    for at_once in (1, 32):
        contestants = [
            Contestant(OURS, functools.partial(_ours, at_once)),
            Contestant(PEER, functools.partial(_peer, at_once)),
        ]
        figures = in_turn(contestants, rounds)
        bars = [Bar(OURS, 0.8, beside=PEER)]
        reports.append(Report(f"an empty errand, {at_once} at once", "µs", figures, yardstick=PEER, bars=bars))
    return reports


def _ours(at_once: int) -> float:
    threads = Threads(THREADS)
    try:
        return asyncio.run(_measure(lambda loop: threads.run, at_once))
    finally:
        threads.shutdown()


def _peer(at_once: int) -> float:
    with ThreadPoolExecutor(THREADS) as executor:
        return asyncio.run(_measure(lambda loop: functools.partial(loop.run_in_executor, executor), at_once))


async def _measure(runner: Callable[[asyncio.AbstractEventLoop], Run], at_once: int) -> float:
    """Return the microseconds of one errand."""
    run_errand = runner(asyncio.get_running_loop())

    async def go_on() -> None:
        for _ in range(ERRANDS // at_once):
            await run_errand(_nothing)

    began = time.perf_counter()
    await asyncio.gather(*(go_on() for _ in range(at_once)))
    return (time.perf_counter() - began) / ERRANDS * 1e6


def _nothing() -> None:
    """Do nothing."""
