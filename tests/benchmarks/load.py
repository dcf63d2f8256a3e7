"""Load by HTTP: wrk (Debian) on one processor, the server under load on another.

A server that is started inside ``on_core(SERVER)`` stays there with all its threads and children, and so does wrk on
``LOAD``. On a machine with one processor all share it, and a note says so.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SERVER, LOAD = 0, 1
CONNECTIONS = (1, 16, 64)
SECONDS = 3
NO_WRK = "wrk is missing: apt-get install wrk"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to repeat; with ``tokens``, each next one shows the next of them in ``X-Vault-Token``."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "GET"
    body: str = ""
    tokens: tuple[str, ...] = field(default=(), repr=False)


@contextlib.contextmanager
def on_core(number: int) -> Iterator[None]:
    """Have what starts in this block run on one processor alone, where there are two."""
    before = os.sched_getaffinity(0)
    cores = sorted(before)
    os.sched_setaffinity(0, {cores[number % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cores_note() -> str:
    """Say where the two sides ran."""
    if len(os.sched_getaffinity(0)) == 1:
        return "There is one processor, shared by the server and its load."
    return "Each server ran on one processor, its load on another; keep-alive, plain HTTP, on loopback."


def available() -> bool:
    """Tell whether there is a program to make the load with."""
    return shutil.which("wrk") is not None


def rate(request: Request, connections: int, seconds: int = SECONDS) -> float:
    """Return how many requests were answered in a second; every answer must be a good one."""
    with tempfile.TemporaryDirectory() as folder, on_core(LOAD):
        script = Path(folder, "request.lua")
        script.write_text(_script(request, Path(folder, "tokens")))
        headers = [part for name, value in request.headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), *headers]
        shown = subprocess.run([*command, request.url], capture_output=True, text=True, check=True).stdout
    trouble = re.search(r"Non-2xx.*|Socket errors: (?!connect 0, read 0, write 0, timeout 0).*", shown)
    found = re.search(r"Requests/sec:\s+([0-9.]+)", shown)
    if trouble or found is None:
        raise AssertionError(f"{request.url}: {trouble[0] if trouble else shown}")
    return float(found[1])


def _script(request: Request, tokens: Path) -> str:
    """Return wrk's script: the same request each time, or the same with one token after the other."""
    lines = [f'wrk.method = "{request.method}"']
    if request.body:
        lines.append(f"wrk.body = [[{request.body}]]")
    if request.tokens:
        tokens.write_text("\n".join(request.tokens))
        lines += [
            f'tokens, turn = {{}}, 0\nfor line in io.lines("{tokens}") do tokens[#tokens + 1] = line end',
            "function request()\n  turn = turn % #tokens + 1",
            '  wrk.headers["X-Vault-Token"] = tokens[turn]\n  return wrk.format()\nend',
        ]
    return "\n".join(lines) + "\n"
