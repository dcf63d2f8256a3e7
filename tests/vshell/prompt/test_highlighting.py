"""Colours come from the Reading; a secret is stars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vshell.small import REGISTRY, TOKEN
from vshell.prompt.highlighting import LineLexer, color_text
from vshell.prompt.input_line import LineParser

LINES = LineParser(REGISTRY, dict)
REAL = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def parts(text: str, cursor: int = -1) -> list[tuple[str, str]]:
    """Return the coloured parts that are more than white space."""
    return [
        (style.removeprefix("class:"), shown) for style, shown, *_ in color_text(text, LINES, cursor) if shown.strip()
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apitoken list # all", [("command", "apitoken"), ("command", "list"), ("comment", "# all")]),
        ("apit li", [("command", "apit"), ("command", "li")]),
        ("apitoken create --expiry-date 6M", [
            ("command", "apitoken"), ("command", "create"), ("option", "--expiry-date"), ("value.duration", "6M")]),
        ("apitoken create --expiry-date 6q", [
            ("command", "apitoken"), ("command", "create"), ("option", "--expiry-date"), ("mistake", "6q")]),
        ("apitokn x", [("mistake", "apitokn"), ("mistake", "x")]),
        ("send GET /x", [("command", "send"), ("value.choice", "GET"), ("value.text", "/x")]),
        ("$ vcli apitoken list", [
            ("comment", "$"), ("comment", "vcli"), ("command", "apitoken"), ("command", "list")]),
        ("manager create --password hunter2", [
            ("command", "manager"), ("command", "create"), ("option", "--password"), ("value.secret", "*******")]),
        (f"send GET {REAL}", [("command", "send"), ("value.choice", "GET"), ("value.text", "*" * 41)]),
        ("apitoken list\nmanager", [("command", "apitoken"), ("command", "list"), ("command", "manager")]),
    ],
)  # fmt: skip
def test_each_word_has_the_colour_of_what_it_is(text: str, expected: list[tuple[str, str]]) -> None:
    assert parts(text) == expected


def test_the_word_being_typed_is_not_called_wrong_yet() -> None:
    assert parts("apitoken create --expiry-date 6", 31)[-1] == ("value.duration", "6")
    assert parts("apitoken create --expiry-date 6", 3)[-1] == ("mistake", "6")
    assert parts("apitok", 6) == [("command", "apitok")]
    assert parts("xyz", 3) == [("", "xyz")]
    assert parts("xyz\nxyz", 7) == [("mistake", "xyz"), ("", "xyz")]


@given(st.text(st.sampled_from("ab-= '\"\\\n#$apitoken list--name"), max_size=60), st.integers(-1, 60))
def test_the_text_stays_as_it_is(text: str, cursor: int) -> None:
    shown = "".join(part[1] for part in color_text(text, LINES, cursor))
    assert shown == text or "*" in shown
    assert len(shown) == len(text)


def test_a_secret_over_two_lines_keeps_its_lines() -> None:
    shown = "".join(part[1] for part in color_text("manager create --password 'a\nb'", LINES))
    assert shown == "manager create --password **\n**"


def test_the_editor_is_given_physical_lines() -> None:
    from prompt_toolkit.document import Document

    line = LineLexer(LINES).lex_document(Document(f"send GET '{TOKEN[:3]}\nx' \\\n {{}}", 0))
    assert ["".join(part[1] for part in line(number)) for number in range(4)] == ["send GET 'Jhx", "x' \\", " {}", ""]
