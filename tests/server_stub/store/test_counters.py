"""Ids are given once and never again."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server_stub.domain.base.errors import Conflict
from server_stub.store import Transaction
from server_stub.store.counters import next_id
from tests.server_stub.store.conftest import Database


def test_simultaneous_takers_get_different_numbers(founded: Database) -> None:
    def take(_: int) -> int:
        return founded.write(lambda tx: next_id(tx, "roles"))

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(40)))
    assert len(set(taken)) == 40


def test_a_number_of_an_undone_change_may_come_again_but_not_one_that_was_kept(founded: Database) -> None:
    def undone(tx: Transaction) -> None:
        next_id(tx, "roles")
        raise Conflict("no")

    first = founded.write(lambda tx: next_id(tx, "roles"))
    with pytest.raises(Conflict):
        founded.write(undone)
    assert founded.write(lambda tx: next_id(tx, "roles")) > first
