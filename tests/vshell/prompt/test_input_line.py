"""What is typed falls into lines, each parsed once; what is wrong in one, and which time it means."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vshell.commands
from tests.vshell.prompt.talking import names
from tests.vshell.small import REGISTRY
from vshell.language.grammar import parse
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.candidates import may_become_right
from vshell.prompt.input_line import TOKEN, LineParser, find_error, line_at, logical_lines, preview_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\nb", ["a", "b"]),
        ("a\n", ["a", ""]),
        ("a \\\nb\nc", ["a \\\nb", "c"]),
        ("a 'x\ny' b\nc", ["a 'x\ny' b", "c"]),
        ('a "x\n\ny"\nc', ['a "x\n\ny"', "c"]),
        ("a # it's\nb", ["a # it's", "b"]),
        ("a 'x\ny", ["a 'x\ny"]),
        ("a \\", ["a \\"]),
        ("a \\\\\nb", ["a \\\\", "b"]),
    ],
)
def test_lines_end_where_nothing_is_open(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in logical_lines(text)] == expected


@given(st.text(st.sampled_from("ab '\"\\\n#$"), max_size=60))
def test_the_lines_are_the_whole_text(text: str) -> None:
    spans = list(logical_lines(text))
    assert "\n".join(text[start:end] for start, end in spans) == text
    for cursor in range(len(text) + 1):
        span = line_at(text, cursor)
        assert span in spans
        assert span.start <= cursor <= span.end


def test_a_line_is_read_once_until_variables_may_have_changed() -> None:
    variables: dict[str, object] = {}
    lines = LineParser(REGISTRY, lambda: variables)
    first = lines.parse("send GET $x")
    assert first.mistake is not None
    variables["x"] = "/vms/"
    assert lines.parse("send GET $x") is first
    lines.forget()
    assert lines.parse("send GET $x").complete


KNOWN = names()
REAL_TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def error_of(line: str, cursor: int | None = None) -> str:
    at = len(line) if cursor is None else cursor
    return find_error(parse(line, registry=REGISTRY, cursor=at), at, may)


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
    assert error_of(line) == ""


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
    assert error_of(line).startswith(expected)
    assert REAL_TOKEN[9:] not in error_of(line)


def test_in_the_middle_of_a_word_somebody_is_still_typing() -> None:
    assert error_of("apitoken create --expiry-date 18x", 31) == ""


assert vshell.commands  # imported for the commands that it declares

NOW = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("apitoken create --expiry-date 180D", "180D -> 2027-05-20 14:03 UTC"),
        ("apitoken create --expiry-date 6M", "6M -> 2027-05-20 14:03 UTC"),
        ("apitoken create --expiry-date 6m", "6m -> 2026-11-21 14:09 UTC"),
        ("apitoken create --expiry-date 180D --owner bob", "180D -> 2027-05-20 14:03 UTC"),
        ("apitoken create --expiry-date 180D --auto 1h", "1h -> 2026-11-21 15:03 UTC"),
        ("apitoken create --hard-end 1D", "1D -> 2026-11-22 14:03 UTC"),
        ("apitoken rotate --id L7k8ljIC --grace 1h", "1h -> 2026-11-21 15:03 UTC"),
        ("apitoken list --unused-for 90D", "90D -> 2026-08-23 14:03 UTC"),
        ("vault token-create -ttl=1h30m", "1h30m -> 2026-11-21 15:33 UTC"),
        ("apitoken create --expiry-date 180", ""),
        ("watch 2 ", ""),
        ("watch 5s apitoken list", ""),
        ("watch 5 apitoken list --unused-for 90D", "90D -> 2026-08-23 14:03 UTC"),
        ("apitoken create --name 180D", ""),
        ("", ""),
    ],
)
def test_a_length_means_a_moment(line: str, expected: str) -> None:
    assert preview_time(parse(line), len(line), NOW) == expected


def test_what_stands_behind_the_cursor_is_not_meant() -> None:
    line = "apitoken create --auto 1h --expiry-date 2D"
    assert preview_time(parse(line), line.index("1h"), NOW).startswith("1h ->")
