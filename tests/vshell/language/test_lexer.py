"""How a line falls into words."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.language.lexer import join_words, quote_word, split_line

VARIABLES: dict[str, object] = {"t": {"id": "c6UmISHU", "name": "a b"}, "n": 5}


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("", []),
        ("  \t ", []),
        ("apitoken list", ["apitoken", "list"]),
        (" a  b\tc ", ["a", "b", "c"]),
        ("a\u00a0b", ["a", "b"]),
        ("'a b' \"c d\"", ["a b", "c d"]),
        ("''", [""]),
        ('--name ""', ["--name", ""]),
        ("a'b c'd", ["ab cd"]),
        (r"a\ b", ["a b"]),
        (r"\'a\"", ["'a\""]),
        (r"'a\b'", [r"a\b"]),
        (r'"a\"b\\c\$d"', [r'a"b\c$d']),
        (r'"C:\dir"', [r"C:\dir"]),
        ('\'{"Version": "1"}\'', ['{"Version": "1"}']),
        ("a \\\n  b", ["a", "b"]),
        ("a \\\r\n  b", ["a", "b"]),
        ("a\\\nb", ["ab"]),
        ('"a\\\nb"', ["ab"]),
        ("a\nb", ["a", "b"]),
        ("--name=x=y", ["--name=x=y"]),
        ("a#b", ["a#b"]),
        ("'#a' \\#b", ["#a", "#b"]),
        ("$t.id", ["c6UmISHU"]),
        ("${t.id}x", ["c6UmISHUx"]),
        ("$t.id.", ["c6UmISHU."]),
        ('"$t.name/$n"', ["a b/5"]),
        ("--name=$t.name", ["--name=a b"]),
        ("'$t.id' \\$n", ["$t.id", "$n"]),
        ("$ $5 a$", ["$", "$5", "a$"]),
    ],
)
def test_words_are_split_and_unquoted(line: str, texts: list[str]) -> None:
    whole = split_line(line, VARIABLES)
    assert [lexeme.text for lexeme in whole.lexemes] == texts
    assert not whole.open_quote
    assert not whole.backslash
    assert not any(lexeme.error for lexeme in whole.lexemes)


@pytest.mark.parametrize(
    ("line", "quote", "at", "backslash"),
    [
        ("a 'b c", "'", 2, False),
        ('a "b c', '"', 2, False),
        ("a=' ", "'", 2, False),
        ("'a' 'b", "'", 4, False),
        ("a \\", "", 0, True),
        ("a\\", "", 0, True),
        ('"a\\', '"', 0, True),
        ("'a\\", "'", 0, False),
        ("# it's", "", 0, False),
        ("a # b \\", "", 0, False),
        (r"a \\", "", 0, False),
    ],
)
def test_what_is_unfinished_is_told(line: str, quote: str, at: int, backslash: bool) -> None:
    whole = split_line(line)
    assert (whole.open_quote, whole.backslash) == (quote, backslash)
    assert whole.open_at == at or not quote


def test_a_comment_goes_to_the_end_of_its_line() -> None:
    lexemes = split_line("a # it's 'b\nc").lexemes
    assert [(lexeme.text, lexeme.comment) for lexeme in lexemes] == [("a", False), ("# it's 'b", True), ("c", False)]


def test_an_unknown_variable_is_told_in_its_word() -> None:
    (first, second) = split_line("$x.id '$x'", VARIABLES).lexemes
    assert first.error is not None
    assert first.error.sentence == "There is no variable $x."
    assert first.text == "$x.id"
    assert second.error is None


def test_only_a_plain_equals_parts_an_option() -> None:
    lexemes = split_line("--a=b '--a=b' --a'=b' --$n=b", VARIABLES).lexemes
    assert [lexeme.equals for lexeme in lexemes] == [(3, 3), None, None, (26, 3)]


@given(st.text(alphabet="ab '\"\\\n=#$.{}t-", max_size=30) | st.text())
def test_words_cover_all_that_is_typed_in_their_order(line: str) -> None:
    lexemes = split_line(line, VARIABLES).lexemes
    ends = 0
    for lexeme in lexemes:
        assert ends <= lexeme.start < lexeme.end <= len(line)
        between = line[ends : lexeme.start].replace("\\\r\n", "").replace("\\\n", "")
        assert not between.strip()
        ends = lexeme.end
    assert not line[ends:].replace("\\\r\n", "").replace("\\\n", "").strip()


@given(st.lists(st.text()))
def test_joined_arguments_are_split_into_themselves(arguments: list[str]) -> None:
    lexemes = split_line(join_words(arguments), VARIABLES).lexemes
    assert [lexeme.text for lexeme in lexemes] == arguments
    assert not any(lexeme.comment for lexeme in lexemes)


@given(st.text())
def test_a_quoted_text_is_one_word(text: str) -> None:
    (lexeme,) = split_line(quote_word(text), VARIABLES).lexemes
    assert lexeme.text == text


def test_an_options_name_stays_plain_when_arguments_are_joined() -> None:
    assert join_words(["apitoken", "create", "--name=a b", "it's"]) == "apitoken create --name='a b' \"it's\""
    assert join_words(["--name=x"]) == "--name=x"


@given(st.text(alphabet="ab '\"", max_size=12))
def test_plain_quoting_is_as_in_a_posix_shell(line: str) -> None:
    try:
        expected = shlex.split(line)
    except ValueError:
        assert split_line(line).open_quote
    else:
        assert [lexeme.text for lexeme in split_line(line).lexemes] == expected


def test_a_long_line_is_split_in_time_that_grows_with_it() -> None:
    for part in ("'a'", '"a"', "a=", "\\a", "$n", "a "):
        assert split_line(part * 50_000, VARIABLES).lexemes
