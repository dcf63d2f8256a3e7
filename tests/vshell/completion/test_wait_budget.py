"""A moment is waited only for who answered within a moment before."""

import threading

from vshell.completion.wait_budget import WaitBudget

LONG = 20.0


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def asked_before(took: float, moment: float) -> WaitBudget:
    """Return a patience whose last question took so many seconds."""
    clock = Clock()
    patience = WaitBudget(clock, moment)
    patience.asked("before")
    clock.now += took
    patience.answered("before")
    assert patience.wait()
    return patience


def test_nobody_is_waited_for_before_they_answered_quickly() -> None:
    patience = WaitBudget(moment=LONG)
    patience.asked("a")
    assert not patience.wait()


def test_who_was_quick_is_waited_for_until_the_answer() -> None:
    patience = asked_before(LONG, LONG)
    patience.asked("a")
    threading.Timer(0, patience.answered, ["a"]).start()
    assert patience.wait()


def test_who_does_not_answer_is_waited_for_once() -> None:
    patience = asked_before(0, 0.001)
    patience.asked("a")
    assert not patience.wait()
    patience._moment = LONG
    assert not patience.wait()


def test_a_slow_answer_is_no_reason_to_wait() -> None:
    patience = asked_before(LONG + 1, LONG)
    patience.asked("a")
    assert not patience.wait()


def test_an_answer_is_told_once() -> None:
    patience = asked_before(0, LONG)
    assert not patience.wait()


def test_another_questions_answer_is_none() -> None:
    patience = asked_before(LONG + 1, LONG)
    patience.asked("a")
    patience.answered("before")
    assert not patience.wait()


def test_nothing_is_waited_for_once_nobody_wants_to_know() -> None:
    patience = asked_before(0, LONG)
    patience.asked("a")
    patience.dropped()
    assert not patience.wait()
    patience.asked("b")
    threading.Timer(0, patience.answered, ["b"]).start()
    assert patience.wait()  # It was not the server that was slow.
