"""Tokens made through HTTP and on disk before the answer, beside OpenBao with raft on the same disk.

Both are asked the same: ``POST /v1/auth/token/create`` by a token with every right. Ours writes an audit record of each
as well; OpenBao ran without an audit device.
"""

from __future__ import annotations

import contextlib
import tempfile
from functools import partial
from pathlib import Path

import pytest

from tests import processes
from tests.benchmarks import filling, load, peers
from tests.benchmarks.load import Request
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn

ROUNDS = 3
TOKENS = 100_000
OURS = "ours, SQLite"
RAFT = "OpenBao, raft"
BODY = '{"ttl": "24h"}'


def run(rounds: int) -> list[Report]:
    """Measure and return a report for each number of clients."""
    if not load.available():
        return [Report("Tokens made, on disk", "requests/s", {}, notes=[load.NO_WRK])]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        requests, notes = {OURS: _on_sqlite(stack, folder / "sqlite")}, [load.cores_note()]
        if peers.program() is None:
            notes.append(peers.NO_BAO)
        else:
            bao = stack.enter_context(peers.openbao(folder / "raft", durable=True))
            requests[RAFT] = _request(bao.url, bao.root)
        try:
            requests["ours, PostgreSQL"] = _on_postgres(stack, folder / "postgres")
        except pytest.skip.Exception as missing:
            notes.append(f"PostgreSQL is left out: {missing}")
        return [_report(requests, clients, rounds, notes) for clients in load.CONNECTIONS]


def _report(requests: dict[str, Request], clients: int, rounds: int, notes: list[str]) -> Report:
    contestants = [Contestant(name, partial(load.rate, each, clients)) for name, each in requests.items()]
    compared = RAFT in requests
    return Report(
        f"Tokens made, on disk, clients: {clients}",
        "requests/s",
        in_turn(contestants, rounds),
        better="more",
        yardstick=RAFT if compared else None,
        bars=[Bar(OURS, 4, beside=RAFT)] if compared and clients == load.CONNECTIONS[-1] else [],
        notes=notes,
    )


def _request(url: str, token: str) -> Request:
    headers = {"X-Vault-Token": token, "Content-Type": "application/json"}
    return Request(f"{url}/v1/auth/token/create", headers, "POST", BODY)


def _on_sqlite(stack: contextlib.ExitStack, data: Path) -> Request:
    """Start our server over a file with many tokens in it."""
    processes.start_server(data).stop()  # makes the database
    filling.fill(data, TOKENS, owner="admin")
    with load.on_core(load.SERVER):
        server = stack.enter_context(processes.running(data))
    return _request(server.url, server.create(owner="root")["token"])


def _on_postgres(stack: contextlib.ExitStack, data: Path) -> Request:
    """Start our server over PostgreSQL with fsync, both on the server's processor."""
    with load.on_core(load.SERVER):
        database = stack.enter_context(processes.postgres("fsync=on")).fresh_database()
        server = stack.enter_context(processes.running(data, "--database", database))
    return _request(server.url, server.create(owner="root")["token"])
