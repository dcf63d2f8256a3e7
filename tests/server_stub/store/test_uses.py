"""Uses: noted at once, handed over whole, no more than one row a token and second."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server_stub.store import uses
from server_stub.store.uses import Use, Uses


def test_the_last_use_of_each_token_is_handed_over_once() -> None:
    noted = Uses()
    noted.note("a", Use(1))
    noted.note("b", Use(2))
    noted.note("a", Use(3))
    assert noted.take() == {"a": Use(3), "b": Use(2)}
    assert noted.take() == {}


def test_no_token_is_lost_while_others_are_handed_over() -> None:
    noted, seen = Uses(), set[str]()
    with ThreadPoolExecutor(4) as pool:
        work = pool.map(lambda number: noted.note(str(number), Use(1)), range(5_000))
        while len(seen) < 4_000:
            seen |= noted.take().keys()
        list(work)
    seen |= noted.take().keys()
    assert seen == {str(number) for number in range(5_000)}


def test_they_are_due_again_after_a_second_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(uses.time, "monotonic", lambda: now[0])
    noted = Uses()
    assert not noted.due()
    now[0] += uses.EVERY_SECONDS
    assert noted.due()
    noted.take()
    assert not noted.due()
