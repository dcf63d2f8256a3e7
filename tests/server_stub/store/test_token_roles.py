"""Token roles on both engines."""

from collections.abc import Callable
from typing import Any

from server_stub.domain.tokens.vault_roles import TokenRole
from server_stub.store import token_roles
from server_stub.store.database import Database

FULL = TokenRole("r", ("a",), ("b*",), ("c",), ("d*",), True, False, "x/y", 5, 2**50, 7, True)


def test_a_role_comes_back_as_it_was_kept(founded: Database, change: Callable[..., Any]) -> None:
    for role in (FULL, TokenRole("plain"), TokenRole("r", period=9)):
        change(lambda tx, role=role: token_roles.keep(tx, role))
        assert founded.read(lambda tx, role=role: token_roles.find(tx, role.name)) == role
    assert founded.read(token_roles.names) == ["plain", "r"]
    change(lambda tx: token_roles.delete(tx, "r"))
    assert founded.read(token_roles.names) == ["plain"]


def test_a_name_that_nothing_bears_finds_nothing(founded: Database) -> None:
    for name in ("", "R", "x\0", "\ud800"):
        assert founded.read(lambda tx, name=name: token_roles.find(tx, name)) is None
