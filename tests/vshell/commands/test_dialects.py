"""The table of other systems' spellings, and what the language makes of it."""

import pytest

from vshell.commands import _cells, _vault, dialects
from vshell.language.grammar import parse
from vshell.language.lexer import join_words
from vshell.registry.tree import REGISTRY, Command

FOREIGN = [command for command in REGISTRY if command.function.__module__ in (_cells.__name__, _vault.__name__)]


def test_each_function_is_declared_under_its_foreign_name() -> None:
    assert {command.name: command.function for command in FOREIGN} == {
        "admin user token": _cells.token,
        "vault auth": _vault.auth,
        "token create": _vault.create,
        "token lookup": _vault.lookup,
        "token renew": _vault.renew,
        "token revoke": _vault.revoke,
        "token capabilities": _vault.capabilities,
    }


@pytest.mark.parametrize("command", FOREIGN, ids=lambda command: command.name)
def test_every_entry_is_a_command_under_all_its_names(command: Command) -> None:
    assert REGISTRY.find(command.name) is command
    for alias in command.aliases:
        assert REGISTRY.find(" ".join(alias)) is command
    for example in command.examples:
        assert parse(example).command is command


@pytest.mark.parametrize("command", FOREIGN, ids=lambda command: command.name)
def test_every_option_of_a_function_has_its_foreign_spelling(command: Command) -> None:
    for parameter in command.parameters:
        has_one_dash = any(not spelling.startswith("--") for spelling in parameter.spellings)
        assert has_one_dash or parameter.place != "option", parameter.name


def test_go_reads_one_dash_and_two() -> None:
    def make(*, use_limit: int = 0, ttl: str = "", id_: str = "") -> None: ...

    assert dialects.go(make, ttl=("ttl", "lease")) == {
        "use_limit": ("-use-limit", "--use-limit"),
        "ttl": ("-ttl", "-lease", "--ttl", "--lease"),
        "id": ("-id", "--id"),
    }


def test_only_the_table_has_options_with_one_dash() -> None:
    foreign = {command.name for command in FOREIGN}
    for command in REGISTRY:
        short = [spelling for spelling in command.options if not spelling.startswith("--")]
        assert not short or command.name in foreign


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("admin user token -u admin -e 24h", {"user": "admin", "expire": "86400s"}),
        ("admin user token -uadmin -e24h", {"user": "admin", "expire": "86400s"}),
        ("admin user token -u=admin -e=1h30m", {"user": "admin", "expire": "5400s"}),
        ("admin user token -q --user admin -a 10m", {"user": "admin", "auto": "600s", "quiet": True}),
        ("token create -ttl=60 -orphan", {"ttl": "60s", "orphan": True}),
        ("token create -metadata=a=b=c,d -metadata 'k=two words'", {"metadata": [("a", "b=c,d"), ("k", "two words")]}),
        ("token create -use 3", {"use_limit": 3}),
    ],
)
def test_a_line_is_read_as_its_system_does(line: str, values: dict[str, object]) -> None:
    reading = parse(line)
    assert reading.mistake is None
    assert reading.values == values


@pytest.mark.parametrize(
    "line", ["apitoken create -name x", "apitoken list -a", "admin user token -z", "token create -t 1h"]
)
def test_one_dash_is_refused_elsewhere(line: str) -> None:
    reading = parse(line)
    assert reading.mistake is not None
    assert "has no option" in reading.mistake.sentence or "could be" in reading.mistake.sentence


def test_a_quoted_dash_is_a_value() -> None:
    reading = parse("token lookup '-accessor'")
    assert reading.values == {"token": "-accessor"}


def test_arguments_of_a_program_keep_their_options() -> None:
    line = join_words(["token", "create", "-metadata=k=two words", "-policy", "a b", "-ttl=1h"])
    assert parse(line).values == {"metadata": [("k", "two words")], "policy": ["a b"], "ttl": "3600s"}


def test_completion_offers_both_dashes() -> None:
    expected = parse("admin user token -").expected
    assert {spelling for parameter in expected.parameters for spelling in parameter.spellings} >= {"-u", "--user", "-q"}
    assert next(parameter.name for parameter in expected.parameters) == "user"


def test_a_token_in_a_line_is_a_secret() -> None:
    for line in ("vault auth hello-token", "token lookup hello-token", "token create -id=hello-token"):
        assert "hello-token" not in parse(line).masked
