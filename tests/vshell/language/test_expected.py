"""What may come at the cursor, for every beginning of a line."""

from typing import Any

import pytest

import vshell.commands
from tests.vshell import small
from vshell.language.grammar import parse
from vshell.language.parsed_line import Expected, ParsedLine, Word
from vshell.registry.tree import REGISTRY, Registry

assert vshell.commands  # imported for the commands that it declares


def reading_of(line: str, cursor: int | None = None) -> ParsedLine:
    return parse(line, registry=small.REGISTRY, variables={}, cursor=cursor)


def expected(line: str, cursor: int | None = None) -> dict[str, Any]:
    """Return what is expected, without what is empty."""
    found: Expected = reading_of(line, cursor).expected
    named = {
        "prefix": found.prefix,
        "words": " ".join(word for word, _ in found.words),
        "options": " ".join(parameter.label for parameter in found.parameters),
        "value": found.value_of.name if found.value_of else "",
    }
    return {"start": found.start, **{name: value for name, value in named.items() if value}}


SHOWING = "--output --columns --sort --filter --times --token --dc"
ROOT = "apitoken break exit help manager send server user let watch"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("", {"start": 0, "words": ROOT}),
        ("ap", {"start": 0, "prefix": "ap", "words": ROOT}),
        ("vcli: admin> ap", {"start": 13, "prefix": "ap", "words": ROOT}),
        ("vcli", {"start": 4}),
        ("apitoken", {"start": 0, "prefix": "apitoken", "words": ROOT}),
        ("apitoken ", {"start": 9, "words": "create list revoke"}),
        ("apit c", {"start": 5, "prefix": "c", "words": "create list revoke"}),
        ("xyzzy ", {"start": 6}),
        ("manager s", {"start": 8, "prefix": "s", "words": "create display show"}),
        (
            "apitoken revoke ",
            {"start": 16, "options": "--id --output --columns --sort --filter --times --yes --dry-run --token --dc"},
        ),
        (
            "apitoken list --owner",
            {
                "start": 14,
                "prefix": "--owner",
                "options": f"--archived --owner {SHOWING}",
            },
        ),
        ("apitoken list --owner ", {"start": 22, "value": "owner"}),
        ("apitoken list --owner b", {"start": 22, "prefix": "b", "value": "owner"}),
        ("apitoken list --owner 'b c", {"start": 22, "prefix": "b c", "value": "owner"}),
        ("apitoken list --owner=b", {"start": 22, "prefix": "b", "value": "owner"}),
        ("apitoken list --owner=", {"start": 22, "value": "owner"}),
        ("apitoken list --nix=", {"start": 20}),
        ("apitoken list --archived=", {"start": 25}),
        (
            "apitoken list --owner bob ",
            {"start": 26, "options": f"--archived {SHOWING}"},
        ),
        (
            "apitoken list --nix x ",
            {"start": 22, "options": f"--archived --owner {SHOWING}"},
        ),
        ("apitoken list # x", {"start": 14, "prefix": "# x"}),
        ("manager show ", {"start": 13, "options": f"--username --id {SHOWING}"}),
        ("manager show --id 1 ", {"start": 20, "options": f"{SHOWING}"}),
        (
            "manager create --roles a ",
            {
                "start": 25,
                "options": f"--username --password --roles --enable-login {SHOWING}",
            },
        ),
        ("manager create --roles a,b", {"start": 23, "prefix": "a,b", "value": "roles"}),
        ("send ", {"start": 5, "value": "method"}),
        ("send GET", {"start": 5, "prefix": "GET", "value": "method"}),
        ("send GET /x {} ", {"start": 15}),
        ("help a", {"start": 5, "prefix": "a", "value": "words"}),
        ("help a --b", {"start": 7, "prefix": "--b", "value": "words"}),
        ("let x", {"start": 5}),
        ("let 1x = ", {"start": 9, "words": ROOT}),
        ("let x = ", {"start": 8, "words": ROOT.removesuffix(" let watch")}),
        ("let x =ap", {"start": 7, "prefix": "ap", "words": ROOT.removesuffix(" let watch")}),
    ],
)
def test_what_may_come_next_is_known(line: str, wanted: dict[str, Any]) -> None:
    assert {name: value for name, value in expected(line).items() if name in {*wanted, "words"}} == wanted


def test_what_may_come_at_the_cursor_minds_what_stands_behind_it() -> None:
    line = "apitoken list --ow --archived"
    assert expected(line, 18) == {
        "start": 14,
        "prefix": "--ow",
        "options": f"--owner {SHOWING}",
    }
    assert expected(line, 3)["prefix"] == "api"
    assert expected(line, 9)["words"] == "create list revoke"


def test_command_words_come_with_an_explanation() -> None:
    words = dict(reading_of("").expected.words)
    assert words["apitoken"] == "API tokens."
    assert words["exit"] == "Leave."
    assert words["user"] == "the same as manager"


def fits(wanted: Expected, word: Word, spelling: str) -> bool:
    """Tell whether a word that was typed is among what was expected."""
    if word.role == "command":
        return spelling in dict(wanted.words)
    if word.role == "option":
        return word.parameter in wanted.parameters
    return word.role == "comment" or wanted.value_of == word.parameter


LINES = [
    (registry, example)
    for registry in (small.REGISTRY, REGISTRY)
    for command in registry
    for example in command.examples
]


@pytest.mark.parametrize(("registry", "line"), LINES, ids=[line for _, line in LINES])
def test_every_beginning_of_a_line_expects_the_word_that_follows(registry: Registry, line: str) -> None:
    whole = parse(line, registry=registry)
    for word in whole.words:
        for end in range(word.start, word.end + 1):
            beginning = parse(line[:end], registry=registry)
            wanted = beginning.expected
            typed = line[word.start : end]
            assert wanted.start == word.start
            plain = typed.replace("'", "").replace('\\"', '"')
            assert wanted.prefix == (plain if "'" in typed else plain.replace('"', ""))
            if not (typed.startswith("-") and word.role != "option"):
                assert fits(wanted, word, line[word.start : word.end]), line[:end]
