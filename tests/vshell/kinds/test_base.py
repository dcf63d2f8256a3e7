"""What all kinds share."""

from tests.vshell.small import TOKEN
from vshell.formats.text import quote
from vshell.kinds import Kind, NoNames, Text


def test_a_kind_can_be_called_otherwise() -> None:
    kind = Text("TOKEN_NAME", "the name of a token")
    assert (kind.metavar, kind.explanation) == ("TOKEN_NAME", "the name of a token")
    assert (Text.metavar, Kind.explanation) == ("TEXT", "any text")
    assert repr(kind) == "Text('TOKEN_NAME')"


def test_a_quoted_text_is_short_and_harmless() -> None:
    assert quote("a b") == "'a b'"
    assert quote(f"x {TOKEN} y") == "'x *** y'"
    assert quote("\x1b[2J\n") == r"'\x1b[2J\n'"
    assert quote("x" * 100) == f"'{'x' * 57}...'"


def test_no_names_are_known_without_a_server() -> None:
    names = NoNames()
    names.invalidate()
    assert list(names.rows("managers")) == []
