"""The schema: applied once, backed up before a change, never taken back by an older program."""

import threading
from pathlib import Path

import pytest

from server_stub import store
from server_stub.domain.base.errors import Unavailable
from server_stub.store import foundation
from server_stub.store.engine import migrate
from server_stub.store.engine.sqlite import SqliteEngine


def test_steps_are_applied_once(database_url: str) -> None:
    engine = store.engine_of(database_url)
    assert len(store.migrate(engine)) == len(migrate.steps())
    assert store.migrate(engine) == []


def test_an_older_program_refuses_a_newer_schema(database_url: str) -> None:
    engine = store.engine_of(database_url)
    store.migrate(engine)
    connection = engine.connect()
    connection.rows("INSERT INTO schema_version (version) VALUES (99)")
    connection.close()
    with pytest.raises(Unavailable, match="schema step 99"):
        store.migrate(engine)


def test_a_backup_is_kept_before_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = SqliteEngine(tmp_path / "vshell.db")
    store.migrate(engine)
    last = max(migrate.steps())
    newer = {**migrate.steps(), last + 1: "CREATE TABLE added (id BIGINT PRIMARY KEY);"}
    monkeypatch.setattr(migrate, "steps", lambda: newer)
    said = store.migrate(engine)
    backup = tmp_path / f"vshell.db.schema-{last}.backup"
    assert str(backup) in said[0]
    assert backup.stat().st_mode & 0o777 == 0o600
    connection = SqliteEngine(backup).connect()
    assert migrate.version(connection) == last
    connection.close()


def test_a_step_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = SqliteEngine(tmp_path / "vshell.db")
    store.migrate(engine)
    last = max(migrate.steps())
    broken = {
        **migrate.steps(),
        last + 1: "CREATE TABLE added (id BIGINT PRIMARY KEY); CREATE TABLE added (id BIGINT);",
    }
    monkeypatch.setattr(migrate, "steps", lambda: broken)
    monkeypatch.setattr(migrate, "ATTEMPTS", 1)
    with pytest.raises(store.StoreError):
        store.migrate(engine)
    connection = engine.connect()
    assert migrate.version(connection) == last
    assert connection.rows("SELECT name FROM sqlite_master WHERE name = 'added'") == []
    connection.close()


def test_two_servers_may_start_at_the_same_time(database_url: str) -> None:
    ids, errors = [], []

    def start() -> None:
        try:
            engine = store.engine_of(database_url)
            store.migrate(engine)
            ids.append(foundation.lay(engine))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(ids)) == 1
