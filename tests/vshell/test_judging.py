"""What is wrong with a line as a whole; test_grammar and test_tail have the sentences under their columns."""

from __future__ import annotations

import pytest

from tests.vshell.small import REGISTRY
from vshell.judging import at_end, lacks
from vshell.reader import Reader


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
    reader = Reader(line, REGISTRY, {})
    (problem,) = lacks(reader)
    assert problem.sentence.startswith(said)
    assert at_end(reader)[0] == (problem, len(line))


@pytest.mark.parametrize("line", ["", "apitoken list", "manager show --id 1", "apitoken list | count"])
def test_a_whole_line_lacks_nothing(line: str) -> None:
    assert at_end(Reader(line, REGISTRY, {})) == []
