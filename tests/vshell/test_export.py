"""What is shipped for outer shells is what the registry says now."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_shipped_scripts_are_those_of_the_registry() -> None:
    command = [sys.executable, "-m", "vshell.export", "--check"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, ""), f"\n{ran.stdout}{ran.stderr}"
