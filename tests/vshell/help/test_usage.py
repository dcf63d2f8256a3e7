"""The usage lines, letter for letter as in the documents."""

import textwrap

import pytest

import vshell.commands
from tests.vshell import small
from vshell.help.usage import explain_words, usage_lines
from vshell.registry.tree import REGISTRY

assert vshell.commands  # imported for the commands that it declares

# VAST's pages; "modify" is there indented by one less, a slip of that page alone.
DOCUMENTED = [
    """
    apitoken create [--name TOKEN_NAME]
                    [--expiry-date EXPIRATION_TIME]
                    [--owner OWNER]
    """,
    """
    apitoken modify --id ID
                    [--name NAME]
                    [--expiry-date EXPIRATION_TIME]
    """,
    "apitoken show --id ID",
    """
    apitoken list [--archived]
                  [--owner OWNER]
                  [--name TOKEN_NAME]
    """,
    "apitoken revoke {--id ID",  # "--id ID" there; ours can revoke by a prefix too
]

OTHERS = [
    "send METHOD PATH [JSON]",
    "help [COMMAND ...]",
    "exit",
    """
    manager show {--username USERNAME | --id ID}
    """,
    """
    manager create --username USERNAME
                   --password PASSWORD
                   [--roles ROLE[,...]]
                   [--enable-login]
                   [--disable-login]
    """,
]


@pytest.mark.parametrize("text", DOCUMENTED)
def test_a_documented_usage_is_met(text: str) -> None:
    wanted = textwrap.dedent(text).strip()
    # What is ours stands behind what is documented.
    assert any(usage_lines(command).startswith(wanted) for command in REGISTRY)


@pytest.mark.parametrize("text", OTHERS)
def test_every_shape_has_its_usage(text: str) -> None:
    wanted = textwrap.dedent(text).strip()
    assert wanted in [usage_lines(command) for command in small.REGISTRY]


def test_spellings_of_one_meaning_stand_together() -> None:
    used = {command.name: usage_lines(command) for command in REGISTRY}
    assert "-u|--user USER\n" in used["admin user token"]
    assert "[-q|--quiet]" in used["admin user token"]
    assert "[-ttl|-lease DURATION]" in used["token create"]


def test_words_are_explained_in_columns_of_any_width() -> None:
    rows = [("create", "Make one."), ("a-very-long-word-of-all", "Do it, and " + "go on " * 12)]
    for width in (40, 80):
        lines = explain_words(rows, width).split("\n")
        assert max(map(len, lines)) <= width
        assert lines[0].split() == ["create", "Make", "one."]
        assert lines[0].index("Make") == next(line for line in lines if "Do it" in line).index("Do it")
    assert explain_words([], 40) == ""
