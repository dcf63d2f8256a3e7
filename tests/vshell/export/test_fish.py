"""The completion script in the real fish, by ``complete -C``."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.processes import needed
from tests.terminal import Terminal
from tests.vshell.export.lines import AFTER_EQUALS, HOSTILE, OFFERS, ROOT, WITH_COLONS, make_home

SCRIPT = ROOT / "completions/vshell.fish"


def offered(line: str, home: Path) -> dict[str, str]:
    """Return what fish offers, with the explanations."""
    program = "source $argv[1]; complete -C $argv[2]"
    command = [needed("fish", "fish"), "--no-config", "-c", program, str(SCRIPT), line]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=make_home(home), cwd=home)
    assert ran.stderr == ""
    offers = (offer.partition("\t") for offer in ran.stdout.splitlines())
    return {text: explanation for text, _, explanation in offers}


@pytest.mark.parametrize(("line", "offers"), OFFERS + WITH_COLONS)
def test_offers(line: str, offers: str, home: Path) -> None:
    assert list(offered(line, home)) == offers.split()


@pytest.mark.parametrize(("line", "offers"), AFTER_EQUALS)
def test_a_value_behind_an_equals_sign(line: str, offers: str, home: Path) -> None:
    before = line.split(" ")[-1].partition("=")[0]
    assert list(offered(line, home)) == [f"{before}={offer}" for offer in offers.split()]


@pytest.mark.parametrize(
    ("line", "text", "explanation"),
    [
        ("vshell apit", "apitoken", "API tokens, which programs show instead of a password."),
        ("vshell apitoken create --exp", "--expiry-date", "Sets the time from the token's creation until it expires."),
        ("vshell apitoken show --id ", "428BFekp", "backup, bob"),
        ("vshell apitoken create --owner ", "bob", "Bob Smith"),
        ("vshell mi", "mine", "apitoken list --owner 'bob'"),
        ("vshell --se", "--server", "The server to talk to."),
        ("vshell server use p", "prod", "https://prod"),
    ],
)
def test_each_offer_has_its_explanation(line: str, text: str, explanation: str, home: Path) -> None:
    assert offered(line, home)[text] == explanation


def test_a_hostile_name_stays_a_name(home: Path) -> None:
    assert list(offered("vshell apitoken list --name x", home)) == [HOSTILE]
    assert offered("vshell apitoken show --id 5", home) == {"528BFekr": f"{HOSTILE}, mallory"}
    assert not (home / "pwned").exists()


def test_the_key_at_a_terminal(home: Path) -> None:
    fish = [needed("fish", "fish"), "--no-config", "-i"]
    with Terminal(fish, make_home(home), columns=100, directory=str(home)) as terminal:
        terminal.enter(f"function fish_prompt; echo '> '; end; set fish_greeting; source {SCRIPT}; echo rea''dy")
        terminal.until(lambda screen: "ready" in screen.text.split("\n") and screen.line == ">")
        for typed, wanted in (
            ("vshell token:g\t--cu\t", "vshell token:generate --current"),
            ("vshell token:l\t", "vshell token:list"),
            ("vshell watch 5s token:r\t", "vshell watch 5s token:revoke"),
            ("vshell apitoken list --output=js\t", "vshell apitoken list --output=json"),
            ("vshell min\t--pare\t428\t", "vshell mine --parent 428BFekp"),
        ):
            terminal.send(typed)
            terminal.until(lambda screen, line=f"> {wanted}": screen.line == line)
            terminal.send("\x15")
            terminal.until(lambda screen: screen.line == ">")
