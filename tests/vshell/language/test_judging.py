"""What is wrong with a line as a whole; test_grammar and test_tail have the sentences under their columns."""

from __future__ import annotations

import pytest

import vshell.commands  # noqa: F401 (declares them)
from tests.vshell.small import REGISTRY
from vshell.language.grammar import parse
from vshell.language.judging import at_end, lacks
from vshell.language.parser import Parser


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
    (problem,) = lacks(reader)
    assert problem.sentence.startswith(said)
    assert at_end(reader)[0] == (problem, len(line))


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
    assert at_end(Parser(line, REGISTRY, {})) == []
