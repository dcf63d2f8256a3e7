"""A database with many tokens, made without a server: to ask for each by HTTP would take minutes."""

from __future__ import annotations

import functools
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

from server_stub import store
from server_stub.domain.base import token_format
from server_stub.domain.tokens.tokens import Token
from server_stub.store import Transaction
from server_stub.store import managers as manager_store
from server_stub.store import tokens as token_store
from server_stub.store.database import Database

GROUP = 10_000
FILE = "vshell.db"


def fill(data: Path, count: int, owner: str = "root", parent_id: str | None = None, keep: int = 0) -> list[str]:
    """Add tokens to the database of a data directory; return the strings of the first ``keep`` of them."""
    return fill_database(str(data / FILE), count, owner, parent_id, keep)


def fill_database(url: str, count: int, owner: str = "root", parent_id: str | None = None, keep: int = 0) -> list[str]:
    """Do the same to the database at a URL, or in a file of SQLite."""
    database = Database(store.engine_of(url))
    kept: list[str] = []
    try:
        manager = database.read(lambda look: manager_store.find_by_name(look, owner))
        assert manager is not None
        first = database.read(lambda look: look.rows("SELECT count(*) FROM tokens"))[0][0]
        wanted = _tokens(first, manager.id, owner, parent_id, kept, keep)
        for done in range(0, count, GROUP):
            group = list(itertools.islice(wanted, min(GROUP, count - done)))
            database.write(functools.partial(_insert, group), unaudited=True)
    finally:
        database.close()
    return kept


def _insert(group: list[Token], tx: Transaction) -> None:
    for token in group:
        token_store.insert(tx, token)


def _tokens(
    first: int, owner_id: int, owner: str, parent_id: str | None, kept: list[str], keep: int
) -> Iterator[Token]:
    """Make tokens whose ids count on from ``first``, so that none meets another; a server's own begin later."""
    now = time.time_ns() // 1_000
    for number in itertools.count(first):
        token_id = f"00{number:06}"
        minted = token_format.mint(now, os.urandom(token_format.FRESH_BYTES), token_id=token_id)
        if len(kept) < keep:
            kept.append(minted.token)
        yield Token(minted.id, minted.digest, "api", owner_id, owner, f"{owner}_api_token", now, parent_id)
