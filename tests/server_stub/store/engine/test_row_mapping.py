"""Records and their rows: what is loaded is what was kept."""

from dataclasses import dataclass

import pytest

from server_stub.store.engine.row_mapping import Mapping
from tests.server_stub.store.conftest import Database


@dataclass(frozen=True, slots=True)
class Thing:
    """A record with every kind of field that is kept."""

    id: int
    name: str
    flag: bool
    maybe: bool | None
    digest: bytes
    texts: frozenset[str]
    pairs: dict[str, int]
    several: tuple[str, ...] | None
    owner: str


THINGS = Mapping(Thing, "things", {"owner": "'bob'"})
FULL = Thing(1, "ü", True, False, b"\0\xff", frozenset({"b", "a"}), {"x": 2}, ("1", "2"), "bob")
EMPTY = Thing(2, "", False, None, b"", frozenset(), {}, None, "bob")


@pytest.mark.parametrize("thing", [FULL, EMPTY])
def test_a_record_comes_back(founded: Database, thing: Thing) -> None:
    connection = founded.engine.connect()
    digest = "BYTEA" if founded.engine.name == "postgres" else "BLOB"
    connection.script(
        f"CREATE TABLE things (id BIGINT, name TEXT, flag BIGINT, maybe BIGINT, digest {digest}, texts TEXT, "
        "pairs TEXT, several TEXT)"
    )
    connection.rows(THINGS.insert, THINGS.values(thing))
    (row,) = connection.rows(THINGS.select)
    assert THINGS.load(row) == thing
    assert THINGS.find(connection, "id = :id", {"id": thing.id}) == thing
    assert THINGS.find(connection, "id = :id", {"id": 3}) is None
    assert THINGS.find_all(connection, "name = :name", {"name": thing.name}) == [thing]
    assert THINGS.count(connection, "name = :name", {"name": thing.name}) == 1
    connection.close()


def test_sets_are_kept_in_order_so_that_equal_records_have_equal_rows() -> None:
    assert THINGS.values(FULL)["texts"] == '["a","b"]'


def test_what_is_joined_is_no_column() -> None:
    assert "owner" not in THINGS.columns
    assert "owner" not in THINGS.insert
    assert "owner" not in THINGS.update
    assert "owner" not in THINGS.values(FULL)
