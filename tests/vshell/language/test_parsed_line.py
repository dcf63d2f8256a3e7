"""What is done with a parsed line: writing it out in full, hiding its secrets, telling its mistake."""

import pytest

from tests.vshell import small
from tests.vshell.small import TOKEN
from vshell.language.grammar import parse
from vshell.language.parsed_line import ParsedLine


def reading_of(line: str) -> ParsedLine:
    return parse(line, registry=small.REGISTRY)


@pytest.mark.parametrize(
    ("line", "full"),
    [
        ("apit cr --nam x", "apitoken create --name x"),
        ("vcli: a> us sh --us=bob # hi", "vcli: a> user show --username=bob # hi"),
        ("let x = apit li --arch", "let x = apitoken list --archived"),
        ("apitoken list", "apitoken list"),
    ],
)
def test_an_abbreviated_line_can_be_written_out(line: str, full: str) -> None:
    reading = reading_of(line)
    assert reading.full_text == full
    assert reading.abbreviated == (line != full)


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("manager create --password hunter2 --username b", "manager create --password *** --username b"),
        ("manager create --password=hunter2", "manager create --password=***"),
        ("manager create --pass 'hunter2", "manager create --pass ***"),
        ("manager create --pasword hunter2", "manager create --pasword ***"),
        ("manager create --password hunter2 hunter3", "manager create --password *** ***"),
        ("manger create --password hunter2", "manger create --password ***"),
        ("manger create --password=hunter2", "manger create ***"),
        ("manager crate --password --username x", "manager crate --password --username x"),
        (f"apitoken revoke --id {TOKEN}", "apitoken revoke --id ***"),
        (f"xyzzy {TOKEN}", "xyzzy ***"),
        (f"help # {TOKEN}", "help # ***"),
        ("apitoken list", "apitoken list"),
    ],
)
def test_a_secret_is_never_shown(line: str, masked: str) -> None:
    reading = reading_of(line)
    assert reading.masked == masked
    shown = repr(reading) + repr(reading.words)
    if reading.mistake is not None:
        shown += f"{reading.error()} {reading.error().hint} {reading.error().line}"
    assert "hunter" not in shown
    assert TOKEN not in reading.masked


def test_the_column_of_a_mistake_is_that_of_the_masked_line() -> None:
    reading = reading_of("manager create --password hunter2 --nix")
    assert reading.mistake is not None
    assert reading.mistake.column == 34
    error = reading.error()
    assert error.line == "manager create --password *** --nix"
    assert error.column == error.line.index("--nix")


def test_a_mistake_is_an_error_with_its_line_and_column() -> None:
    reading = reading_of("apitoken create --nix")
    error = reading.error()
    assert (error.line, error.column) == (reading.line, 16)
    assert error.sentence == "apitoken create has no option '--nix'."
    assert error.hint == "Its options: --expiry-date, --name, --owner."


@pytest.mark.parametrize(
    ("line", "empty", "complete"),
    [("", True, False), ("# x", True, False), ("apitoken list", False, True), ("apitoken", False, False)],
)
def test_a_line_is_empty_or_complete_or_mistaken(line: str, empty: bool, complete: bool) -> None:
    reading = reading_of(line)
    assert (reading.empty, reading.complete) == (empty, complete)
    assert (reading.mistake is None) == (empty or complete)
