"""What is done with a parsed line: writing it out in full, hiding its secrets, telling its mistake."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vshell import small
from tests.vshell.small import TOKEN
from vshell.kinds import Json, Secret, Text
from vshell.language.grammar import parse
from vshell.language.parsed_line import ParsedLine, mask_line
from vshell.registry.tree import TEXT, Registry
from vshell.session import Session


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


TYPED = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"

REGISTRY = Registry()


@REGISTRY.command("manager create", view=TEXT, examples=("manager create --username bob",))
def _create(
    session: Session,
    /,
    *,
    username: Annotated[str, Text(), "The name."],
    password: Annotated[str | None, Secret(), "The password."] = None,
) -> None:
    """Create a manager."""


@REGISTRY.command("api", view=TEXT, examples=("api GET /vms/",))
def _api(
    session: Session,
    method: Annotated[str, Text(), "The method."],
    path: Annotated[str, Text(), "The path."],
    body: Annotated[object, Json(), "The body."] = None,
    /,
) -> None:
    """Send a request."""


def masked(line: str) -> str | None:
    return mask_line(parse(line, registry=REGISTRY))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("manager create --username bob", "manager create --username bob"),
        ("manager create --username bob  ", "manager create --username bob"),
        ("manager create --username bob --password hunter2", "manager create --username bob --password ***"),
        ("manager create --username bob --password=hunter2", "manager create --username bob --password=***"),
        ("manager create --username bob --password 'two words'", "manager create --username bob --password ***"),
        ("manager create --username bob --pass hunter2", "manager create --username bob --pass ***"),
        ("manager creat --user bob --password hunter2", "manager creat --user bob --password ***"),
        ("mangler create --password hunter2", "mangler create --password ***"),
        ("vcli -u admin -p hunter2 -c api", "vcli -u admin -p *** -c api"),
        ("login --old-password 'a b' --x", "login --old-password *** --x"),
        ("dragon --max-api-tokens 7", "dragon --max-api-tokens 7"),
        ("""api POST /token/ '{"username": "bob", "password": "hunter2"}'""",
         """api POST /token/ '{"username": "bob", "password": "***"}'"""),
        ("""api POST /token/refresh/ '{"refresh":"hunter2"}'""", """api POST /token/refresh/ '{"refresh":"***"}'"""),
        ('api POST /token/ "{\\"password\\": \\"hunter2\\"}"', 'api POST /token/ "{\\"password\\": "***"}"'),
        (f"api GET /x/{TYPED}", "api GET /x/***"),
        ("api GET /x # it's fine", "api GET /x # it's fine"),
    ],
)  # fmt: skip
def test_a_line_is_shown_without_its_secrets(line: str, expected: str) -> None:
    assert masked(line) == expected
    assert "hunter2" not in expected


@given(
    st.sampled_from(["{}", "'{}'", '"{}"', "x {} y", "api GET {}", "api GET --x={}", "#{}", "manager create --pa {}"]),
    st.integers(0, 40),
    st.sampled_from(["", "''", "\\", '""']),
)
def test_no_way_to_write_a_token_gets_it_in(form: str, at: int, between: str) -> None:
    text = masked(form.format(TYPED[:at] + between + TYPED[at:]))
    assert text is None or TYPED[20:] not in text
