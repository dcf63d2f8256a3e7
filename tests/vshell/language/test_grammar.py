"""The language: what a line means, what may come next, and that reading never fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vshell.commands
from tests.vshell import small
from tests.vshell.small import TOKEN
from vshell.language.grammar import parse
from vshell.language.lexer import join_words
from vshell.language.parsed_line import ParsedLine
from vshell.registry.tree import REGISTRY

assert vshell.commands  # imported for the commands that it declares

VARIABLES: dict[str, object] = {"t": {"id": "c6UmISHU", "token": TOKEN, "name": "a b"}, "dash": "--owner"}


def reading_of(line: str, cursor: int | None = None) -> ParsedLine:
    return parse(line, registry=small.REGISTRY, variables=VARIABLES, cursor=cursor)


@pytest.mark.parametrize(
    ("line", "command", "values"),
    [
        ("apitoken create", "apitoken create", {}),
        (
            "apitoken create --name AWS_TOKEN --expiry-date 1D --owner adminjb",
            "apitoken create",
            {"name": "AWS_TOKEN", "expiry_date": "1D", "owner": "adminjb"},
        ),
        ("apitoken create --name=x --owner='b c'", "apitoken create", {"name": "x", "owner": "b c"}),
        ("apitoken create --name ''", "apitoken create", {"name": ""}),
        ("apitoken create --name=", "apitoken create", {"name": ""}),
        ("apitoken create --name -1", "apitoken create", {"name": "-1"}),
        ("apitoken create --name=--owner", "apitoken create", {"name": "--owner"}),
        ("apitoken create --name '--owner'", "apitoken create", {"name": "--owner"}),
        ("apitoken create --name \\--owner", "apitoken create", {"name": "--owner"}),
        ("apitoken create --name $dash", "apitoken create", {"name": "--owner"}),
        ("apitoken create --name $t.name", "apitoken create", {"name": "a b"}),
        ("apitoken create --name='$t.name'", "apitoken create", {"name": "$t.name"}),
        ("apitoken \\\n  create # a comment", "apitoken create", {}),
        ("apit cr --nam x", "apitoken create", {"name": "x"}),
        ("'apitoken' list --archived", "apitoken list", {"archived": True}),
        ("user show --id 2", "manager show", {"id": 2}),
        ("us di --id 2", "manager show", {"id": 2}),
        ("manager create --username b --password '' --roles ''", "manager create", None),
        (
            "manager create --username b --password p --roles a,b --roles c --disable-login",
            "manager create",
            {"username": "b", "password": "p", "roles": ["a", "b", "c"], "login": False},
        ),
        ("send GET /vms/", "send", {"method": "GET", "path": "/vms/"}),
        ("send GET -", "send", {"method": "GET", "path": "-"}),
        ("send POST /x '{\"a\": [1]}'", "send", {"method": "POST", "path": "/x", "body": {"a": [1]}}),
        ("help", "help", {}),
        ("help apitoken create --name", "help", {"words": ["apitoken", "create", "--name"]}),
        ("vcli: admin> apitoken list", "apitoken list", {}),
        ("vshell: admin> apitoken list", "apitoken list", {}),
        ("  $ vshell apitoken list", "apitoken list", {}),
        ("vcli apitoken list", "apitoken list", {}),
        ("./cells-enterprise apitoken list", "apitoken list", {}),
        ("let x = apitoken list", "apitoken list", {}),
        ("let x=apitoken list", "apitoken list", {}),
    ],
)
def test_a_line_has_a_meaning(line: str, command: str, values: dict[str, object] | None) -> None:
    reading = reading_of(line)
    assert reading.mistake is None
    assert reading.complete
    assert reading.command is not None
    assert reading.command.name == command
    assert values is None or reading.values == values


def test_common_options_are_told_apart() -> None:
    reading = reading_of("apitoken list --output json --columns id,created --sort -name --owner bob")
    assert reading.values == {"owner": "bob"}
    assert reading.common == {"output": "json", "columns": ["id", "created"], "sort": "-name"}
    assert reading_of("apitoken revoke --id c6UmISHU --yes --dry-run").common == {"yes": True, "dry_run": True}


def test_let_names_a_variable() -> None:
    assert reading_of("let x = apitoken list").assigns == "x"
    assert reading_of("apitoken list").assigns is None


@pytest.mark.parametrize("line", ["", "   ", "# a comment", "vcli: admin> ", "$ vcli", "\n"])
def test_there_may_be_nothing_to_run(line: str) -> None:
    reading = reading_of(line)
    assert reading.empty
    assert not reading.complete
    assert reading.mistake is None


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        ("apitokn list", 0, "There is no command 'apitokn'; did you mean apitoken?"),
        ("xyzzy", 0, "There is no command 'xyzzy'."),
        ("'' list", 0, "There is no command ''''."),
        ("--help", 0, "There is no command '--help'"),
        ("APITOKEN list", 0, "did you mean apitoken?"),
        ("apitoken", 8, "apitoken needs a verb: create, list or revoke."),
        ("apitoken crate", 9, "apitoken has no verb 'crate'; did you mean create?"),
        ("apitoken --owner bob", 9, "apitoken needs a verb before its options."),
        ("se", 0, "'se' could be server or send."),
        ("apitoken $t.id", 9, "'$t.id' stands where a command word is needed."),
        ("$t.id", 0, "'$t.id' stands where a command word is needed."),
        ("apitoken create --nmae x", 16, "apitoken create has no option '--nmae'; did you mean --name?"),
        ("apitoken create -name x", 16, "did you mean --name?"),
        ("apitoken create --expiry_date 1D", 16, "did you mean --expiry-date?"),
        ("apitoken create --o x", 16, "'--o' could be --owner or --output."),
        ("apitoken create --", 16, "apitoken create has no option '--'."),
        ("apitoken create --name", 22, "--name needs a value."),
        ("apitoken create --name --owner bob", 23, "--name needs a value."),
        ("apitoken create --expiry-date 1y", 30, "--expiry-date: '1y' has an unknown unit"),
        ("apitoken create --expiry-date=1y", 30, "--expiry-date: '1y' has an unknown unit"),
        ("apitoken create --owner ''", 24, "--owner: OWNER is empty"),
        ("apitoken create --name x --name y", 25, "--name is given twice."),
        ("apitoken create bob", 16, "apitoken create has no use for 'bob'."),
        ("apitoken create --name two words", 27, "apitoken create has no use for 'words'."),
        ("apitoken list --archived=True", 25, "--archived takes no value."),
        ("apitoken list --archived --archived", 25, "--archived is given twice."),
        ("manager create --enable-login --disable-login", 30, "--enable-login or --disable-login was given before."),
        ("apitoken revoke", 15, "apitoken revoke needs --id ID."),
        ("apitoken revoke  # which?", 15, "apitoken revoke needs --id ID."),
        ("manager show", 12, "manager show needs --username USERNAME or --id ID."),
        ("manager show --id 1 --username bob", 20, "Only one of --id, --username can be given."),
        ("send", 4, "send needs METHOD."),
        ("send get /x", 5, "METHOD: 'get' is not possible here; give GET or POST."),
        ("send GET", 8, "send needs PATH."),
        ("send GET /x '{' y", 12, "JSON: This is not JSON"),
        ("apitoken create --name 'x", 23, "The quote opened here is not closed."),
        ('apitoken create --expiry-date "1y', 30, "The quote opened here is not closed."),
        ("apitoken create \\", 16, "The line ends in a backslash, but no line follows."),
        ("apitoken create --name $nix.id", 23, "There is no variable $nix."),
        ("apitoken create --name $t", 23, "$t is not a single value."),
        ("apitoken create --$t.id", 16, "apitoken create has no option '--$t.id'."),
        ("apitoken create --expiry-date $t.name", 30, "--expiry-date: what '$t.name' stands for does not fit"),
        ("let", 3, "let needs the name of a variable."),
        ("let = apitoken list", 3, "let needs the name of a variable."),
        ("let 1x = apitoken list", 4, "'1x' cannot name a variable"),
        ("let x", 5, "let needs an '=' behind the name."),
        ("let x apitoken list", 6, "let needs an '=' behind the name."),
        ("let x =", 7, "let needs a command behind the '='."),
        ("let x = apitoken", 16, "apitoken needs a verb"),
    ],
)
def test_a_mistake_is_told_where_it_stands(line: str, column: int, says: str) -> None:
    reading = reading_of(line)
    assert reading.mistake is not None
    assert says in reading.mistake.sentence
    assert reading.mistake.column == column
    assert not reading.complete
    assert not reading.empty


@pytest.mark.parametrize(
    ("line", "open_quote", "continues"),
    [
        ("apitoken create", "", False),
        ("apitoken create \\", "", True),
        ("apitoken create --name 'a", "'", True),
        ('apitoken create --name "a', '"', True),
        ("apitoken create # it's \\", "", False),
    ],
)
def test_an_unfinished_line_wants_more(line: str, open_quote: str, continues: bool) -> None:
    reading = reading_of(line)
    assert (reading.open_quote, reading.continues) == (open_quote, continues)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "vcli: a> apit list --owner=bob --archived # hi",
            "comment:vcli: a> command:apit command:list option:--owner value:bob option:--archived comment:# hi",
        ),
        ("send GET /x", "command:send positional:GET positional:/x"),
        ("apitoken nix --name x", "command:apitoken unknown:nix unknown:--name unknown:x"),
        ("apitoken create --nix x", "command:apitoken command:create unknown:--nix unknown:x"),
        ("apitoken create --nmae x", "command:apitoken command:create unknown:--nmae value:x"),
        ("let x = help a", "command:let positional:x command:= command:help positional:a"),
        ("apitoken # one\nlist", "command:apitoken comment:# one command:list"),
        ("apitoken create --name 'a b", "command:apitoken command:create option:--name value:'a b"),
        ("apitoken list --archived=1", "command:apitoken command:list option:--archived unknown:1"),
    ],
)
def test_every_word_has_a_role(line: str, words: str) -> None:
    roles = [f"{word.role}:{line[word.start : word.end]}" for word in reading_of(line).words]
    assert " ".join(roles) == words


def test_a_wrong_word_says_what_is_wrong_with_it() -> None:
    errors = {word.text: word.error for word in reading_of("apitoken create --expiry-date 1y --nix").words}
    assert errors["--expiry-date"] is None
    assert "unknown unit" in str(errors["1y"])
    assert "no option" in str(errors["--nix"])


def test_a_variables_value_is_not_repeated() -> None:
    for line in ("apitoken create --expiry-date $t.token", "apitoken $t.token", "apitoken create $t.token x"):
        reading = reading_of(line)
        assert reading.mistake is not None
        assert "AWrRmHXR" not in f"{reading.mistake} {[word.error for word in reading.words]}"


# Rules that hold for every line.


PARTS = ["apitoken", "apit", "create", "list", "manager", "user", "show", "send", "help", "let", "x", "=", "GET"]
PARTS += ["--name", "--name=", "--owner", "--password", "--roles", "--id", "-", "--", "--o", "'", '"', "\\", "#", "\n"]
PARTS += ["$t.id", "$t", "$nix", "${", "''", "a,b", "1D", "1y", "{", "vcli: a>", "$", "vcli", TOKEN, "\x1b", "漢"]
JUMBLES = st.lists(st.sampled_from(PARTS + [" "] * 12), max_size=14).map("".join)
ANY_LINE = st.text() | JUMBLES | st.lists(st.sampled_from(PARTS), max_size=10).map(" ".join)


@given(ANY_LINE)
def test_reading_never_fails_and_covers_what_is_typed(line: str) -> None:
    reading = reading_of(line)
    ends = 0
    for word in reading.words:
        assert ends <= word.start <= word.end <= len(line)
        between = line[ends : word.start].replace("\\\r\n", "").replace("\\\n", "")
        assert between.strip() in ("", "=")
        ends = word.end
    assert line[ends:].replace("\\\r\n", "").replace("\\\n", "").strip() in ("", "=")
    assert not (reading.complete and reading.continues)
    assert reading.mistake is None or 0 <= reading.mistake.column <= len(line)
    assert reading.empty + reading.complete + (reading.mistake is not None) == 1
    assert 0 <= reading.expected.start <= len(line)


@given(ANY_LINE)
def test_a_mistake_is_fit_to_be_shown(line: str) -> None:
    reading = reading_of(line)
    if reading.mistake is not None:
        error = reading.error()
        assert error.sentence.isprintable()
        assert error.sentence.endswith((".", "?"))
        assert error.line is not None
        assert error.column is not None
        assert 0 <= error.column <= len(error.line)
        assert TOKEN not in f"{error.sentence}{error.hint}{error.line}"


@given(ANY_LINE)
def test_the_full_text_reads_the_same(line: str) -> None:
    reading = reading_of(line)
    again = reading_of(reading.full_text)
    assert not again.abbreviated
    assert again.full_text == reading.full_text
    assert (again.command, again.values, again.common) == (reading.command, reading.values, reading.common)
    assert (again.mistake is None) == (reading.mistake is None)


@given(ANY_LINE, st.integers(0, 40))
def test_any_cursor_will_do(line: str, cursor: int) -> None:
    at = min(cursor, len(line))
    wanted = reading_of(line, at).expected
    assert 0 <= wanted.start <= at


@given(st.lists(st.text(), max_size=6))
def test_arguments_of_a_program_are_read_as_they_are(texts: list[str]) -> None:
    reading = reading_of(join_words(["help", "first", *texts]))
    assert reading.values == {"words": ["first", *texts]}
    assert reading.mistake is None


def test_a_very_long_line_is_read() -> None:
    line = "manager create --roles " + ",".join(["a"] * 100_000) + " --username x --password y"
    assert reading_of(line).complete
    assert reading_of("x" * 1_000_000).mistake is not None
    assert reading_of("apitoken create " + "x " * 20_000).mistake is not None


def test_the_rest_of_a_line_may_hold_the_commands_own_options() -> None:
    reading = parse("apitoken scan a --revoke b --output=csv c -")
    assert reading.values == {"paths": ["a", "b", "c", "-"], "revoke": True}
    assert reading.common == {"output": "csv"}
    assert parse("apitoken scan a '--revoke'").values == {"paths": ["a", "--revoke"]}
    assert parse("help apitoken --name").values == {"words": ["apitoken", "--name"]}


@pytest.mark.parametrize(
    "line", ["apitoken scan a --revoke --dry-run", "apitoken scan a --other", "apitoken scan a -x"]
)
def test_an_option_that_is_none_is_no_word_of_the_rest(line: str) -> None:
    """Else a line with an option too many would do what that was to prevent."""
    mistake = parse(line).mistake
    assert mistake is not None
    assert "has no option" in mistake.sentence


HELPED = ["apitoken create --help", "admin user token -h", "user token -u admin -h", "apitoken list --x -h"]


@pytest.mark.parametrize("line", HELPED)
def test_help_behind_a_command_explains_it(line: str) -> None:
    reading = parse(line)
    assert reading.complete
    assert reading.command is REGISTRY.find("help")
    words = reading.values["words"]
    assert isinstance(words, list)
    assert REGISTRY.find(" ".join(words)) is not None
    assert parse("apitoken create --name --help").mistake is None
    assert parse("apitoken create '--help'").mistake is not None
