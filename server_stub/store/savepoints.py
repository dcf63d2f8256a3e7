"""Parts of a change that are undone while the rest goes on: each in a savepoint inside the writer's own.

Both engines have savepoints within savepoints. On PostgreSQL a statement that failed blocks all that follow until the
savepoint around it is left, so whatever may fail stands in one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from server_stub.store.writer import Transaction


@contextmanager
def undone(tx: Transaction) -> Iterator[None]:
    """Let the block change what it likes and see its own changes, and leave nothing of it, audit records included."""
    drafts, changed = len(tx.drafts), tx.changed
    tx.rows("SAVEPOINT undone")
    try:
        yield
    finally:
        tx.rows("ROLLBACK TO SAVEPOINT undone")
        tx.rows("RELEASE SAVEPOINT undone")
        del tx.drafts[drafts:]
        tx.changed = changed


@contextmanager
def attempt(tx: Transaction) -> Iterator[None]:
    """Let the block stand whole, or not at all when it raises; what it raised goes on."""
    drafts = len(tx.drafts)
    tx.rows("SAVEPOINT attempt")
    try:
        yield
    except BaseException:
        tx.rows("ROLLBACK TO SAVEPOINT attempt")
        del tx.drafts[drafts:]
        raise
    finally:
        tx.rows("RELEASE SAVEPOINT attempt")
