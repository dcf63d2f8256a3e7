"""What a function's signature becomes, and that a wrong one fails at once with the command's name."""

from collections.abc import Callable
from typing import Annotated, Any, Required, TypedDict, Unpack

import pytest

from tests.vshell import small
from tests.vshell.small import declare, plain
from vshell.kinds import Switch, Text, TokenId
from vshell.registry.parameter import WrongDeclaration
from vshell.registry.tree import Column, View

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
