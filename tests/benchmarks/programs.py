"""Whole processes as contestants: started, waited for, timed by the clock on the wall.

The shell is installed as users have it, in an environment of its own: an editable installation makes each start of
Python longer, whatever it runs. What it depends on is taken from where this runs.
"""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def vshell() -> list[str]:
    """Return how users start the program: by its script when it is installed."""
    script = Path(sys.executable).with_name("vshell")
    return [str(script)] if script.exists() else [sys.executable, "-m", "vshell"]


def installed(folder: Path) -> Path:
    """Put the shell into a fresh environment and return the environment's Python; ``vshell`` lies beside it."""
    venv.create(folder)
    python = folder / "bin/python"
    packages = next(folder.glob("lib/python*/site-packages"))
    shutil.copytree(ROOT / "vshell", packages / "vshell", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(packages, quiet=1)
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    program = folder / "bin/vshell"
    program.write_text(f"#!{python}\nimport sys\nfrom vshell.__main__ import program\nsys.exit(program())\n")
    program.chmod(0o755)
    return python


def seconds(command: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> float:
    """Run a program to its end, which must be a good one, and return how long that took."""
    began = time.perf_counter()
    subprocess.run(command, env=dict(environment), input=stdin, text=True, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def milliseconds(command: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> float:
    """Return what `seconds` does, in milliseconds."""
    return seconds(command, environment, stdin) * 1_000
