"""A secret in the arguments of a process: gone from what others see of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vshell.terminal import process_title

PROGRAM = (
    "import sys\n"
    "from vshell.terminal import process_title\n"
    "print(process_title.hide(sys.argv[1]), sys.argv[1], flush=True)\n"
    "sys.stdin.read()\n"
)


@pytest.mark.skipif(sys.platform != "linux", reason="the arguments are shown so on Linux alone")
@pytest.mark.parametrize(("secret", "hidden"), [("L7k8ljIC.jm1P5", True), ("", False)])
def test_what_was_given_is_not_shown_any_more(secret: str, hidden: bool) -> None:
    command = [sys.executable, "-c", PROGRAM, secret, f"--token={secret}", "whoami"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        assert process.stdout.readline() == f"{hidden} {secret}\n", "the program itself still has it"
        shown = Path(f"/proc/{process.pid}/cmdline").read_text().split("\0")
        assert shown[-4:] == ["*" * len(secret), f"--token={'*' * len(secret)}", "whoami", ""]
        process.stdin.close()
    assert process.returncode == 0


def test_what_does_not_stand_there_or_cannot_be_told_is_left_alone(tmp_path: Path) -> None:
    assert not process_title.hide("in nobody's arguments")
    assert not process_title.hide("x", tmp_path)
    for stat in ("1 (vshell) R", "1 (a) b) R " + "0 " * 50, f"1 (vshell) R {'1 ' * 44}{id(tmp_path)} 1"):
        (tmp_path / "cmdline").write_bytes(b"vshell\0x\0")
        (tmp_path / "stat").write_text(stat)
        assert not process_title.hide("vshell\0x", tmp_path)
