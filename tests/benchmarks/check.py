"""A token looked up by its holder through HTTP, beside OpenBao's lookup-self, on one processor each.

OpenBao's default policy has some 25 paths, and it makes the whole list anew for each request; the token whose only
policy is this one path shows the rest of its way.
"""

from __future__ import annotations

import contextlib
import tempfile
from functools import partial
from pathlib import Path

from tests import processes
from tests.benchmarks import filling, load, peers
from tests.benchmarks.load import Request
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn

ROUNDS = 3
TOKENS = 100_000
MANY = 10_000
OURS = "ours, lookup-self"
FLOOR = "ours, the floor (healthz)"
DEFAULT = "OpenBao, default policy"


def run(rounds: int) -> list[Report]:
    """Measure and return a report for each number of connections."""
    if not load.available():
        return [Report("Look-ups of a token by its holder", "requests/s", {}, notes=[load.NO_WRK])]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        requests = _ours(stack, folder / "ours")
        notes = [load.cores_note()]
        if peers.program() is None:
            notes.append(peers.NO_BAO)
        else:
            requests |= _theirs(stack, folder / "theirs")
        return [_report(requests, connections, rounds, notes) for connections in load.CONNECTIONS]


def _report(requests: dict[str, Request], connections: int, rounds: int, notes: list[str]) -> Report:
    contestants = [Contestant(name, partial(load.rate, each, connections)) for name, each in requests.items()]
    compared = DEFAULT in requests
    report = Report(
        f"Look-ups of a token by its holder, connections: {connections}",
        "requests/s",
        in_turn(contestants, rounds),
        better="more",
        yardstick=DEFAULT if compared else None,
        bars=[Bar(OURS, 5, beside=DEFAULT)] if compared else [],
        notes=notes,
    )
    whole, empty = (1_000_000 / report.median(name) for name in (OURS, FLOOR))
    report.notes = [*notes, f"Of the {whole:.0f} us that a look-up takes, an empty request takes {empty:.0f}."]
    return report


def _ours(stack: contextlib.ExitStack, data: Path) -> dict[str, Request]:
    """Start our server with many tokens and return what is asked of it."""
    processes.start_server(data).stop()  # makes the database
    many = filling.fill(data, TOKENS, keep=MANY)
    with load.on_core(load.SERVER):
        server = stack.enter_context(processes.running(data))
    own = server.create(owner="admin", expiry_date="1D")["token"]
    shown = {"X-Vault-Token": own}
    return {
        FLOOR: Request(f"{server.url}/healthz"),
        OURS: Request(f"{server.url}/v1/auth/token/lookup-self", shown),
        f"ours, lookup-self by {MANY:,} tokens in turn": Request(
            f"{server.url}/v1/auth/token/lookup-self", tokens=tuple(many)
        ),
        "ours, the gate (auth/check)": Request(
            f"{server.url}/auth/check", {**shown, "X-Original-URI": "/a", "X-Original-Method": "GET"}
        ),
        "ours, native (api/login)": Request(f"{server.url}/api/login/", shown),
    }


def _theirs(stack: contextlib.ExitStack, folder: Path) -> dict[str, Request]:
    """Start OpenBao in memory, where it is fastest, and return what is asked of it."""
    bao = stack.enter_context(peers.openbao(folder, durable=False))
    bao.call("PUT", "sys/policies/acl/one-path", {"policy": peers.ONE_PATH})
    default = bao.create(ttl="24h", policies=["default"])["client_token"]
    narrow = bao.create(ttl="24h", policies=["one-path"], no_default_policy=True)["client_token"]
    url = f"{bao.url}/v1/auth/token/lookup-self"
    return {
        DEFAULT: Request(url, {"X-Vault-Token": default}),
        "OpenBao, one-path policy": Request(url, {"X-Vault-Token": narrow}),
    }
