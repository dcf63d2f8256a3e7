"""SQLite: the settings that keep what is acknowledged, and files that only their owner reads."""

import os
from pathlib import Path

import pytest

from server_stub.store import StoreError
from server_stub.store.engine.connection import Unreachable
from server_stub.store.engine.sqlite import SqliteEngine


@pytest.fixture
def engine(tmp_path: Path) -> SqliteEngine:
    """A new file."""
    return SqliteEngine(tmp_path / "vshell.db")


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_a_commit_is_on_the_disk(engine: SqliteEngine, pragma: str, value: object) -> None:
    connection = engine.connect()
    assert connection.rows(f"PRAGMA {pragma}") == [(value,)]
    connection.close()


def test_every_file_is_private_from_birth(engine: SqliteEngine, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        connection = engine.connect()
        connection.script("CREATE TABLE a (b)")
        engine.keep_backup("test")
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
        assert len(list(tmp_path.iterdir())) == 4
        connection.close()
    finally:
        os.umask(before)


def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "vshell.db").write_bytes(b"something else entirely" * 100)
    with pytest.raises(Unreachable, match="not a database"):
        SqliteEngine(tmp_path / "vshell.db").connect().rows("SELECT * FROM a")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises((StoreError, FileNotFoundError)):
        SqliteEngine(tmp_path / "missing" / "vshell.db").connect()
