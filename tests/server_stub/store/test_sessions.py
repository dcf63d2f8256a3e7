"""Sign-ins that have ended are forgotten on both engines, but nothing that a token was made with."""

from collections.abc import Callable
from typing import Any

from server_stub.domain.tokens.tokens import Kind, Token
from server_stub.store import Transaction, families
from server_stub.store import sessions as session_store
from server_stub.store import tokens as token_store
from server_stub.store.database import Database
from tests.server_stub.store.conftest import NOW

Run = Callable[[Callable[[Transaction], Any]], Any]


def put(
    tx: Transaction, token_id: str, kind: Kind, expires_at: int, parent_id: str | None = None, owner: int = 2
) -> None:
    token = Token(token_id, b"", kind, owner, "", token_id, 0, parent_id, expires_at)
    token_store.insert(tx, token)


def test_ended_sign_ins_go_and_live_ones_and_api_tokens_stay(founded: Database, change: Run) -> None:
    def fill(tx: Transaction) -> None:
        put(tx, "r-live", "refresh", NOW + 1)
        put(tx, "s-live", "session", NOW + 1, "r-live")
        put(tx, "s-done", "session", NOW, "r-live")
        put(tx, "r-done", "refresh", NOW)
        put(tx, "s-also", "session", NOW, "r-done")
        put(tx, "r-kept", "refresh", NOW)
        put(tx, "s-kept", "session", NOW, "r-kept")
        put(tx, "a-made", "api", NOW, "s-kept")
        put(tx, "a-done", "api", NOW)
        put(tx, "r-else", "refresh", NOW, owner=1)
        put(tx, "r-over", "refresh", NOW + 1)
        families.revoke(tx, "r-over")

    change(fill)
    change(lambda tx: session_store.forget_ended(tx, 2))
    left = {row[0] for row in founded.read(lambda tx: tx.rows("SELECT id FROM tokens"))}
    assert left == {"r-live", "s-live", "r-kept", "s-kept", "a-made", "a-done", "r-else"}
