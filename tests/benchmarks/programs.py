"""Whole processes as contestants: started, waited for, timed by the clock on the wall."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def vshell() -> list[str]:
    """Return how users start the program: by its script when it is installed."""
    script = Path(sys.executable).with_name("vshell")
    return [str(script)] if script.exists() else [sys.executable, "-m", "vshell"]


def seconds(command: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> float:
    """Run a program to its end, which must be a good one, and return how long that took."""
    began = time.perf_counter()
    subprocess.run(command, env=dict(environment), input=stdin, text=True, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def milliseconds(command: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> float:
    """Return what `seconds` does, in milliseconds."""
    return seconds(command, environment, stdin) * 1_000
