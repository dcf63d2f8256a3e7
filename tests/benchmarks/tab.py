"""One Tab in bash: the whole time of the completion function, in a bash that has the script loaded.

It is to take no more than 30 ms, with the server up or away. The bare start of Python stands beside it: of a live
value's Tab that is a part which nothing here can make less. The server that is away is the worst one: it takes
connections and never answers, and what is known of it is old, so that a refresh is due.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests import processes
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from tests.benchmarks.programs import ROOT, installed, milliseconds, vshell

ROUNDS = 20
SCRIPT = ROOT / "completions/vshell.bash"
BARE = "python -c pass"
STATIC, LIVE, AWAY = "a verb", "a token's id, server up", "a token's id, server away"
TOKENS = 1_000

TAB = """
source "$1"
COMP_LINE="${*:2}" COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2))
COMP_POINT=${#COMP_LINE}
began=$EPOCHREALTIME
_vshell
ended=$EPOCHREALTIME
((${#COMPREPLY[@]})) || exit 1
echo $((${ended/[.,]/} - ${began/[.,]/}))
"""

OLD = """
from vshell.completion import name_files
place = f"{URL} -"  # whose names a shell without a credential sees
name_files.write_pointer({}, place)
tokens = [{"id": f"428{n:05}", "name": "backup", "owner": "bob"} for n in range(TOKENS)]
name_files.write_names(place, "apitokens", tokens, now=0)
"""


def tab(words: list[str], environment: Mapping[str, str]) -> float:
    """Press Tab behind the words, the last of them as far as it is typed; return the milliseconds."""
    command = ["bash", "--norc", "-c", TAB, "bash", str(SCRIPT), environment["PROGRAM"], *words]
    ran = subprocess.run(command, env=dict(environment), stdout=subprocess.PIPE, text=True, check=True)
    return int(ran.stdout) / 1_000


def run(rounds: int) -> list[Report]:
    """Measure and return the report."""
    with (
        tempfile.TemporaryDirectory() as folder,
        processes.running(Path(folder, "data")) as server,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        token = server.create(owner="root")
        for _ in range(TOKENS - 1):
            server.create(owner="root")
        python = installed(Path(folder, "environment"))
        program = str(python.with_name("vshell"))
        up = _environment(Path(folder, "up"), program) | {"VSHELL_SERVER": server.url, "VSHELL_TOKEN": token["token"]}
        subprocess.run([*vshell(), "apitoken", "list"], env=up, stdout=subprocess.DEVNULL, check=True)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        away = _environment(Path(folder, "away"), program) | {"VSHELL_SERVER": url}
        subprocess.run([sys.executable, "-c", f"URL, TOKENS = {url!r}, {TOKENS}{OLD}"], env=away, check=True)
        contestants = [
            Contestant(BARE, partial(milliseconds, [str(python), "-c", "pass"], up)),
            Contestant(STATIC, partial(tab, ["apitoken", ""], up)),
            Contestant(LIVE, partial(tab, ["apitoken", "show", "--id", token["id"][:3]], up)),
            Contestant(AWAY, partial(tab, ["apitoken", "show", "--id", "428000"], away)),
        ]
        figures = in_turn(contestants, rounds)
    bars = [Bar(STATIC, 30), Bar(LIVE, 30), Bar(AWAY, 30)]
    return [Report(f"One Tab in bash, {TOKENS:,} tokens", "ms", figures, yardstick=BARE, bars=bars)]


def _environment(home: Path, program: str) -> dict[str, str]:
    """Return the environment of a fresh home."""
    home.mkdir()
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PROGRAM": program}
