"""Declaring commands: what a declaration becomes, and that a wrong one fails at once by name."""

from typing import Annotated

import pytest

import vshell.commands
from tests.vshell import small
from tests.vshell.small import declare, plain
from vshell.help.usage import usage_lines
from vshell.kinds import Secret, Switch, Text
from vshell.language.grammar import parse
from vshell.registry.tree import KEEP, REGISTRY, Registry, Reversal, WrongDeclaration


def test_a_function_becomes_a_command() -> None:
    command = small.REGISTRY.find("apitoken create")
    assert command is not None
    assert command.function is small.apitoken_create
    assert command.summary == "Create a token."
    assert command.long_help.strip() == "It is shown once."
    assert [parameter.name for parameter in command.parameters] == ["name", "expiry_date", "owner"]
    assert [parameter.spellings for parameter in command.parameters] == [("--name",), ("--expiry-date",), ("--owner",)]
    assert not any(parameter.required for parameter in command.parameters)
    assert [parameter.name for parameter in command.common] == [
        "output",
        "columns",
        "sort",
        "filter",
        "times",
        "as_token",
        "dc",
    ]


def test_a_trailing_underscore_is_the_functions_own_affair() -> None:
    command = small.REGISTRY.find("apitoken revoke")
    assert command is not None
    (parameter,) = command.parameters
    assert (parameter.name, parameter.argument, parameter.label, parameter.required) == ("id", "id_", "--id", True)
    assert [parameter.name for parameter in command.common] == [
        "output",
        "columns",
        "sort",
        "filter",
        "times",
        "yes",
        "dry_run",
        "as_token",
        "dc",
    ]


def test_words_and_the_rest_stand_without_an_option() -> None:
    send, help_ = small.REGISTRY.find("send"), small.REGISTRY.find("help")
    assert send is not None
    assert help_ is not None
    assert [(p.name, p.place, p.required) for p in send.parameters] == [
        ("method", "positional", True),
        ("path", "positional", True),
        ("body", "positional", False),
    ]
    assert [(p.name, p.place, p.required, p.repeatable) for p in help_.parameters] == [("words", "rest", False, True)]
    assert [parameter.name for parameter in help_.common] == ["as_token", "dc"]


def test_only_what_changes_the_server_can_be_rehearsed() -> None:
    command = small.REGISTRY.find("server forget")
    assert command is not None
    assert [parameter.name for parameter in command.common] == ["yes", "as_token", "dc"]


def test_a_switch_may_be_a_pair() -> None:
    command = small.REGISTRY.find("manager create")
    assert command is not None
    on, off = command.options["--enable-login"], command.options["--disable-login"]
    assert on[0] is off[0]
    assert (on[1], off[1]) == (True, False)


def test_an_object_and_a_command_can_have_another_name() -> None:
    show = small.REGISTRY.find("manager show")
    assert small.REGISTRY.find("user show") is show
    assert small.REGISTRY.find("user display") is show
    assert list(small.REGISTRY).count(show) == 1  # type: ignore[arg-type]  # None would fail just the same
    assert small.REGISTRY.root.explain("user") == "the same as manager"
    assert small.REGISTRY.root.words["manager"].explain("display") == "the same as manager show"


def test_objects_and_words_are_explained() -> None:
    assert small.REGISTRY.objects == {"apitoken": "API tokens.", "manager": "", "server": ""}
    assert small.REGISTRY.root.explain("help") == "Show help."
    assert len(small.REGISTRY) == len(list(small.REGISTRY))
    assert small.REGISTRY.find("apitoken") is None
    assert small.REGISTRY.find("") is None
    assert small.REGISTRY.find("no such thing") is None


def test_no_word_means_two_things() -> None:
    registry = declare(plain, aliases=("thing make",))
    registry.describe_object("thing", "Things.")
    registry.alias_object("stuff", "thing")
    for wrong in (
        lambda: declare(plain, registry=registry),
        lambda: declare(plain, "thing make", registry),
        lambda: declare(named_word, "thing", registry),
        lambda: registry.describe_object("thing", "Again."),
        lambda: registry.alias_object("stuff", "other"),
        lambda: registry.alias_object("thing", "other"),
    ):
        with pytest.raises(WrongDeclaration, match=r"thing|stuff"):
            wrong()
    declare(named_word, "look", registry)
    with pytest.raises(WrongDeclaration, match="look here"):
        declare(plain, "look here", registry)


def named_word(session: object, name: Annotated[str, Text(), "A name."], /) -> object:
    """Do it."""
    return name


EXAMPLES = [
    (registry, example, command.words)
    for registry in (small.REGISTRY, REGISTRY)
    for command in registry
    for example in command.examples
]


@pytest.mark.parametrize(("registry", "example", "words"), EXAMPLES, ids=[example for _, example, _ in EXAMPLES])
def test_every_example_is_a_whole_line_of_its_command(registry: Registry, example: str, words: tuple[str, ...]) -> None:
    reading = parse(example, registry=registry)
    assert reading.mistake is None
    assert reading.command is not None
    assert reading.command.words == words
    assert not reading.abbreviated


def test_importing_the_commands_declares_them() -> None:
    assert vshell.commands.__doc__
    assert REGISTRY.find("apitoken create") is not None


def test_every_command_of_the_shell_is_explained() -> None:
    for word, explanation in REGISTRY.objects.items():
        assert explanation, f"describe_object('{word}', ...) is missing"
    for command in REGISTRY:
        assert usage_lines(command).startswith(command.name)
        for parameter in command.parameters:
            secret = isinstance(parameter.kind, Secret | Switch)
            assert secret or not parameter.name.endswith("password"), command.name


RENAMED = Reversal("/things/{id}/", lambda session, values: {"id": 1}, {"name": lambda row: row.get("name", KEEP)})


def test_it_stands_beside_the_command() -> None:
    (command,) = declare(plain, undo=RENAMED, changes=True)
    assert command.undo is RENAMED


def test_a_sentence_stands_where_there_is_no_way_back() -> None:
    (command,) = declare(plain, undo="It is gone for good.", changes=True)
    assert command.undo == "It is gone for good."


def test_a_former_value_that_cannot_be_sent_is_told_from_none() -> None:
    assert RENAMED.fields["name"]({}) is KEEP
    assert RENAMED.fields["name"]({"name": None}) is None
