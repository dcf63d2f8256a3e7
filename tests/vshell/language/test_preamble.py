"""What may stand before a command."""

import pytest

from vshell.language.preamble import preamble


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("apitoken list", "apitoken list"),
        ("vcli: admin> apitoken list", " apitoken list"),
        ("  vshell: root@lab>  apitoken list", "  apitoken list"),
        ("$ vigocli auth status", " auth status"),
        ("$ catalyst token:list", " token:list"),
        ("./cells-enterprise admin user token", " admin user token"),
        ("vcli: a> vault token create", " token create"),
        ("vault", ""),
        ("vaulted", "vaulted"),
        ("$t.id", "$t.id"),
        ("vcli: admin>apitoken", "vcli: admin>apitoken"),
        ("let t = apitoken list", " apitoken list"),
        ("let t=apitoken list", "apitoken list"),
        ("$ vshell let t = help", " help"),
        ("letter", "letter"),
        ("let", ""),
        ("let t", ""),
        ("let t apitoken", "apitoken"),
    ],
)
def test_what_stands_before_a_command_is_stepped_over(line: str, rest: str) -> None:
    assert line[preamble(line, {}).end :] == rest


def test_a_programs_name_that_is_a_command_is_one() -> None:
    commands = {"vault": {"auth"}, "apitoken": {"list"}}
    for line in ("vault auth x", "vault", "vault statsu", "  vault auth"):
        assert preamble(line, commands).end == 0
    assert preamble("vault apitoken list", commands).end == len("vault")


def test_what_is_skipped_is_kept_as_a_comment() -> None:
    words = preamble("vcli: admin> vault let x = help", {}).words
    assert [(word.text, word.role) for word in words] == [
        ("vcli: admin>", "comment"),
        ("vault", "comment"),
        ("let", "command"),
        ("x", "positional"),
        ("=", "command"),
    ]


@pytest.mark.parametrize(
    ("line", "assigns", "column", "broken"),
    [
        ("let t = help", "t", None, False),
        ("let _t2 = help", "_t2", None, False),
        ("let t", "t", 5, True),
        ("let", None, 3, True),
        ("let = help", None, 3, False),
        ("let 2t = help", None, 4, False),
        ("let t.id = help", None, 4, False),
        ("help", None, None, False),
    ],
)
def test_let_needs_a_name_and_an_equals(line: str, assigns: str | None, column: int | None, broken: bool) -> None:
    before = preamble(line, {})
    assert before.assigns == assigns
    assert (before.fault.column if before.fault else None) == column
    assert before.broken == broken
