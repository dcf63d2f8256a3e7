"""One command as a whole process, beside what any program pays that imports requests.

``vshell apitoken list`` against a running server is to take no more than 3 times ``python -c 'import requests'``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests import processes
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from tests.benchmarks.programs import milliseconds, vshell

ROUNDS = 20
IMPORT = "python -c 'import requests'"
LIST = "vshell apitoken list"


def run(rounds: int) -> list[Report]:
    """Measure and return the report."""
    with tempfile.TemporaryDirectory() as folder, processes.running(Path(folder, "data")) as server:
        for name in ("root", "admin", "support"):
            for _ in range(4):
                server.create(owner=name)
        bare = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}
        by_token = {**bare, "VSHELL_SERVER": server.url, "VSHELL_TOKEN": server.create(owner="admin")["token"]}
        commands = {
            "python -c pass": ([sys.executable, "-c", "pass"], bare),
            IMPORT: ([sys.executable, "-c", "import requests"], bare),
            "vshell --version": ([*vshell(), "--version"], bare),
            LIST: ([*vshell(), "apitoken", "list"], by_token),
            f"{LIST}, local-admin": ([*vshell(), "--data", str(server.data), "apitoken", "list"], bare),
        }
        contestants = [Contestant(name, partial(milliseconds, *command)) for name, command in commands.items()]
        figures = in_turn(contestants, rounds)
    bars = [
        Bar(LIST, 3, beside=IMPORT),
        Bar(f"{LIST}, local-admin", 3, beside=IMPORT),
        Bar("vshell --version", 3, beside="python -c pass"),
    ]
    return [Report("From the start of the process to its end", "ms", figures, yardstick=IMPORT, bars=bars)]
