"""Lines a second of a script by pipe: with a request in every line, and with none in any."""

from __future__ import annotations

import os
import tempfile
from functools import partial
from pathlib import Path

from tests import processes
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from tests.benchmarks.programs import seconds, vshell

ROUNDS = 5
LINES_ASKED = 1_000
LINES_ALONE = 10_000
ASKED = "show a token"
ALONE = "comments, settings, help"


def run(rounds: int) -> list[Report]:
    """Measure and return the report; both figures are of the whole process, its start included."""
    with tempfile.TemporaryDirectory() as folder, processes.running(Path(folder, "data")) as server:
        token_id = server.create(owner="root")["id"]
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}
        command = [*vshell(), "--data", str(server.data)]
        scripts = {
            ASKED: f"apitoken show --id {token_id} --output json\n" * LINES_ASKED,
            "create and revoke a token": "let t = apitoken create --owner root\napitoken revoke --id $t.id\n"
            * (LINES_ASKED // 2),
            ALONE: "# a comment\nset output table\nhelp exit_codes\n\n" * (LINES_ALONE // 4),
        }

        def rate(script: str) -> float:
            return script.count("\n") / seconds(command, environment, script)

        figures = in_turn([Contestant(name, partial(rate, script)) for name, script in scripts.items()], rounds)
    bars = [Bar(ASKED, 300), Bar(ALONE, 5_000)]
    return [Report("Lines of a script by pipe", "lines/s", figures, better="more", bars=bars)]
