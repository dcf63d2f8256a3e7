"""Declaring commands: what a declaration becomes, and that a wrong one fails at once by name."""

from collections.abc import Callable
from typing import Annotated, Any, Required, TypedDict, Unpack

import pytest

import vshell.commands
from tests.vshell import small
from tests.vshell.small import declare, plain
from vshell.help.usage import usage_lines
from vshell.kinds import NoNames, Secret, Switch, Text, TokenId
from vshell.language.grammar import parse
from vshell.registry.tree import KEEP, REGISTRY, Registry, Reversal, WrongDeclaration, common_parameters
from vshell.registry.view import Column, View


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


VIEW = View((Column("id"), Column("name")), more=("created",))


@pytest.mark.parametrize(
    ("option", "prefix", "offers"),
    [
        ("output", "j", ["json", "jsonl"]),
        ("columns", "", ["id", "name", "created"]),
        ("columns", "id,", ["id,name", "id,created"]),
        ("sort", "n", ["name"]),
        ("sort", "-", ["-id", "-name", "-created"]),
        ("sort", "-c", ["-created"]),
    ],
)
def test_the_common_options_know_the_view(option: str, prefix: str, offers: list[str]) -> None:
    parameters = {parameter.name: parameter for parameter in common_parameters(VIEW, confirmed=False, changes=True)}
    kind = parameters[option].kind
    assert [offer.text for offer in kind.complete(prefix, NoNames(), {})] == offers
    assert all(parameter.common and not parameter.required for parameter in parameters.values())


NAME = Annotated[str | None, Text(), "A name."]


def test_annotations_may_be_postponed() -> None:
    def later(session: object, /, *, name: "NAME" = None) -> object:
        """Do it."""
        return name

    command = declare(later).find("thing do")
    assert command is not None
    assert command.parameters[0].kind.metavar == "TEXT"


class Fields(TypedDict, total=False):
    """A field that is needed, and one that may be left out."""

    name: Required[Annotated[str, Text(), "A name."]]
    id_: Annotated[str, TokenId(), "An id."]


def test_the_fields_of_an_unpacked_typed_dict_are_options() -> None:
    def do(
        session: object, /, *, on: Annotated[bool | None, Switch(), "On."] = None, **fields: Unpack[Fields]
    ) -> object:
        """Do it."""
        return fields

    command = declare(do).find("thing do")
    assert command is not None
    found = [(each.argument, each.spellings, each.required) for each in command.parameters]
    assert found == [("on", ("--on",), False), ("name", ("--name",), True), ("id_", ("--id",), False)]


def no_docstring(session: object, /) -> object:
    return None


def half_sentence(session: object, /) -> object:
    """Do it, and then
    something else."""
    return None


def no_slash(session: object, *, name: NAME = None) -> object:
    """Do it."""
    return name


def mixed(session: object, /, name: NAME = None) -> object:
    """Do it."""
    return name


def anything(session: object, /, **options: NAME) -> object:
    """Do it."""
    return options


def nothing_at_all() -> object:
    """Do it."""
    return None


def no_kind(session: object, /, *, name: str | None = None) -> object:
    """Do it."""
    return name


def kind_as_class(session: object, /, *, name: Annotated[str | None, Text, "A name."] = None) -> object:
    """Do it."""
    return name


def no_help(session: object, /, *, name: Annotated[str | None, Text()] = None) -> object:
    """Do it."""
    return name


def no_sentence(session: object, /, *, name: Annotated[str | None, Text(), "name"] = None) -> object:
    """Do it."""
    return name


def switch_as_word(session: object, on: Annotated[bool, Switch(), "On."], /) -> object:
    """Do it."""
    return on


def short_switch(session: object, /, *, on: Annotated[bool | None, Switch(on="-o"), "On."] = None) -> object:
    """Do it."""
    return on


def clashing(
    session: object, /, *, on: Annotated[bool | None, Switch(off="--name"), "On."] = None, name: NAME = None
) -> object:
    """Do it."""
    return on


