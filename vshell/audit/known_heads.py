"""The last head and the keys seen of each server's chain, so that a later one must extend it.

Kept as JSON in the state directory, readable by its owner alone. A server is known by its address, one on this host,
which has another port with each start, by the file of its local-admin token; a chain by the server's own id.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from vshell.audit.records import is_hash
from vshell.audit.verification import Tampered
from vshell.state import private_files

ACCEPT = "If that is meant, as after a restored backup, go on with: audit head --accept"


class Head(NamedTuple):
    """The end of a chain as it was seen, and the public keys that its server named."""

    server_id: str
    seq: int
    hash: str
    keys: tuple[str, ...] = ()


class Heads:
    """The heads stored in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, server_id: str) -> Head | None:
        """Return what was last seen of a chain."""
        return _parse_head(server_id, self._read().get("chains", {}).get(server_id))

    def at(self, where: str) -> Head | None:
        """Return what was last seen at a server, by its address or its file."""
        known = self._read()
        server_id = known.get("servers", {}).get(where)
        return _parse_head(server_id, known.get("chains", {}).get(server_id)) if isinstance(server_id, str) else None

    def keep(self, head: Head, where: str) -> None:
        """Remember a head; ``where`` is what stays the server's, its address or its file."""
        with private_files.hold_lock(self._path.with_suffix(".lock")):
            known = self._read()
            chains, servers = dict(known.get("chains", {})), dict(known.get("servers", {}))
            chains[head.server_id] = {"seq": head.seq, "hash": head.hash, "keys": list(head.keys)}
            servers[where] = head.server_id
            private_files.write(self._path, json.dumps({"chains": chains, "servers": servers}), durable=False)

    def _read(self) -> Mapping[str, Any]:
        try:
            text = private_files.read(self._path)
            known = json.loads(text) if text else {}
        except (private_files.NotPrivateError, ValueError):
            return {}
        right = isinstance(known, dict) and all(isinstance(part, dict) for part in known.values())
        return known if right else {}


def require_extended(before: Head, now: Head, seen_hash: str | None, where: str) -> None:
    """Raise Tampered unless a chain extends what was seen of it; ``seen_hash`` is what it has now at that record."""
    if now.server_id != before.server_id:
        raise Tampered(f"The audit chain at {where} is another one than this shell has seen there.", ACCEPT)
    if now.seq < before.seq:
        cut = f"was cut: it ends at record {now.seq}, and this shell has seen record {before.seq}."
        raise Tampered(f"The audit chain at {where} {cut}", ACCEPT, before.seq, "cut")
    if before.hash != (now.hash if now.seq == before.seq else seen_hash):
        rewritten = f"was rewritten: its record {before.seq} is not the one that was seen before."
        raise Tampered(f"The audit chain at {where} {rewritten}", ACCEPT, before.seq, "forked")
    if not set(before.keys) <= set(now.keys):
        raise Tampered(f"A key that signed the audit chain at {where} is not among its keys any more.", ACCEPT)


def _parse_head(server_id: str, facts: object) -> Head | None:
    if not isinstance(facts, dict) or not isinstance(facts.get("seq"), int) or not is_hash(facts.get("hash")):
        return None
    keys = facts.get("keys")
    return Head(server_id, facts["seq"], facts["hash"], tuple(map(str, keys)) if isinstance(keys, list) else ())
