"""A tree of tokens revoked by one request, and the memory of a server with a million of them.

Making a large tree takes OpenBao minutes, so its tree is a smaller one, and its figure is counted up to ours.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import processes
from tests.benchmarks import filling, load, peers
from tests.benchmarks.load import Request
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from tests.processes import Server

ROUNDS = 3
TREE = 100_000
THEIR_TREE = 5_000
MANY = 1_000_000
SHOWN = 10_000
MEBIBYTE = 1 << 20
OURS = f"ours, a fan of {TREE:,}"
MEMORY = "under load"


def run(rounds: int) -> list[Report]:
    """Measure and return both reports."""
    return [_trees(rounds), _memory()]


def _trees(rounds: int) -> Report:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with load.on_core(load.SERVER):
            server = stack.enter_context(processes.running(folder / "ours"))
        contestants, notes = [Contestant(OURS, lambda: _revoked(server))], [load.cores_note()]
        if peers.program() is None:
            notes.append(peers.NO_BAO)
        else:
            bao = stack.enter_context(peers.openbao(folder / "theirs", durable=True))
            contestants.append(Contestant(f"OpenBao, raft, {THEIR_TREE:,} x {TREE // THEIR_TREE}", lambda: _their(bao)))
        figures = in_turn(contestants, rounds)
    return Report("A tree of tokens revoked", "s", figures, bars=[Bar(OURS, 2)], notes=notes)


def _revoked(server: Server) -> float:
    """Give a new token many children, and return the seconds that it takes to revoke all by HTTP."""
    token_id = server.create(owner="root")["id"]
    filling.fill(server.data, TREE, parent_id=token_id)
    began = time.perf_counter()
    answer = server.call("PATCH", f"/apitokens/{token_id}/revoke/")
    took = time.perf_counter() - began
    assert answer.status_code == 200, answer.text
    return took


def _their(bao: peers.OpenBao) -> float:
    parent = bao.create(ttl="24h")["client_token"]
    with ThreadPoolExecutor(8) as threads:
        wish = {"ttl": "24h"}
        list(threads.map(lambda _: bao.call("POST", "auth/token/create", wish, parent), range(THEIR_TREE)))
    began = time.perf_counter()
    bao.call("POST", "auth/token/revoke", {"token": parent})
    return (time.perf_counter() - began) * (TREE / THEIR_TREE)


def _memory() -> Report:
    """Measure the resident memory of all processes of a server: after its start, and after looks and creates."""
    with contextlib.ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()), "ours")
        processes.start_server(data).stop()  # makes the database
        tokens = filling.fill(data, MANY, keep=SHOWN)
        with load.on_core(load.SERVER):
            server = stack.enter_context(processes.running(data))
        figures = {"just started": [_resident(server)]}
        notes = [f"{MANY:,} tokens in SQLite; RSS of all processes, shared pages counted in each."]
        if load.available():
            vault = f"{server.url}/v1/auth/token"
            load.rate(Request(f"{vault}/lookup-self", tokens=tuple(tokens)), 64, 5)
            load.rate(
                Request(f"{vault}/create", {"X-Vault-Token": server.create(owner="root")["token"]}, "POST"), 64, 5
            )
            listed = {"Authorization": f"Bearer {server.local_admin}"}
            load.rate(Request(f"{server.url}/api/apitokens/?page=1&page_size=100", listed), 16, 5)
            figures[MEMORY] = [_resident(server)]
        else:
            notes.append(load.NO_WRK)
    limit = [Bar(name, 150) for name in figures]
    return Report(f"Memory with {MANY:,} tokens", "MiB", figures, bars=limit, notes=notes)


def _resident(server: Server) -> float:
    """Return the resident memory of a server and its descendants, in MiB."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in _family(server.process.pid))
    return pages * 4096 / MEBIBYTE


def _family(pid: int) -> list[int]:
    children = [int(child) for child in _children(pid)]
    return [pid, *itertools.chain.from_iterable(map(_family, children))]


def _children(pid: int) -> list[str]:
    """Return the ids of a process's children, whichever of its threads started them."""
    return [
        child for thread in Path(f"/proc/{pid}/task").iterdir() for child in (thread / "children").read_text().split()
    ]