def same_as_common(session: object, /, *, output: NAME = None) -> object:
    """Do it."""
    return output


def needed(session: object, /, *, id_: Annotated[str, TokenId(), "An id."], name: NAME = None) -> object:
    """Do it."""
    return name


def named(session: object, /, *, name: NAME = None) -> object:
    """Do it."""
    return name


@pytest.mark.parametrize(
    ("function", "more", "says"),
    [
        (no_docstring, {}, "docstring"),
        (half_sentence, {}, "docstring"),
        (no_slash, {}, "before '/'"),
        (mixed, {}, "before '/'"),
        (nothing_at_all, {}, "before '/'"),
        (anything, {}, "declare each"),
        (no_kind, {}, "name needs a kind"),
        (kind_as_class, {}, "name needs a kind"),
        (no_help, {}, "name needs help"),
        (no_sentence, {}, "name needs help"),
        (switch_as_word, {}, "must be an option"),
        (short_switch, {}, "begin with '--'"),
        (clashing, {}, "--name is declared twice"),
        (same_as_common, {"view": View((Column("id"),))}, "--output is declared twice"),
        (plain, {"examples": ()}, "needs an example"),
        (plain, {"view": View}, "needs a view"),
        (plain, {"view": View([Column("id")])}, "as a tuple"),  # type: ignore[arg-type]  # the mistake
        (plain, {"examples": ("thing do")}, "in a tuple"),
        (plain, {"confirm": ""}, "confirm"),
        (plain, {"confirm": "Delete {name}?"}, "confirm"),
        (named, {"one_of": (("name",),)}, "without a choice"),
        (named, {"one_of": (("name", "id"),)}, "not optional"),
        (needed, {"one_of": (("name", "id"),)}, "not optional"),
    ],
)
def test_a_wrong_declaration_fails_with_the_commands_name(
    function: Callable[..., object], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(WrongDeclaration, match=rf"^thing do: .*{says}"):
        declare(function, **more)


QUIET = Annotated[bool | None, Switch(), "Quiet."]


def taking(session: object, /, *, name: NAME = None, quiet: QUIET = None) -> object:
    """Do it."""
    return name, quiet


def test_another_systems_spellings_stand_instead_of_our_own() -> None:
    spellings = {"name": ("-n", "-name", "--name"), "quiet": ("-q", "--quiet")}
    command = declare(taking, spellings=spellings).find("thing do")
    assert command is not None
    name, quiet = command.parameters
    assert command.options["-n"] == command.options["--name"] == (name, None)
    assert command.options["-q"] == command.options["--quiet"] == (quiet, True)
    assert name.label == "-n"
    assert name.forms == ("-n", "-name")


@pytest.mark.parametrize(
    "spellings",
    [{"other": ("-o",)}, {"name": ("n",)}, {"name": ("---n",)}, {"name": ()}, {"name": "-n"}, {"name": ("-N-x",)}],
)
def test_wrong_spellings_fail_at_once(spellings: dict[str, Any]) -> None:
    with pytest.raises(WrongDeclaration, match="wrong spellings"):
        declare(taking, spellings=spellings)


def test_spellings_that_clash_fail_at_once() -> None:
    with pytest.raises(WrongDeclaration, match="declared twice"):
        declare(taking, spellings={"name": ("-q",), "quiet": ("-q",)})


@pytest.mark.parametrize(
    ("command", "name", "label", "repeatable"),
    [
        ("apitoken create", "expiry_date", "--expiry-date", False),
        ("apitoken revoke", "id", "--id", False),
        ("manager create", "roles", "--roles", True),
        ("manager create", "login", "--enable-login", False),
        ("send", "path", "PATH", False),
        ("help", "words", "COMMAND", True),
    ],
)
def test_a_parameter_has_a_label(command: str, name: str, label: str, repeatable: bool) -> None:
    found = small.REGISTRY.find(command)
    assert found is not None
    (parameter,) = [parameter for parameter in found.parameters if parameter.name == name]
    assert (parameter.label, parameter.repeatable) == (label, repeatable)
