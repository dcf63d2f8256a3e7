"""A token's whole record in the database: kept, filtered by, spent, rotated, on both engines."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from server_stub.domain.base.timestamps import HOUR
from server_stub.domain.tokens.tokens import Token
from server_stub.store import Transaction
from server_stub.store import roles as role_store
from server_stub.store import tokens as token_store
from server_stub.store.database import Database
from server_stub.store.tokens import Filter
from tests.server_stub.store.conftest import NOW

Change = Callable[[Callable[[Transaction], Any]], Any]

FULL = Token(
    id="full",
    digest=b"\x00\xff",
    kind="api",
    owner_id=2,
    owner="admin",
    name="näme",
    created_at=NOW - HOUR,
    expires_at=NOW + HOUR,
    max_expires_at=NOW + 2 * HOUR,
    sliding_window=HOUR,
    period=1,
    granted=HOUR,
    renewable=False,
    uses_left=3,
    policies=("csi", "read_only"),
    scopes=("node:x:r",),
    meta={"a": "b", "ü": ""},
    path="auth/token/create",
)
BARE = Token(id="bare", digest=b"d", kind="api", owner_id=1, owner="root", name="bare", created_at=NOW)


@pytest.fixture
def kept(founded: Database, change: Change) -> Database:
    """A database with two tokens."""
    change(lambda tx: token_store.insert(tx, FULL))
    change(lambda tx: token_store.insert(tx, BARE))
    return founded


def test_a_record_comes_back_as_it_was_kept(kept: Database) -> None:
    assert kept.read(lambda tx: token_store.find(tx, "full")) == FULL
    assert kept.read(lambda tx: token_store.find(tx, "bare")) == BARE
    assert kept.read(lambda tx: token_store.find(tx, "none")) is None
    bearer = kept.read(lambda tx: token_store.bearer(tx, "full"))
    assert bearer is not None
    assert (bearer.token, bearer.owner_enabled) == (FULL, True)
    assert bearer.grants == kept.read(lambda tx: role_store.grants_of(tx, FULL.owner_id)) != []
    assert kept.read(lambda tx: token_store.exists(tx, "full"))


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        (Filter(), ["bare", "full"]),
        (Filter(owner_id=2), ["full"]),
        (Filter(name="näme"), ["full"]),
        (Filter(policy="csi"), ["full"]),
        (Filter(policy="readXonly"), []),
        (Filter(policy="read_only"), ["full"]),
        (Filter(policy="%"), []),
        (Filter(ends_before=NOW + 2 * HOUR), ["full"]),
        (Filter(ends_before=NOW), []),
        (Filter(unused_since=NOW), ["full"]),
        (Filter(around="bare"), ["bare"]),
        (Filter(parent_id="bare"), []),
    ],
)
def test_a_filter_chooses(kept: Database, chosen: Filter, ids: list[str]) -> None:
    assert [token.id for token in kept.read(lambda tx: list(token_store.every(tx, chosen, 1)))] == ids
    assert kept.read(lambda tx: token_store.count(tx, chosen)) == len(ids)


def test_the_quota_counts_what_is_live(kept: Database, change: Change) -> None:
    def count() -> int:
        return kept.read(lambda tx: token_store.count_live(tx, 2))

    assert count() == 1
    for _ in range(3):
        assert change(lambda tx: token_store.spend(tx, "full"))
    assert not change(lambda tx: token_store.spend(tx, "full"))
    assert count() == 0
    change(lambda tx: token_store.insert(tx, replace(FULL, id="past", uses_left=None, expires_at=NOW)))
    change(lambda tx: token_store.insert(tx, replace(FULL, id="sess", uses_left=None, kind="session")))
    assert count() == 0


def test_a_rotation_keeps_both_digests(kept: Database, change: Change) -> None:
    rotated = replace(FULL, digest=b"new", old_digest=FULL.digest, old_digest_until=NOW + 1)
    change(lambda tx: token_store.rotate(tx, rotated))
    assert kept.read(lambda tx: token_store.find(tx, "full")) == rotated


def test_an_end_is_moved(kept: Database, change: Change) -> None:
    change(lambda tx: token_store.move_end(tx, "full", NOW + 5))
    assert kept.read(lambda tx: token_store.find(tx, "full")) == replace(FULL, expires_at=NOW + 5)


def test_only_sign_ins_end_with_a_password(kept: Database, change: Change) -> None:
    change(lambda tx: token_store.insert(tx, replace(FULL, id="sess", kind="session")))
    change(lambda tx: token_store.insert(tx, replace(FULL, id="refr", kind="refresh")))
    assert change(lambda tx: token_store.revoke_sessions(tx, 2)) == 2
    assert kept.read(lambda tx: token_store.find(tx, "full")) == FULL
