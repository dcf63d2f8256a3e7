"""Waiting: forbidden for as long as something runs, in that thread alone, and no failure to a handler."""

import threading

import pytest

from server_stub.store.engine import blocking


def test_what_does_not_wait_comes_to_its_end() -> None:
    done: list[int] = []
    assert blocking.try_inline(lambda: done.append(1))
    assert done == [1]


def test_what_begins_to_wait_is_left_there_and_nothing_in_it_takes_that_for_a_failure() -> None:
    done: list[str] = []

    def wait() -> None:
        try:
            blocking.about_to_block()
        except Exception:
            done.append("taken for a failure")
        done.append("waited")

    assert not blocking.try_inline(wait)
    assert done == []


def test_waiting_is_forbidden_nowhere_else_and_not_afterwards() -> None:
    waited: list[str] = []

    def elsewhere() -> None:
        blocking.about_to_block()
        waited.append("elsewhere")

    def run() -> None:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()

    assert blocking.try_inline(run)
    blocking.about_to_block()
    assert waited == ["elsewhere"]


def test_what_fails_raises_what_it_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        blocking.try_inline(lambda: print(1 // 0))
    blocking.about_to_block()
