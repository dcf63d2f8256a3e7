"""What is wrong is told while it is typed, and what is only unfinished is not."""

import pytest

from tests.vshell.prompt.talking import names
from tests.vshell.small import REGISTRY
from vshell.language.grammar import parse
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.candidates import may_become_right
from vshell.prompt.line_errors import TOKEN, doubt

KNOWN = names()
REAL_TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def told(line: str, cursor: int | None = None) -> str:
    at = len(line) if cursor is None else cursor
    return doubt(parse(line, registry=REGISTRY, cursor=at), at, may)


def may(reading: ParsedLine) -> bool:
    return may_become_right(reading, KNOWN)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "apit",
        "apitoken cr",
        "apitoken create --ow",
        "apitoken create --expiry-date 18",
        "apitoken create --expiry-date ",
        "apitoken create --name 'open",
        "manager create",
        "apitoken list --output j",
    ],
)
def test_what_may_become_right_is_not_wrong(line: str) -> None:
    assert told(line) == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("apitokn", "There is no command 'apitokn'; did you mean apitoken?"),
        ("apitoken create --expiry-date 18x", "--expiry-date: '18x' has an unknown unit;"),
        ("apitoken create --expiry-date 18 ", "--expiry-date: '18' has no unit;"),
        ("apitoken create --expiry-date 1y", "--expiry-date: '1y' has an unknown unit; years have a capital Y"),
        ("apitoken list --output xml", "--output: 'xml' is not possible here"),
        ("apitoken revoke --id 'a\x1b[2J'", "--id: 'a\\x1b[2J' is not a token's id"),
        (REAL_TOKEN, TOKEN),
        (f"apitoken revoke --id {REAL_TOKEN}", "--id: This is a whole token"),
    ],
)
def test_what_is_wrong_is_told_at_once(line: str, expected: str) -> None:
    assert told(line).startswith(expected)
    assert REAL_TOKEN[9:] not in told(line)


def test_in_the_middle_of_a_word_somebody_is_still_typing() -> None:
    assert told("apitoken create --expiry-date 18x", 31) == ""
