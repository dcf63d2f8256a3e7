"""PostgreSQL: the parameters of our SQL, and waits that end."""

import time

import pytest

from server_stub.store.engine import postgres
from server_stub.store.engine.connection import Unreachable
from server_stub.store.engine.postgres import PostgresEngine
from tests.processes import Postgres


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT :a", "SELECT %(a)s"),
        ("a = :a_b AND c = :c", "a = %(a_b)s AND c = %(c)s"),
        ("a::text", "a::text"),
        ("a LIKE '5%'", "a LIKE '5%%'"),
    ],
)
def test_parameters_are_written_in_its_way(ours: str, theirs: str) -> None:
    assert postgres._translate(ours) == theirs  # type: ignore[arg-type]  # a table, not a literal


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        PostgresEngine("postgresql://nobody@127.0.0.1:1/none").connect()


def test_a_lock_that_is_held_too_long_ends_the_wait(postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LOCK_MILLISECONDS", 200)
    engine = PostgresEngine(postgres_server.fresh_database())
    one, other = engine.connect(), engine.connect()
    one.script("CREATE TABLE a (b BIGINT); INSERT INTO a VALUES (1)")
    one.begin()
    one.rows("UPDATE a SET b = 2")
    began = time.monotonic()
    with pytest.raises(Unreachable):
        other.rows("UPDATE a SET b = 3")
    assert time.monotonic() - began < 4
    one.close()
    other.close()
