"""The state of a parser at the end of a line: what completion builds on, and what is wrong with the whole."""

from __future__ import annotations

from typing import Annotated

import pytest

import vshell.commands  # noqa: F401 (declares them)
from tests.vshell import small
from tests.vshell.small import REGISTRY
from vshell.kinds import Secret
from vshell.language.grammar import parse
from vshell.language.parsed_line import Watch
from vshell.language.parser import COUNT, INTERVAL, Parser, read_preamble


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
    lexemes = read_preamble(line, {}).rest.lexemes
    assert (line[lexemes[0].start :] if lexemes else "") == rest.lstrip()


def test_a_programs_name_that_is_a_command_is_one() -> None:
    commands = {"vault": {"auth"}, "apitoken": {"list"}}
    for line in ("vault auth x", "vault", "vault statsu", "  vault auth"):
        assert read_preamble(line, commands).words == []
    (skipped,) = read_preamble("vault apitoken list", commands).words
    assert (skipped.text, skipped.role) == ("vault", "comment")


def test_what_is_skipped_is_kept_as_a_comment() -> None:
    words = read_preamble("vcli: admin> vault let x = help", {}).words
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
    before = read_preamble(line, {})
    assert before.assigns == assigns
    assert (before.error.column if before.error else None) == column
    assert before.broken == broken


@pytest.mark.parametrize(
    ("line", "watch"),
    [
        ("watch 5s x", Watch(5)),
        ("watch 5 x", Watch(5)),
        ("  watch 2m --count 3 x", Watch(120, 3)),
        ("watch --count=3 1h x", Watch(3600, 3)),
    ],
)
def test_an_interval_and_perhaps_a_count(line: str, watch: Watch) -> None:
    rounds = read_preamble(line, {})
    assert rounds.watch == watch
    assert rounds.error is None
    assert line[rounds.rest.lexemes[0].start :] == "x"
    assert [line[word.start : word.end] for word in rounds.words] == [word.text for word in rounds.words]


@pytest.mark.parametrize(
    "line",
    [
        "watch '5s' --count 1 apitoken list",
        'watch --count "1" 5s apitoken list',
        "watch $t.every --count 1 apitoken list",
    ],
)
def test_its_words_are_words_of_the_language(line: str) -> None:
    parsed = parse(line, registry=REGISTRY, variables={"t": {"every": "5s"}})
    assert (parsed.watch, parsed.complete) == (Watch(5, 1), True)


@pytest.mark.parametrize("line", ["watch '5s", "watch --count=3 '5s apitoken list"])
def test_a_quote_left_open_in_it_is_told(line: str) -> None:
    parsed = parse(line, registry=REGISTRY)
    assert parsed.mistake is not None
    assert parsed.mistake.sentence == "The quote opened here is not closed."
    assert (parsed.mistake.column, parsed.continues) == (line.index("'"), True)


@pytest.mark.parametrize(
    ("line", "waiting", "column"),
    [("watch", INTERVAL, 5), ("watch ", INTERVAL, 5), ("watch 5s --count", COUNT, 16), ("watch | count", INTERVAL, 5)],
)
def test_what_must_come_next(line: str, waiting: object, column: int) -> None:
    rounds = read_preamble(line, {})
    assert rounds.waiting is waiting
    assert rounds.watch is None
    assert rounds.error is not None
    assert rounds.error.column == column


@pytest.mark.parametrize(("line", "column"), [("watch soon x", 6), ("watch 0s x", 6), ("watch 5s --count 0 x", 17)])
def test_what_is_no_interval_or_count_is_told_in_its_place(line: str, column: int) -> None:
    fault = read_preamble(line, {}).error
    assert fault is not None
    assert fault.column == column


def test_usual_intervals_are_offered() -> None:
    from vshell.kinds import NoNames

    assert [offer.text for offer in INTERVAL.kind.complete("", NoNames(), {})] == ["2s", "5s", "30s", "1m"]


def test_it_begins_with_its_word() -> None:
    assert read_preamble(" watch 5s", {}).watch == Watch(5)
    assert read_preamble("watchful", {}).words == []
