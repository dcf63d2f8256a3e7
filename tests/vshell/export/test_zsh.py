"""The completion script in the real zsh, at a terminal: what compadd is given, and what a person sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import needed
from tests.terminal import Terminal
from tests.vshell.export.lines import AFTER_EQUALS, HOSTILE, OFFERS, ROOT, WITH_COLONS, make_home

# compadd is the one door by which zsh learns of matches: those that fit are written down on their way.
SETTING_UP = """
PS1='> ' LISTMAX=0
fpath=(SCRIPTS $fpath)
autoload -Uz compinit && compinit -D -u
setopt no_beep list_packed
compadd() {
    local -a __hits
    if [[ " ${@[1,(i)(-|--)]} " != *\\ -[[:alpha:]]#[OAD]\\ * ]]; then
        builtin compadd -O __hits "$@"
        (( $#__hits )) && print -rl -- $__hits >> hits
    fi
    builtin compadd "$@"
}
watched() { zle complete-word; : > done }
zle -N watched
bindkey '^I' complete-word '^T' watched
print rea''dy
"""


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    """A zsh with the completion loaded as an installed one is."""
    environment = make_home(home) | {"HISTFILE": "/dev/null"}
    (home / "setup.zsh").write_text(SETTING_UP.replace("SCRIPTS", str(ROOT / "completions")))
    with Terminal([needed("zsh", "zsh"), "-f", "-i"], environment, columns=150, directory=str(home)) as shell:
        shell.enter("source ./setup.zsh")
        shell.until(lambda screen: "ready" in screen.text.split("\n") and screen.line == ">")
        yield shell


def offered(terminal: Terminal, line: str, home: Path) -> list[str]:
    """Return the matches of the line, in the order that they are offered."""
    (home / "hits").unlink(missing_ok=True)
    (home / "done").unlink(missing_ok=True)
    terminal.send(f"\x15{line}\x14")
    terminal.until(lambda _: (home / "done").exists())
    hits = home / "hits"
    return hits.read_text().splitlines() if hits.exists() else []


def test_offers(terminal: Terminal, home: Path) -> None:
    for line, offers in (*OFFERS, *WITH_COLONS, *AFTER_EQUALS):
        wanted = offers.split()
        if "," in line:  # zsh completes behind the last comma
            wanted = [offer.rpartition(",")[2] for offer in wanted]
        assert (line, offered(terminal, line, home)) == (line, wanted)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("vshell apit\t", "vshell apitoken"),
        ("vshell apitoken list --columns id,own\t", "vshell apitoken list --columns id,owner"),
        ("vshell apitoken list --output=ver\t", "vshell apitoken list --output=vertical"),
        ("vshell token:g\t", "vshell token:generate"),
        ("vshell watch 5s token:g\t--cu\t", "vshell watch 5s token:generate --current"),
        ("vshell token:generate --cu\t", "vshell token:generate --current"),
        ("vshell apitoken list --name i\t", "vshell apitoken list --name it\\'s"),
    ],
)
def test_the_line_becomes(terminal: Terminal, typed: str, wanted: str) -> None:
    terminal.send(typed)
    terminal.until(lambda screen: screen.line == f"> {wanted}")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("vshell ap", "apitoken  -- API tokens, which programs show instead of a password."),
        ("vshell apitoken create --", "--owner        -- Sets the owner of the token; use it to create"),
        ("vshell apitoken show --id ", "428BFekp  -- backup, bob"),
        ("vshell apitoken create --owner ", "bob  -- Bob Smith"),
        ("vshell m", "mine     -- apitoken list --owner 'bob'"),
        ("vshell --", "--server      -- The server to talk to."),
        ("vshell server use ", "prod  -- https://prod"),
    ],
)
def test_each_offer_has_its_explanation(terminal: Terminal, typed: str, shown: str) -> None:
    terminal.send(f"{typed}\t\t")
    terminal.until(shown)


def test_a_hostile_name_stays_a_name(terminal: Terminal, home: Path) -> None:
    assert offered(terminal, "vshell apitoken list --name x", home) == [HOSTILE]
    assert offered(terminal, "vshell apitoken show --id 5", home) == ["528BFekr"]
    terminal.send("\x15vshell() { print -rn -- $4 > told }\r")
    terminal.send("vshell apitoken list --name x\t")
    terminal.until(lambda screen: screen.line.startswith("> vshell apitoken list --name x") and "pwned" in screen.line)
    terminal.send("\r")
    terminal.until(lambda _: (home / "told").exists() and (home / "told").read_text())
    assert (home / "told").read_text() == HOSTILE
    assert not (home / "pwned").exists()
