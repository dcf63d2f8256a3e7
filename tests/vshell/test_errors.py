"""How errors look, and the exit codes of their sorts."""

import pytest

from vshell import errors
from vshell.errors import Failed, Mistake, ShellError, render
from vshell.formats.text import visible

TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"
CODES = {
    "ShellError": 1,
    "Mistake": 2,
    "WrongPart": 2,
    "Failed": 1,
    "NotFound": 3,
    "NotAllowed": 4,
    "Conflict": 5,
    "SlowDown": 6,
    "Unreachable": 7,
    "Interrupted": 130,
}


def test_every_sort_has_its_exit_code_and_a_word_to_the_user() -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    sorts = {each.__name__: each for each in classes if issubclass(each, ShellError)}
    assert {name: sort.exit_code for name, sort in sorts.items()} == CODES
    assert all(sort.__doc__ for sort in sorts.values())


def test_an_error_is_a_sentence_and_the_next_step() -> None:
    assert render(Failed("It is full.", "Make room.")) == "It is full.\nMake room."
    assert render(Failed("It is full."), place="a.vsh:3") == "a.vsh:3: It is full."


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ("abc def", 4, ["  abc def", "      ^"]),
        ("abc", 3, ["  abc", "     ^"]),
        ("abc", 99, ["  abc", "     ^"]),
        ("", 0, ["", "  ^"]),
        ("a\tb", 2, ["  a   b", "      ^"]),
        ("漢字 x", 3, ["  漢字 x", "       ^"]),
        ("e\u0301 x", 3, ["  e\u0301 x", "    ^"]),
        ("a\x1bb", 2, ["  a\\x1bb", "       ^"]),
        ("one \\\ntwo three", 10, ["  two three", "      ^"]),
        ("one \\\ntwo", 2, ["  one \\", "    ^"]),
    ],
)
def test_the_caret_stands_under_the_column(line: str, column: int, shown: list[str]) -> None:
    assert render(Mistake("No.", line=line, column=column)).split("\n") == ["No.", *shown]


def test_a_mistake_without_a_line_has_no_caret() -> None:
    assert render(Mistake("No.", "Look.")) == "No.\nLook."


def test_no_token_is_told() -> None:
    error = Mistake(f"No '{TOKEN}'.", f"Not {TOKEN}.", line=f"a {TOKEN} b {TOKEN}", column=len(TOKEN) + 3)
    assert render(error) == "No '***'.\n  a *** b ***\n        ^\nNot ***."
    within = Mistake("No.", line=f"ab {TOKEN}", column=7)
    assert render(within) == "No.\n  ab ***\n     ^"


def test_nothing_steers_the_terminal() -> None:
    evil = "a\x1b]52;c;aGk=\x07\u202eb\r\n"
    assert visible(evil) == r"a\x1b]52;c;aGk=\x07\u202eb\r\n"
    told = render(Mistake(evil, evil, line=evil, column=1), place="x")
    assert all(line.isprintable() for line in told.split("\n"))
    assert visible("Zoë 漢字 c'est") == "Zoë 漢字 c'est"


def test_every_error_is_a_shell_error() -> None:
    with pytest.raises(ShellError, match=r"^It is full\.$"):
        raise Failed("It is full.", "Make room.")
