"""A promise: waited for, kept once, or broken off with an error."""

import threading
import time

import pytest

from server_stub.store.engine.promise import Future


def test_a_result_is_waited_for() -> None:
    promise: Future[str] = Future()
    seen: list[str] = []
    waiter = threading.Thread(target=lambda: seen.append(promise.result()))
    waiter.start()
    time.sleep(0.05)
    assert (seen, promise.settled) == ([], False)
    promise.keep("done")
    waiter.join(5)
    assert (seen, promise.settled) == (["done"], True)
    assert promise.result() == "done"


def test_an_error_is_raised_where_the_result_is_wanted() -> None:
    promise: Future[None] = Future()
    promise.set_exception(ZeroDivisionError("here"))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError, match="here"):
            promise.result()


def test_what_is_set_first_stays() -> None:
    kept: Future[int] = Future()
    kept.keep(1)
    kept.keep(2)
    kept.set_exception(ZeroDivisionError())
    assert kept.result() == 1
