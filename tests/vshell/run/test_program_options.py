"""The program's arguments: what is a flag, what is a line, and vcli's two spellings of -c."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.errors import Mistake
from vshell.language.lexer import split_line
from vshell.run.program_options import PROGRAM_OPTIONS, format_help, parse_arguments


@pytest.mark.parametrize(
    ("arguments", "words", "lines"),
    [
        ([], [], []),
        (["apitoken", "list", "--output", "json"], ["apitoken", "list", "--output", "json"], []),
        (["--yes", "apitoken", "list"], ["apitoken", "list"], []),
        (["--", "-c", "x"], ["-c", "x"], []),
        (["help", "--", "x"], ["help", "--", "x"], []),
        # One quoted string: a line by itself.
        (["-c", "apitoken list"], [], ["apitoken list"]),
        (["-c", "apitoken list", "-c", "vms show"], [], ["apitoken list", "vms show"]),
        (["-c", "apitoken list", "--keep-going"], [], ["apitoken list"]),
        # One word: a line by itself at the end and before a short flag.
        (["-c", "whoami"], [], ["whoami"]),
        (["-c", "whoami", "-c", "vms show"], [], ["whoami", "vms show"]),
        (["-c", "whoami", "-u", "bob"], [], ["whoami"]),
        (["-c=whoami", "--yes"], [], ["whoami"]),
        (["-c", ""], [], [""]),
        # vcli's unquoted command: all that follows.
        (["-c", "apitoken", "list"], [], ["apitoken list"]),
        (["-c", "apitoken", "create", "--name", "a b"], [], ["apitoken create --name 'a b'"]),
        (["-c", "apitoken", "create", "--name=$HOME"], [], ["apitoken create --name='$HOME'"]),
        (["-c", "whoami", "--output", "json"], [], ["whoami --output json"]),
        (["-u", "admin", "-p", "123456", "-c", "cluster", "create", "-c", "x"], [], ["cluster create -c x"]),
        (["-u", "admin", "-p", "123456", "-c", "cluster create --build x"], [], ["cluster create --build x"]),
    ],
)
def test_flags_end_where_the_line_begins(arguments: list[str], words: list[str], lines: list[str]) -> None:
    flags = parse_arguments(arguments)
    assert (flags.words, flags.lines) == (words, lines)


def test_every_flag_is_kept_under_its_name() -> None:
    flags = parse_arguments(
        ["--local", "--data", "D", "-u", "U", "-p", "-x", "-f", "-", "--keep-going", "--output=json", "--yes"]
    )
    assert (flags.local, flags.data, flags.user, flags.password, flags.file) == (True, "D", "U", "-x", "-")
    assert (flags.keep_going, flags.output, flags.yes) == (True, "json", True)
    flags = parse_arguments(["--dry-run", "--jobs", "4", "--report", "R", "-f", "x"])
    assert (flags.dry_run, flags.jobs, flags.report) == (True, "4", "R")
    assert (parse_arguments(["--server=https://x"]).server, parse_arguments(["--token", "-"]).token) == (
        "https://x",
        "-",
    )
    assert (parse_arguments(["-h"]).help, parse_arguments(["--version"]).version) == (True, True)
    assert parse_arguments(["--user", "U", "--password", "P"]).password == "P"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--sever", "x"], "did you mean --server"),
        (["-x"], "no flag '-x'"),
        (["--outpt"], "did you mean --output"),
        (["--data"], "--data needs DIR"),
        (["--yes=1"], "--yes takes no value"),
        (["--data", "a", "--data", "b"], "given twice"),
        (["-u", "a", "--user", "b"], "given twice"),
        (["-p", "x"], "-p needs a user"),
        (["-c", "a b", "apitoken", "list"], "-c and a line exclude"),
        (["-c", "a b", "-f", "x"], "-c and -f exclude"),
        (["-f", "x", "apitoken"], "-f and a line exclude"),
        (["--local", "--server", "x"], "--local and --server exclude"),
        (["--data", "D", "--server", "x"], "--data and --server exclude"),
        (["--token", "t", "-u", "bob"], "--token and -u exclude"),
        (["--\x1b[2J"], r"\\x1b"),
    ],
)
def test_a_wrong_flag_is_a_mistake(arguments: list[str], sentence: str) -> None:
    with pytest.raises(Mistake, match=sentence):
        parse_arguments(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--token", "S3CRET", "--token", "S3CRET"],
        ["-p", "S3CRET"],
        ["--yes=S3CRET"],
        ["-pS3CRET"],
        ["--pasword=S3CRET"],
    ],
)
def test_no_mistake_repeats_a_secret(arguments: list[str]) -> None:
    with pytest.raises(Mistake) as caught:
        parse_arguments(arguments)
    assert "S3CRET" not in caught.value.sentence + (caught.value.hint or "")


def test_the_help_names_every_flag() -> None:
    for flag in PROGRAM_OPTIONS:
        assert all(spelling in format_help() for spelling in flag.spellings)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2))
def test_an_unquoted_line_keeps_its_words(words: list[str]) -> None:
    first, *rest = words
    flags = parse_arguments(["-c", "x" + "".join(first.split()), "y", *rest])
    pieces = split_line(flags.lines[0]).lexemes
    assert [piece.text for piece in pieces] == ["x" + "".join(first.split()), "y", *rest]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["--local"], True),
        (["-u", "bob"], True),
        (["help"], False),
        (["-c", "help me"], False),
        (["-f", "-"], False),
    ],
)
def test_the_prompt_is_for_whoever_names_no_line(arguments: list[str], expected: bool) -> None:
    assert parse_arguments(arguments).has_prompt is expected
