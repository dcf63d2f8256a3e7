"""Kept answers: found by the digest of their key, bounded in number and in time, on both engines."""

from pathlib import Path

import pytest

from server_stub import store
from server_stub.domain.access import idempotency
from server_stub.domain.access.idempotency import StoredAnswer
from server_stub.domain.base.timestamps import SECOND
from server_stub.store import Transaction
from server_stub.store import idempotency as idempotency_store
from server_stub.store.engine.connection import Duplicate
from server_stub.store.writer import Transaction as Piece

BEGIN = 1_790_000_000 * SECOND


def kept(number: int, at: int = BEGIN) -> StoredAnswer:
    """Return an answer with a key of its own."""
    return StoredAnswer(number.to_bytes(32, "big"), b"mark", b"answer", at)


def count(tx: Transaction) -> int:
    """Count the answers that are kept."""
    return int(tx.rows("SELECT count(*) FROM idempotency_keys")[0][0])


def test_an_answer_is_found_by_its_key_and_the_old_ones_go(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "MOST_STORED", 100)
    engine = store.engine_of(database_url)
    store.migrate(engine)
    connection = engine.connect()
    connection.begin()
    tx = Piece(connection, BEGIN)
    idempotency_store.insert(tx, kept(1))
    assert idempotency_store.find(tx, kept(1).key_digest) == kept(1)
    assert idempotency_store.find(tx, kept(2).key_digest) is None
    for number in range(2, 257):
        idempotency_store.insert(tx, kept(number))
    assert count(tx) == 100, "no more than are kept at most"
    assert idempotency_store.find(tx, kept(256).key_digest) == kept(256)
    later = BEGIN + (idempotency.STORED_SECONDS + 1) * SECOND
    for number in range(257, 321):
        idempotency_store.insert(tx, kept(number, later))
    assert count(tx) == 64, "none of the hour before"
    connection.rows("ROLLBACK")
    connection.close()


def test_the_key_is_unique(tmp_path: Path) -> None:
    engine = store.engine_of(str(tmp_path / "vshell.db"))
    store.migrate(engine)
    connection = engine.connect()
    connection.begin()
    idempotency_store.insert(Piece(connection, BEGIN), kept(1))
    with pytest.raises(Duplicate):
        idempotency_store.insert(Piece(connection, BEGIN), kept(1))
    connection.close()
