"""The completion script in the real bash: by its function, and with the key at a terminal."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.processes import needed
from tests.terminal import Terminal
from tests.vshell.export.lines import AFTER_EQUALS, HOSTILE, OFFERS, ROOT, UUID, make_home

SCRIPT = ROOT / "completions/vshell.bash"

CALL = """
source "$1"
COMP_LINE=$2 COMP_POINT=${#2}
COMP_WORDS=("${@:3}") COMP_CWORD=$(($# - 3))
_vshell
((${#COMPREPLY[@]})) && printf '%s\\n' "${COMPREPLY[@]}"
true
"""


def offered(line: str, home: Path) -> list[str]:
    """Return what the script puts into COMPREPLY, for words parted as bash parts them."""
    words = line.replace("=", " = ").replace(":", " : ").split(" ")
    words = [word for number, word in enumerate(words) if word or number == len(words) - 1]
    if line.endswith(("=", ":")):
        words.pop()
    command = [needed("bash", "bash"), "-c", CALL, "bash", str(SCRIPT), line, *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=make_home(home), cwd=home)
    assert ran.stderr == ""
    return ran.stdout.splitlines()


@pytest.mark.parametrize(("line", "offers"), OFFERS + AFTER_EQUALS)
def test_offers(line: str, offers: str, home: Path) -> None:
    assert offered(line, home) == offers.split()


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("vshell apitoken create --scopes ", [f"node:{UUID}:r", f"node:{UUID}:rw"]),
        ("vshell apitoken create --scopes node:0d", [f"{UUID}:r", f"{UUID}:rw"]),
        (f"vshell apitoken create --scopes node:{UUID}:r", ["r", "rw"]),
        ("vshell apitoken list --name i", ["it\\'s"]),
        ("vshell token:g", ["generate"]),
        ("vshell token:", ["generate", "list", "revoke"]),
        ("vshell token:generate --c", ["--current", "--columns"]),
        ("vshell watch 5s token:l", ["list"]),
    ],
)
def test_what_bash_parts_or_would_misread(line: str, offers: list[str], home: Path) -> None:
    assert offered(line, home) == offers


def test_a_hostile_name_stays_a_name(home: Path) -> None:
    (offer,) = offered("vshell apitoken list --name x", home)
    told = subprocess.run(["bash", "-c", f"printf %s {offer}"], capture_output=True, text=True, check=True, cwd=home)
    assert told.stdout == HOSTILE
    assert offered("vshell apitoken show --id 5", home) == ["528BFekr"]
    assert not (home / "pwned").exists()


def test_the_key_at_a_terminal(home: Path) -> None:
    environment = make_home(home) | {"PS1": "> ", "HISTFILE": "/dev/null"}
    bash = [needed("bash", "bash"), "--norc", "--noprofile", "-i"]
    with Terminal(bash, environment, columns=100, directory=str(home)) as terminal:
        terminal.enter("bind 'set show-all-if-ambiguous on'; bind 'set bell-style none'; clear")
        terminal.enter(f"source {SCRIPT}; echo rea''dy")
        terminal.until(lambda screen: "ready" in screen.text.split("\n") and screen.line == ">")
        for typed, wanted in (
            ("vshell apit\tli\t--output=js\t", "vshell apitoken list --output=json"),
            ("vshell apitoken revoke --id 4\t", "vshell apitoken revoke --id 428BFek"),
            ("vshell apitoken create --scopes node:\t", f"vshell apitoken create --scopes node:{UUID}:r"),
            ("vshell --data=b\t", "vshell --data=bin/"),
            ("vshell -f scr\t", "vshell -f script.vsh"),
            ("vshell server use l\t", "vshell server use lab"),
        ):
            terminal.send(typed)
            terminal.until(lambda screen, line=f"> {wanted}": screen.line == line)
            terminal.send("\x15")
            terminal.until(lambda screen: screen.line == ">")


@pytest.mark.parametrize("breaks", ["true", "COMP_WORDBREAKS=${COMP_WORDBREAKS//:}", "COMP_WORDBREAKS=' '"])
def test_a_word_with_a_colon_at_a_terminal(home: Path, breaks: str) -> None:
    environment = make_home(home) | {"PS1": "> ", "HISTFILE": "/dev/null"}
    bash = [needed("bash", "bash"), "--norc", "--noprofile", "-i"]
    with Terminal(bash, environment, columns=100, directory=str(home)) as terminal:
        terminal.enter(f"{breaks}; bind 'set bell-style none'; clear; source {SCRIPT}; echo rea''dy")
        terminal.until(lambda screen: "ready" in screen.text.split("\n") and screen.line == ">")
        for typed, wanted in (
            ("vshell token:g\t--cu\t", "vshell token:generate --current"),
            ("vshell tok\t:l\t", "vshell token:list"),
            ("vshell watch 5s token:r\t", "vshell watch 5s token:revoke"),
            ("vshell mi\t--outp\tjs\t", "vshell mine --output json"),
        ):
            terminal.send(typed)
            terminal.until(lambda screen, line=f"> {wanted}": screen.line == line)
            terminal.send("\x15")
            terminal.until(lambda screen: screen.line == ">")
