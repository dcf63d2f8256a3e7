"""What both engines promise of a connection, held to one table."""

import pytest

from server_stub import store
from server_stub.store import StoreError
from server_stub.store.engine.connection import Connection, Duplicate

PUT = "INSERT INTO settings (name, value) VALUES (:name, :value)"


@pytest.fixture
def connection(database_url: str) -> Connection:
    """A connection to a database of this schema."""
    engine = store.engine_of(database_url)
    store.migrate(engine)
    return engine.connect()


def test_values_come_back_as_they_went_in(connection: Connection) -> None:
    name = "ü%(x)s :name ?1 %% 'quoted' \u202e"
    connection.rows(PUT, {"name": name, "value": "1"})
    assert connection.rows("SELECT name FROM settings WHERE name = :name", {"name": name}) == [(name,)]
    connection.close()


def test_a_second_of_a_kind_is_a_duplicate_and_nothing_else_is(connection: Connection) -> None:
    connection.rows(PUT, {"name": "a", "value": "1"})
    with pytest.raises(Duplicate):
        connection.rows(PUT, {"name": "a", "value": "2"})
    with pytest.raises(StoreError) as caught:
        connection.rows(PUT, {"name": "b", "value": None})
    assert not isinstance(caught.value, Duplicate)
    connection.close()


def test_changes_counts_the_rows_of_the_last_statement(connection: Connection) -> None:
    connection.many(PUT, [{"name": letter, "value": "1"} for letter in "abc"])
    connection.rows("UPDATE settings SET value = '2' WHERE name <> 'a'")
    assert connection.changes() == 2
    connection.close()


def test_what_a_transaction_did_goes_with_it(connection: Connection) -> None:
    connection.begin()
    connection.rows(PUT, {"name": "a", "value": "1"})
    connection.rows("ROLLBACK")
    assert connection.rows("SELECT name FROM settings") == []
    connection.close()


def test_closing_twice_is_allowed(connection: Connection) -> None:
    connection.close()
    connection.close()


def test_names_sort_by_code_point_on_both_engines(connection: Connection) -> None:
    for number, name in enumerate(["b", "B", "a", "é", "_", "Z"]):
        connection.rows(
            "INSERT INTO roles (id, name, built_in, permissions) VALUES (:id, :name, 0, '[]')",
            {"id": number, "name": name},
        )
    found = [row[0] for row in connection.rows("SELECT name FROM roles ORDER BY name")]
    assert found == sorted(found)
    connection.close()
