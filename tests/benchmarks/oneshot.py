"""One command as a whole process, beside what any program pays that imports requests, and beside ``bao token lookup``.

``vshell apitoken list`` against a running server is to take no more than 3 times ``python -c 'import requests'``,
``vshell apitoken show`` no more than OpenBao's look-up of a token. ``bao`` is taken as pip installs it, by a script in
Python, and as the program alone: the second has no interpreter to start.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from functools import partial
from pathlib import Path

from tests import processes
from tests.benchmarks import peers
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from tests.benchmarks.programs import installed, milliseconds

ROUNDS = 20
BARE = "python -c pass"
IMPORT = "python -c 'import requests'"
VERSION, HELP = "vshell --version", "vshell --help"
LIST, SHOW = "vshell apitoken list", "vshell apitoken show"
BAO, BAO_ALONE = "bao token lookup", "bao token lookup, the program alone"


def run(rounds: int) -> list[Report]:
    """Measure and return the report."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(processes.running(Path(folder, "data")))
        for name in ("root", "admin", "support"):
            for _ in range(4):
                server.create(owner=name)
        python = str(installed(Path(folder, "environment")))
        vshell = str(Path(python).with_name("vshell"))
        bare = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}
        token = server.create(owner="admin")
        by_token = {**bare, "VSHELL_SERVER": server.url, "VSHELL_TOKEN": token["token"]}
        commands = {
            BARE: ([python, "-c", "pass"], bare),
            IMPORT: ([python, "-c", "import requests"], bare),
            VERSION: ([vshell, "--version"], bare),
            HELP: ([vshell, "--help"], bare),
            SHOW: ([vshell, "apitoken", "show", "--id", token["id"]], by_token),
            LIST: ([vshell, "apitoken", "list"], by_token),
            f"{LIST}, local-admin": ([vshell, "--data", str(server.data), "apitoken", "list"], bare),
        }
        notes = []
        if peers.program() is None:
            notes.append(peers.NO_BAO)
        else:
            bao = stack.enter_context(peers.openbao(Path(folder, "bao"), durable=False))
            asking = {**bare, "BAO_ADDR": bao.url, "BAO_TOKEN": bao.root}
            commands[BAO] = ([str(peers.program()), "token", "lookup"], asking)
            commands[BAO_ALONE] = ([str(peers.bare_program()), "token", "lookup"], asking)
        contestants = [Contestant(name, partial(milliseconds, *command)) for name, command in commands.items()]
        figures = in_turn(contestants, rounds)
    bars = [
        Bar(LIST, 3, beside=IMPORT),
        Bar(f"{LIST}, local-admin", 3, beside=IMPORT),
        Bar(VERSION, 3, beside=BARE),
        Bar(HELP, 3, beside=BARE),
    ]
    bars += [Bar(SHOW, 1, beside=name) for name in (BAO, BAO_ALONE) if name in commands]
    return [Report("From the start of the process to its end", "ms", figures, yardstick=IMPORT, bars=bars, notes=notes)]
