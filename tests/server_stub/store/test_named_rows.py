"""What has a number and a name, on both engines; roles stand for all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from server_stub.domain.accounts.roles import Role
from server_stub.domain.base.errors import Conflict
from server_stub.store import Transaction
from server_stub.store.database import Database
from server_stub.store.engine.connection import Duplicate
from server_stub.store.named_rows import NamedTable, next_id

ROLES = NamedTable(Role, "roles")


Run = Callable[[Callable[[Transaction], Any]], Any]


def names(database: Database, **request: Any) -> list[str]:
    """Return the names on a page."""
    page = {"name": None, "size": 100, **request}
    return [role.name for role in database.read(lambda tx: ROLES.page(tx, **page))]


def test_pages_are_in_the_order_of_the_bytes_of_the_names(founded: Database, change: Run) -> None:
    for name in ("z", "a_b", "a-b", "a1", "ab"):
        change(lambda tx, name=name: ROLES.insert(tx, Role(ROLES.new_id(tx), name, False, frozenset())))
    assert names(founded) == sorted(names(founded))
    assert names(founded, size=2) == ["a-b", "a1"]
    assert names(founded, size=2, after="a1") == ["a_b", "ab"]
    assert names(founded, size=1, skip=2) == ["a_b"]
    assert names(founded, after="z") == []
    assert founded.read(lambda tx: (ROLES.count(tx), ROLES.count(tx, "Z"), ROLES.count(tx, "y"))) == (10, 1, 0)


def test_a_page_may_begin_and_end_with_a_prefix_in_any_case(founded: Database, change: Run) -> None:
    for name in ("ops", "ops-1", "ops-2", "opt", "ops\U0010fffd"):
        change(lambda tx, name=name: ROLES.insert(tx, Role(ROLES.new_id(tx), name, False, frozenset())))
    assert names(founded, prefix="OPS") == ["ops", "ops-1", "ops-2", "ops\U0010fffd"]
    assert names(founded, prefix="ops-", after="ops-1") == ["ops-2"]
    assert names(founded, prefix="ops", size=1) == ["ops"]
    assert (
        names(founded, prefix="ops", name="opt") == names(founded, prefix="op%") == names(founded, prefix="o\0") == []
    )


@pytest.mark.parametrize("name", ["a\0b", "\x1b", "\ud800"])
def test_a_text_that_cannot_be_a_name_finds_nothing(founded: Database, name: str) -> None:
    assert founded.read(lambda tx: ROLES.find_by_name(tx, name)) is None
    assert names(founded, name=name) == names(founded, after=name) == []
    assert founded.read(lambda tx: ROLES.count(tx, name)) == 0


def test_one_is_kept_changed_and_removed_and_its_number_never_comes_again(founded: Database, change: Run) -> None:
    role = Role(change(ROLES.new_id), "ops", False, frozenset({"view_events"}))
    change(lambda tx: ROLES.insert(tx, role))
    assert (
        founded.read(lambda tx: ROLES.find(tx, role.id))
        == role
        == founded.read(lambda tx: ROLES.find_by_name(tx, "OPS"))
    )
    changed = replace(role, name="desk", permissions=frozenset())
    change(lambda tx: ROLES.update(tx, changed))
    assert founded.read(lambda tx: ROLES.find(tx, role.id)) == changed
    change(lambda tx: ROLES.delete(tx, role.id))
    assert founded.read(lambda tx: ROLES.find(tx, role.id)) is None
    assert change(ROLES.new_id) == role.id + 1


def test_a_name_stands_once(founded: Database, change: Run) -> None:
    with pytest.raises(Duplicate):
        change(lambda tx: ROLES.insert(tx, Role(99, "csi", False, frozenset())))
    csi = founded.read(lambda tx: ROLES.find_by_name(tx, "csi"))
    assert csi is not None
    with pytest.raises(Duplicate):
        change(lambda tx: ROLES.update(tx, replace(csi, name="read_only")))


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
