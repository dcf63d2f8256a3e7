"""A program that was started with closed streams says so, or goes on as with empty ones; it never falls."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vshell.test_main import ROOT, answer
from tests.vshell.web import Web, serving


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
