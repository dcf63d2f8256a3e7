"""Nodes in the database: found by UUID and by path, listed in order, on both engines."""

from collections.abc import Callable
from typing import Any

import pytest

from server_stub.domain.tokens.tokens import Node
from server_stub.store import Transaction, nodes
from server_stub.store.database import Database
from server_stub.store.engine.connection import Duplicate
from tests.server_stub.store.conftest import NOW

Change = Callable[[Callable[[Transaction], Any]], Any]


def test_a_node_is_found_listed_and_removed(founded: Database, change: Change) -> None:
    made = [Node(f"uuid-{number}", path, NOW) for number, path in enumerate(["/b", "/a", "/a/c"])]
    for node in made:
        change(lambda tx, node=node: nodes.insert(tx, node))
    assert founded.read(lambda tx: nodes.find(tx, "uuid-1")) == made[1]
    assert founded.read(lambda tx: nodes.find_by_path(tx, "/a/c")) == made[2]
    assert founded.read(nodes.count) == 3
    assert [node.path for node in founded.read(lambda tx: nodes.page(tx, 2))] == ["/a", "/a/c"]
    assert [node.path for node in founded.read(lambda tx: nodes.page(tx, 2, after="/a/c"))] == ["/b"]
    assert [node.path for node in founded.read(lambda tx: nodes.page(tx, 9, prefix="/a"))] == ["/a", "/a/c"]
    assert [node.path for node in founded.read(lambda tx: nodes.page(tx, 9, "/a", prefix="/a"))] == ["/a/c"]
    assert founded.read(lambda tx: nodes.page(tx, 9, prefix="/A")) == []
    assert founded.read(lambda tx: nodes.paths(tx, ["uuid-0", "none"])) == {"uuid-0": "/b"}
    change(lambda tx: nodes.delete(tx, "uuid-0"))
    assert founded.read(lambda tx: nodes.find(tx, "uuid-0")) is None


def test_a_path_has_one_node(change: Change) -> None:
    change(lambda tx: nodes.insert(tx, Node("one", "/a", NOW)))
    with pytest.raises(Duplicate):
        change(lambda tx: nodes.insert(tx, Node("two", "/a", NOW)))
