"""The state of a parser at the end of a line: what completion builds on, and what is wrong with the whole."""

from __future__ import annotations

from typing import Annotated

import pytest

import vshell.commands  # noqa: F401 (declares them)
from tests.vshell import small
from tests.vshell.small import REGISTRY
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
    assert reader("apitoken create").find_spelling(typed) == spelling


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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("apitoken", "apitoken needs a verb"),
        ("apitoken revoke", "apitoken revoke needs --id"),
        ("apitoken revoke --id", "--id needs a value"),
        ("manager show", "manager show needs --username"),
        ("watch 5s", "watch needs a command"),
        ("let x =", "let needs a command"),
        ("apitoken list | match", "'match' needs a WORD"),
    ],
)
def test_one_thing_is_missing(line: str, said: str) -> None:
    reader = Parser(line, REGISTRY, {})
    missing = reader.missing()
    assert missing is not None
    assert missing.sentence.startswith(said)
    assert reader.error == (*missing, len(line))


@pytest.mark.parametrize(
    ("line", "said", "column"),
    [
        ("apitoken create | match bob", "apitoken create shows a token", 16),
        ("let t = apitoken create | first 1", "apitoken create shows a token", 24),
        ("let t = watch 1s apitoken list", "watch stands at the beginning of a line", 8),
        ("watch 1s watch 1s apitoken list", "watch stands at the beginning of a line", 9),
    ],
)
def test_what_cannot_go_together_is_said_under_its_column(line: str, said: str, column: int) -> None:
    fault = parse(line, registry=REGISTRY).mistake
    assert fault is not None
    assert fault.sentence.startswith(said)
    assert fault.column == column


def test_a_text_of_several_words_is_told_to_stand_in_quotes() -> None:
    fault = parse("alias add mine apitoken list").mistake
    assert fault is not None
    assert fault.hint == "Put a value of several words in quotes."


def test_a_token_may_go_into_a_file() -> None:
    assert parse("apitoken create > FILE", registry=REGISTRY).mistake is None
    assert parse("apitoken create | save FILE", registry=REGISTRY).mistake is None


@pytest.mark.parametrize("line", ["", "apitoken list", "manager show --id 1", "apitoken list | count"])
def test_a_whole_line_lacks_nothing(line: str) -> None:
    whole = Parser(line, REGISTRY, {})
    assert (whole.missing(), whole.error) == (None, None)
