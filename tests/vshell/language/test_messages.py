"""The words of mistakes: every one is a sentence with a next step."""

import pytest

from tests.vshell import small
from vshell.language import messages
from vshell.language.messages import beginning_with, either, nearest
from vshell.language.variables import WordError

CREATE = small.REGISTRY.find("apitoken create")
assert CREATE is not None
NAME = CREATE.parameters[0]

ALL = [
    messages.LET_WITHOUT_NAME,
    messages.LET_WITHOUT_EQUALS,
    messages.LET_WITHOUT_COMMAND,
    messages.OPEN_QUOTE,
    messages.NOTHING_FOLLOWS,
    messages.no_variable_name("1x"),
    messages.no_such_word("x", "x", "", ["create"]),
    messages.no_such_word("c", "c", "apitoken", ["create", "count"]),
    messages.variable_as_command("$x", "apitoken"),
    messages.option_before_verb("apitoken", ["create"]),
    messages.needs_verb("apitoken", ["create"]),
    messages.no_such_option("--x", "--x", CREATE)[0],
    messages.needs_value(NAME),
    messages.takes_no_value(NAME),
    messages.given_twice(NAME, "--name"),
    messages.exclude_each_other(CREATE, ("name", "owner")),
    messages.refuse_value(NAME, "No.", "$x"),
    messages.too_many(CREATE, "x", after_value=False),
    messages.too_many(CREATE, None, after_value=True),
    messages.needs(CREATE, [NAME]),
]


@pytest.mark.parametrize("problem", ALL)
def test_a_mistake_is_one_sentence_and_the_next_step(problem: WordError) -> None:
    assert problem.sentence.endswith((".", "?"))
    assert problem.sentence.isprintable()
    assert problem.hint


def test_an_option_that_was_probably_meant_is_told_and_taken() -> None:
    assert CREATE is not None
    problem, meant = messages.no_such_option("--nmae", "--nmae", CREATE)
    assert "did you mean --name?" in problem.sentence
    assert meant is NAME
    create = small.REGISTRY.find("manager create")
    assert create is not None
    assert messages.no_such_option("--xyzzy", "--xyzzy", create)[1] is None


def test_of_several_possible_options_the_secret_one_is_taken() -> None:
    """So that what follows is hidden; the line is refused in any case."""
    create = small.REGISTRY.find("manager create")
    assert create is not None
    options = {"--pa": create.options["--username"], "--password": create.options["--password"]}
    meant = messages.no_such_option("--p", "--p", create._replace(options=options))[1]
    assert meant is not None
    assert meant.kind.secret


@pytest.mark.parametrize(("words", "text"), [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")])
def test_a_choice_is_listed(words: list[str], text: str) -> None:
    assert either(words) == text


@pytest.mark.parametrize(
    ("text", "word"),
    [("crate", "create"), ("CREATE", "create"), ("xyzzy", None), ("", None), ("c", None), ("create" * 20, None)],
)
def test_the_nearest_word_is_found(text: str, word: str | None) -> None:
    assert nearest(text, ["create", "list", "revoke"]) == word


def test_words_are_found_by_their_beginning() -> None:
    assert beginning_with("re", ["revoke", "create", "read"]) == ["revoke", "read"]
