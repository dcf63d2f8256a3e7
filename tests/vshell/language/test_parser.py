"""The state of a reader at the end of a line: what completion builds on."""

from typing import Annotated

import pytest

from tests.vshell import small
from vshell.kinds import Secret
from vshell.language.grammar import parse
from vshell.language.parser import Parser


def reader(line: str) -> Parser:
    return Parser(line, small.REGISTRY, {})


@pytest.mark.parametrize(
    ("line", "waiting"),
    [
        ("apitoken list --owner", "owner"),
        ("apitoken list --ow", "owner"),
        ("apitoken list --wner", "owner"),
        ("apitoken list --owner ''", None),
        ("apitoken list --owner=", None),
        ("apitoken list --archived", None),
        ("apitoken list --nix", None),
    ],
)
def test_an_option_waits_for_its_value(line: str, waiting: str | None) -> None:
    found = reader(line).waiting
    assert (found.name if found else None) == waiting


@pytest.mark.parametrize(
    ("line", "left", "rest_begun"),
    [
        ("send", "method path body", False),
        ("send GET", "path body", False),
        ("send nix", "path body", False),
        ("send GET /x {}", "", False),
        ("help", "words", False),
        ("help a b", "words", True),
        ("apitoken list", "", False),
    ],
)
def test_words_that_may_still_come_are_known(line: str, left: str, rest_begun: bool) -> None:
    found = reader(line)
    assert " ".join(parameter.name for parameter in found.positionals) == left
    assert found.rest_begun == rest_begun


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("apitoken create --name x --expiry-date nonsense", {"name", "expiry_date"}),
        ("apitoken list --archived --output", {"archived"}),
        ("apitoken list --output json", {"output"}),
        ("apitoken", set()),
    ],
)
def test_what_was_given_is_known_even_when_it_is_wrong(line: str, given: set[str]) -> None:
    assert reader(line).given.keys() == given


@pytest.mark.parametrize(
    ("typed", "spelling"),
    [
        ("--name", "--name"),
        ("--n", "--name"),
        ("--exp", "--expiry-date"),
        ("--o", None),
        ("--", None),
        ("-n", None),
        ("--names", None),
    ],
)
def test_an_option_is_known_by_its_only_possible_beginning(typed: str, spelling: str | None) -> None:
    assert reader("apitoken create").spelling(typed) == spelling


def test_the_command_words_lead_through_the_tree() -> None:
    assert reader("").node is small.REGISTRY.root
    assert reader("apit").node is small.REGISTRY.root.words["apitoken"]
    assert reader("user").node is small.REGISTRY.root.words["manager"]
    assert reader("xyzzy").node is None
    assert reader("let x").node is None


def test_a_word_too_many_is_hidden_where_a_word_is_a_secret() -> None:
    def keep(session: object, token: Annotated[str, Secret("TOKEN"), "The token."], /) -> None:
        """Keep it."""

    reading = parse("thing do first second", registry=small.declare(keep))
    assert reading.mistake is not None
    assert "second" not in reading.mistake.sentence
    assert reading.masked == "thing do *** ***"
