"""Kinds whose values live on the server: what is offered, and what is refused before it is asked."""

import pytest

from tests.vshell.small import TOKEN, Known
from vshell.kinds import (
    Kind,
    ManagerId,
    ManagerName,
    NodeId,
    NodePath,
    RealmName,
    RoleId,
    Scope,
    ServerName,
    TokenId,
    TokenName,
)

NAMES = Known(
    apitokens=[
        {"id": "c6UmISHU", "name": "ci", "owner": "admin", "revoked": False},
        {"id": "c7XXXXXX", "name": "old", "owner": "admin", "revoked": True},
        {"id": "RWDLagfI", "name": "ci", "owner": "bob", "revoked": False},
    ],
    managers=[
        {"id": 1, "username": "admin", "full_name": "A \x1b[31mB"},
        {"id": 12, "username": "bob", "full_name": None},
        {"id": 13, "username": "evil\x1b]52;c;aGk=\x07"},
        {"id": 14},
    ],
    nodes=[{"uuid": "0d6b2f0e-0000-4000-8000-000000000001", "path": "/projects/x"}],
)
UUID = "0d6b2f0e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("kind", "prefix", "values", "offers"),
    [
        (TokenId(), "", {}, [("c6UmISHU", "ci, admin"), ("RWDLagfI", "ci, bob")]),
        (TokenId(), "c", {}, [("c6UmISHU", "ci, admin")]),
        (TokenId(), "", {"owner": "bob"}, [("RWDLagfI", "ci, bob")]),
        (TokenName(), "", {}, [("ci", "c6UmISHU, admin"), ("old", "c7XXXXXX, admin")]),
        (ManagerName(), "", {}, [("admin", "A \\x1b[31mB"), ("bob", "")]),
        (ManagerName(), "b", {}, [("bob", "")]),
        (ManagerId(), "1", {}, [("1", "admin"), ("12", "bob"), ("13", "evil\\x1b]52;c;aGk=\\x07"), ("14", "")]),
        (RealmName(), "", {}, []),
        (ServerName(), "", {}, []),
        (NodePath(), "/", {}, [("/projects/x", "")]),
        (NodeId(), "0", {}, [(UUID, "/projects/x")]),
        (Scope(), "n", {}, [(f"node:{UUID}:r", "/projects/x"), (f"node:{UUID}:rw", "/projects/x")]),
        (Scope(), "role", {}, []),
    ],
)
def test_what_was_last_seen_is_offered(
    kind: Kind, prefix: str, values: dict[str, object], offers: list[tuple[str, str]]
) -> None:
    assert list(kind.complete(prefix, NAMES, values)) == offers


@pytest.mark.parametrize(("kind", "text", "value"), [(TokenId(), "c6UmISHU", "c6UmISHU"), (RoleId(), "3", 3)])
def test_an_id_is_read(kind: Kind, text: str, value: object) -> None:
    assert kind.parse(text) == value


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (TokenId(), "", "empty"),
        (TokenId(), TOKEN, "whole token"),
        (TokenId(), "a/../b", "only its id"),
        (TokenId(), "a/b", "not a token's id"),
        (TokenId(), "a?b", "not a token's id"),
        (TokenId(), "x" * 65, "not a token's id"),
        (ManagerName(), "", "empty"),
        (ManagerName(), "  ", "empty"),
        (RoleId(), "0", "not an id"),
        (RoleId(), "-1", "not an id"),
        (RoleId(), "x", "not an id"),
        (RoleId(), "²", "not an id"),
    ],
)
def test_what_is_no_id_is_refused_before_it_is_sent(kind: Kind, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refusal:
        kind.parse(text)
    assert "AWrRmHXR" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "node",
        UUID,
        f"node:{UUID}",
        f"node:{UUID}:",
        f"node:{UUID}:x",
        f"role:{UUID}:r",
        f"node:{UUID}:r:w",
        "node::r",
    ],
)
def test_a_malformed_scope_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a scope; write node:UUID:r"):
        Scope().parse(text)


@pytest.mark.parametrize("letters", ["r", "w", "rw", "wr"])
def test_a_scope_is_kept_as_typed(letters: str) -> None:
    assert Scope().parse(f"node:{UUID.upper()}:{letters}") == f"node:{UUID.upper()}:{letters}"


def test_a_node_is_a_uuid_or_a_path() -> None:
    assert NodeId().parse(UUID) == UUID
    assert NodePath().parse("/a") == "/a"
    for kind, text in ((NodeId(), "12"), (NodePath(), "a")):
        with pytest.raises(ValueError, match=r"node list shows|begins with a slash"):
            kind.parse(text)
