"""A founded database, and one transaction in it."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from server_stub import store
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.audit.chain import Draft
from server_stub.store import Transaction, foundation
from server_stub.store import managers as manager_store
from server_stub.store.database import Database

Answer = TypeVar("Answer")
NOW = 1_790_000_000_000_000


@pytest.fixture
def founded(database_url: str) -> Iterator[Database]:
    """A founded database of each engine, whose clock stands still."""
    engine = store.engine_of(database_url)
    store.migrate(engine)
    foundation.lay(engine)
    opened = Database(engine, lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture
def change(founded: Database) -> Callable[[Callable[[Transaction], Answer]], Answer]:
    """What runs a piece and records it."""

    def run(piece: Callable[[Transaction], Answer]) -> Answer:
        def recorded(tx: Transaction) -> Answer:
            tx.record(Draft(tx.now, "tester", "local", "", "test", ""))
            return piece(tx)

        return founded.write(recorded)

    return run


def new_manager(tx: Transaction, username: str) -> Manager:
    """Keep a manager with nothing but a name."""
    manager = Manager(
        id=manager_store.new_id(tx),
        username=username,
        first_name="",
        last_name="",
        enabled=True,
        built_in=False,
        permissions=frozenset(),
        created_at=tx.now,
    )
    manager_store.insert(tx, manager)
    return manager
