"""Checkpoints and keys in the database, on both engines."""

from concurrent.futures import ThreadPoolExecutor

from server_stub.store import Transaction
from server_stub.store import checkpoints as checkpoint_store
from tests.server_stub.store.conftest import Database


def keep(database: Database, *sizes: int) -> None:
    """Keep checkpoints of these sizes, one after the other."""
    for place, size in enumerate(sizes):

        def piece(tx: Transaction, size: int = size, place: int = place) -> None:
            checkpoint_store.keep(tx, size, place, f"note {size} {place}")

        database.write(piece, unaudited=True)


def test_of_a_quiet_time_the_first_and_the_last_are_kept(founded: Database) -> None:
    keep(founded, 1, 1, 1, 1, 5, 5, 6)
    found = founded.read(lambda tx: checkpoint_store.following(tx, 0, 100))
    assert [(each.size, each.at) for each in found] == [(1, 0), (1, 3), (5, 4), (5, 5), (6, 6)]
    assert [each.number for each in found] == sorted({each.number for each in found})


def test_the_next_one_refers_to_the_first_of_the_largest_size(founded: Database) -> None:
    assert founded.read(checkpoint_store.last_link) is None
    keep(founded, 1, 5, 5, 5)
    link, last = founded.read(checkpoint_store.last_link), founded.read(checkpoint_store.last)
    assert link is not None
    assert last is not None
    assert (link.size, link.at, last.size, last.at) == (5, 1, 5, 3)


def test_a_part_is_found_by_size_and_number(founded: Database) -> None:
    keep(founded, 1, 5, 6, 9)
    found = founded.read(lambda tx: checkpoint_store.between(tx, 1, 6, 3))
    assert [each.size for each in found] == [5, 6]
    assert [each.size for each in founded.read(lambda tx: checkpoint_store.between(tx, 0, 9, 1))] == [1]


def test_a_key_is_introduced_once_and_in_the_chain(founded: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: checkpoint_store.introduce(founded.engine, f"n+{number % 2}+k"), range(8)))
    assert sorted(founded.read(checkpoint_store.keys)) == ["n+0+k", "n+1+k"]
    rows = founded.rows("SELECT target, actor FROM audit WHERE action = 'audit.key' ORDER BY target")
    assert rows == [("0", "local-admin"), ("1", "local-admin")]
