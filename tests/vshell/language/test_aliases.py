"""Aliases: a word of the user's own at the beginning of a line, and never in the place of another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.vshell.small import REGISTRY
from vshell.language.grammar import parse
from vshell.language.parsed_line import ParsedLine

REAL = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


@pytest.fixture(autouse=True)
def own_words() -> Iterator[None]:
    """Know three aliases for the length of a test."""
    REGISTRY.expansions.update(mine="apitoken list --owner bob", show="manager show", user="help")
    yield
    REGISTRY.expansions.clear()


def said(line: str, cursor: int | None = None) -> ParsedLine:
    """Read a line of the small shell."""
    return parse(line, registry=REGISTRY, cursor=cursor)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("mine", "apitoken list --owner bob"),
        ("mine --archived", "apitoken list --owner bob --archived"),
        ("  mine --archived # all", "apitoken list --owner bob --archived # all"),
        ("vshell: admin> mine", "apitoken list --owner bob"),
        ("let t = mine", "let t = apitoken list --owner bob"),
        ("show --id 2", "manager show --id 2"),
        ("show", "manager show"),
        ("mine --owner eve", "apitoken list --owner bob --owner eve"),
        ("mine bogus", "apitoken list --owner bob bogus"),
    ],
)
def test_a_line_with_an_alias_means_what_that_stands_for(line: str, same: str) -> None:
    alias, full = said(line), said(same)
    assert (alias.command, alias.values, alias.common, alias.assigns) == (
        full.command,
        full.values,
        full.common,
        full.assigns,
    )
    assert (alias.mistake and alias.mistake.sentence) == (full.mistake and full.mistake.sentence)
    assert said(alias.full_text).values == full.values


def test_an_object_of_the_shell_is_never_one() -> None:
    assert said("user show --id 2").command is said("manager show --id 2").command


def test_an_alias_within_a_line_is_a_plain_word() -> None:
    assert said("help mine").values == {"words": ["mine"]}


def test_an_alias_is_not_looked_for_in_itself() -> None:
    REGISTRY.expansions["help"] = "mine"
    REGISTRY.expansions["loop"] = "loop"
    assert said("help x").values == {"words": ["x"]}
    assert said("loop").mistake is not None


def test_the_words_stand_where_they_were_typed() -> None:
    line = "mine --archived"
    first, second = said(line).words
    assert (first.text, first.start, first.end, first.role) == ("mine", 0, 4, "command")
    assert (line[second.start : second.end], second.role) == ("--archived", "option")


def test_what_is_wrong_is_told_under_its_own_column() -> None:
    fault = said("mine --nix").mistake
    assert fault is not None
    assert fault.column == 5
    inside = said("show").mistake
    assert inside is not None
    assert 0 <= inside.column <= 4


@pytest.mark.parametrize("line", ["mine --", "mine --arch", "mine --archived ", "mine --columns ", "mine --columns=na"])
def test_what_may_follow_is_what_may_follow_the_meaning(line: str) -> None:
    full = said("apitoken list --owner bob" + line[4:])
    expected = said(line).expected
    assert (expected.prefix, expected.parameters, expected.value_of) == (
        full.expected.prefix,
        full.expected.parameters,
        full.expected.value_of,
    )
    assert line[expected.start :].lstrip('"') == expected.prefix


@pytest.mark.parametrize("cursor", range(5))
def test_while_it_is_typed_it_is_offered_with_what_it_stands_for(cursor: int) -> None:
    expected = said("mine", cursor).expected
    assert (expected.prefix, expected.start) == ("mine"[:cursor], 0)
    assert ("mine", "your alias of: apitoken list --owner bob") in expected.words
    assert "user" not in [word for word, explanation in expected.words if "alias of: help" in explanation]
