"""The projects of an owner's tokens, on both engines."""

from server_stub.domain.tokens.tokens import Token
from server_stub.store import Transaction, projects
from server_stub.store import tokens as token_store
from server_stub.store.database import Database
from tests.server_stub.store.conftest import NOW, new_manager


def test_projects_are_those_of_tokens_that_are_not_revoked(founded: Database) -> None:
    def piece(tx: Transaction) -> None:
        dan, eve = new_manager(tx, "dan").id, new_manager(tx, "eve").id
        rows = [
            (dan, "shop", None),
            (dan, "shop", None),
            (dan, "blog", None),
            (dan, "old", NOW),
            (dan, None, None),
            (eve, "hers", None),
        ]
        for number, (owner_id, project, revoked_at) in enumerate(rows):
            token = Token(f"id{number}", b"d", "device", owner_id, "", "x", NOW, revoked_at=revoked_at, project=project)
            token_store.insert(tx, token)
        assert projects.of_owner(tx, dan) == ["blog", "shop"]

    founded.write(piece, unaudited=True)
