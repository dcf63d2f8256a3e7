"""Nodes in the database: paths with a UUID, for scopes to name."""

from server_stub.domain.tokens.tokens import Node
from server_stub.store import Reads, Transaction
from server_stub.store.engine.row_mapping import Mapping, beyond

_NODES = Mapping(Node, "nodes")
_SELECT = f"SELECT {_NODES.columns} FROM nodes"


def find(tx: Reads, uuid: str) -> Node | None:
    """Return a node by its UUID."""
    rows = tx.rows(f"{_SELECT} WHERE uuid = :uuid", {"uuid": uuid})
    return _NODES.load(rows[0]) if rows else None


def find_by_path(tx: Reads, path: str) -> Node | None:
    """Return a node by its path."""
    rows = tx.rows(f"{_SELECT} WHERE path = :path", {"path": path})
    return _NODES.load(rows[0]) if rows else None


def count(tx: Reads) -> int:
    """Count the nodes."""
    return int(tx.rows("SELECT count(*) FROM nodes")[0][0])


def page(tx: Reads, size: int, after: str = "", skip: int = 0, prefix: str = "") -> list[Node]:
    """Return up to ``size`` nodes in the order of their paths, those below ``prefix`` behind the path ``after``."""
    rows = tx.rows(
        f"{_SELECT} WHERE path > :after AND path >= :prefix AND path < :beyond ORDER BY path LIMIT :size OFFSET :skip",
        {"after": after, "prefix": prefix, "beyond": beyond(prefix), "size": size, "skip": skip},
    )
    return [_NODES.load(row) for row in rows]


def paths(tx: Reads, uuids: list[str]) -> dict[str, str]:
    """Return the paths of those nodes that there are."""
    found = (find(tx, uuid) for uuid in uuids)
    return {node.uuid: node.path for node in found if node is not None}


def insert(tx: Transaction, node: Node) -> None:
    """Keep a new node; raise Duplicate when the path is taken."""
    tx.change(_NODES.insert, _NODES.values(node))


def delete(tx: Transaction, uuid: str) -> None:
    """Remove a node; scopes that name it cover nothing from then on."""
    tx.change("DELETE FROM nodes WHERE uuid = :uuid", {"uuid": uuid})
