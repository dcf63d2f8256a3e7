"""Closed streams are said, or stand for empty ones; a secret in the arguments is gone from what others see."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vshell.test_main import ROOT, answer
from tests.vshell.web import Web, serving
from vshell.terminal import process


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(answer) as running:
        yield running


def closed(web: Web, streams: str, *arguments: str, token: str = "t") -> subprocess.CompletedProcess[str]:
    """Run the shell with some of its streams closed."""
    environment = {"HOME": os.environ["HOME"], "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    environment |= {"VSHELL_SERVER": web.url, "VSHELL_TOKEN": token}
    command = ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "vshell", *arguments]
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.mark.parametrize(
    ("streams", "arguments", "code", "said"),
    [
        ("<&-", ["-u", "bob", "-p", "-", "whoami"], 2, "The password from standard input is empty."),
        ("</dev/null", ["-u", "bob", "-p", "-", "whoami"], 2, "The password from standard input is empty."),
        ("<&-", ["--token", "-", "apitoken", "list"], 2, "The token from standard input is empty"),
        ("<&-", ["apitoken", "verify"], 2, "A token is needed."),
        ("<&-", ["manager", "create", "--username", "bob", "--password", "-"], 2, "A new password is needed."),
        ("<&-", ["audit", "verify", "--from", "-", "--key", "none.pub"], 2, "none.pub cannot be read"),
        ("<&-", ["-u", "bob", "apitoken", "list"], 4, "There is no password for bob, and nobody to ask for it."),
        ("<&-", [], 0, ""),
        ("<&-", ["-f", "-"], 0, ""),
        (">&-", ["apitoken", "create"], 1, "Standard output is closed, so results have nowhere to go"),
        (">&-", ["-c", "apitoken create", "-c", "help"], 1, "Standard output is closed"),
        (">&-", [], 1, "Standard output is closed"),
        (">&-", ["--version"], 1, "Standard output is closed"),
        (">&- 2>&-", ["apitoken", "create"], 1, ""),
        ("2>&-", ["apitoken", "show", "--id", "L7k8ljIC"], 3, ""),
        ("<&- >&- 2>&-", [], 1, ""),
    ],
)
def test_a_closed_stream_is_said_in_a_sentence(
    web: Web, streams: str, arguments: list[str], code: int, said: str
) -> None:
    ran = closed(web, streams, *arguments)
    assert (ran.returncode, ran.stdout, ran.stderr.split(said)[0] if said else ran.stderr) == (code, "", "")
    assert "failed with" not in ran.stderr
    if ">&-" in streams.replace("2>&-", ""):
        assert web.asked == [], "nothing was made whose secret would be lost"


def test_results_come_although_nobody_can_be_told_of_anything_else(web: Web, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    ran = closed(web, "2>&-", "--report", str(report), "-c", "apitoken list --output ids", "-c", "xyzzy")
    assert (ran.returncode, ran.stdout) == (2, "L7k8ljIC\n")
    assert "xyzzy" in report.read_text()


PROGRAM = (
    "import sys\n"
    "from vshell.terminal import process\n"
    "print(process.hide_argument(sys.argv[1]), sys.argv[1], flush=True)\n"
    "sys.stdin.read()\n"
)


@pytest.mark.skipif(sys.platform != "linux", reason="the arguments are shown so on Linux alone")
@pytest.mark.parametrize(("secret", "hidden"), [("L7k8ljIC.jm1P5", True), ("", False)])
def test_what_was_given_is_not_shown_any_more(secret: str, hidden: bool) -> None:
    command = [sys.executable, "-c", PROGRAM, secret, f"--token={secret}", "whoami"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        assert started.stdin
        assert started.stdout.readline() == f"{hidden} {secret}\n", "the program itself still has it"
        shown = Path(f"/proc/{started.pid}/cmdline").read_text().split("\0")
        assert shown[-4:] == ["*" * len(secret), f"--token={'*' * len(secret)}", "whoami", ""]
        started.stdin.close()
    assert started.returncode == 0


def test_what_does_not_stand_there_or_cannot_be_told_is_left_alone(tmp_path: Path) -> None:
    assert not process.hide_argument("in nobody's arguments")
    assert not process.hide_argument("x", tmp_path)
    for stat in ("1 (vshell) R", "1 (a) b) R " + "0 " * 50, f"1 (vshell) R {'1 ' * 44}{id(tmp_path)} 1"):
        (tmp_path / "cmdline").write_bytes(b"vshell\0x\0")
        (tmp_path / "stat").write_text(stat)
        assert not process.hide_argument("vshell\0x", tmp_path)
