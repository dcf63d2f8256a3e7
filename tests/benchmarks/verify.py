"""An exported audit chain verified offline, as a whole process: records a second, and what memory it takes.

Beside it stand what others check in the same way: ``git fsck``, which works out the hash of every commit of a chain and
whether its parent is there (in C; signatures it does not check), the bare loop of any Python program that reads JSON
and hashes each line, and ``sha256sum``, which only hashes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from tests import chains
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from tests.benchmarks.programs import vshell

ROUNDS = 3
RECORDS = 1_000_000
FEW = 20_000
COMMITS = 100_000
OURS = "vshell audit verify"
GIT = f"git fsck, {COMMITS:,} commits"
LOOP = """
import hashlib, json, sys
for line in open(sys.argv[1], "rb"):
    json.loads(line)
    hashlib.sha256(line).digest()
"""


def run(rounds: int) -> list[Report]:
    """Measure and return both reports."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many, few = _written(folder / "many.jsonl", RECORDS), _written(folder / "few.jsonl", FEW)
        environment = {"PATH": os.environ["PATH"], "HOME": name, "LANG": "C.UTF-8"}

        def rate(command: Sequence[str], count: int) -> float:
            return count / _ran(command, environment)

        contestants = [
            Contestant(OURS, partial(rate, _verify(many), RECORDS)),
            Contestant("json.loads and sha256", partial(rate, [sys.executable, "-c", LOOP, str(many)], RECORDS)),
            Contestant("sha256sum", partial(rate, ["sha256sum", str(many)], RECORDS)),
        ]
        notes = []
        if shutil.which("git"):
            repository = _committed(folder / "repository")
            contestants.append(Contestant(GIT, partial(rate, ["git", "-C", repository, "fsck", "--full"], COMMITS)))
        else:
            notes.append("git is missing: apt-get install git")
        speed = in_turn(contestants, rounds)
        sizes = {f"{count:,} records": _verify(path) for count, path in ((FEW, few), (RECORDS, many))}
        memory = {name: [_peak(command, environment)] for name, command in sizes.items()}
    first, last = memory
    return [
        Report(
            f"{RECORDS:,} audit records verified offline",
            "records/s",
            speed,
            better="more",
            yardstick=GIT if GIT in speed else None,
            bars=[Bar(OURS, 25_000)],
            notes=notes,
        ),
        Report("Memory of a verification", "MiB", memory, bars=[Bar(last, 1.05, beside=first)]),
    ]


def _verify(path: Path) -> list[str]:
    return [*vshell(), "audit", "verify", "--from", str(path), "--key", str(chains.KEY)]


def _written(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in chains.export(count, 1_000))
    return path


def _committed(folder: Path) -> str:
    """Make a repository that is one long chain of commits."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=b"".join(_commits()), check=True)
    return str(folder)


def _commits() -> Iterator[bytes]:
    for number in range(COMMITS):
        yield b"commit refs/heads/main\ncommitter a <a@b> %d +0000\ndata 300\n%s\n" % (number, b"x" * 300)


def _ran(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a program to its good end; return the seconds."""
    began = time.perf_counter()
    null = subprocess.DEVNULL
    subprocess.run(command, env=dict(environment), stdout=null, stderr=null, check=True)
    return time.perf_counter() - began


def _peak(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a program to its good end; return the most memory that it was seen to take, in MiB."""
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                peak = max(peak, int(line.split()[1]))
        time.sleep(0.002)
    assert process.returncode == 0, command
    return peak / 1_024
