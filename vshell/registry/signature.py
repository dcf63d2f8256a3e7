"""Turn a function's signature into parameters, strictly: what is wrong is told at import, not when typed.

The signature is read from the code object: ``inspect`` would cost a one-line run more than all the rest.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import CodeType
from typing import Any, Literal, Unpack

from vshell.kinds import Choice, DataCentre, Kind, ListOf, Secret, Switch, Text
from vshell.kinds.base import Candidate
from vshell.registry import conditions
from vshell.registry.parameter import Parameter
from vshell.registry.view import FORMATS, TIMES, View

_FOREIGN = re.compile(r"--?[a-z][a-z0-9-]*|-[a-zA-Z]")
_TAKES_REST = 0x04  # CO_VARARGS of the code object's flags
_TAKES_ANY_OPTION = 0x08  # CO_VARKEYWORDS


class WrongDeclaration(Exception):
    """A command is declared wrongly; the message begins with its name. For authors, never for users."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")


def parameters_of(
    function: Callable[..., object], name: str, foreign: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Parameter, ...]:
    """Return the parameters of the function of the command ``name``, words first, then options as declared.

    ``foreign`` holds, by the names of parameters, the spellings of another system's command. Raises
    WrongDeclaration when the signature breaks a rule of the registry.
    """
    code: CodeType = function.__code__
    first_option = code.co_argcount
    first_rest = first_option + code.co_kwonlyargcount
    if code.co_posonlyargcount == 0 or code.co_posonlyargcount != code.co_argcount:
        raise WrongDeclaration(name, "the session and the words must stand before '/', the options after '*'")
    arguments = code.co_varnames
    defaults = function.__defaults__ or ()
    optional = {*arguments[first_option - len(defaults) : first_option], *(function.__kwdefaults__ or {})}
    annotations = dict(_annotations(function))
    option_names = list(arguments[first_option:first_rest])
    if code.co_flags & _TAKES_ANY_OPTION:
        takes_rest = bool(code.co_flags & _TAKES_REST)
        fields = _unpacked_fields(annotations.get(arguments[first_rest + takes_rest]), name)
        annotations |= fields.__annotations__
        option_names += fields.__annotations__
        optional |= fields.__optional_keys__

    def make(argument: str, place: Literal["option", "positional", "rest"]) -> Parameter:
        required = argument not in optional and place != "rest"
        return _parameter(name, argument, annotations.get(argument), place, required)

    words = [make(argument, "positional") for argument in arguments[1:first_option]]
    if code.co_flags & _TAKES_REST:
        words.append(make(arguments[first_rest], "rest"))
    options = [make(argument, "option") for argument in option_names]
    return (*words, *_spelled(options, foreign or {}, name))


def _unpacked_fields(annotation: Any, name: str) -> Any:
    """Return the TypedDict of ``**fields: Unpack[TypedDict]`` (PEP 692); raises WrongDeclaration for other types."""
    fields = annotation.__args__[0] if getattr(annotation, "__origin__", None) is Unpack else None
    if not hasattr(fields, "__optional_keys__"):
        raise WrongDeclaration(name, "'**' takes any option; declare each, or unpack a TypedDict")
    return fields


def _spelled(options: list[Parameter], foreign: Mapping[str, tuple[str, ...]], name: str) -> list[Parameter]:
    """Return the options with the spellings of another system where there are any: these may have one dash."""
    unknown = foreign.keys() - {option.name for option in options}
    wrong = [each for spellings in foreign.values() for each in spellings if not _FOREIGN.fullmatch(each)]
    if unknown or wrong or any(not spellings or isinstance(spellings, str) for spellings in foreign.values()):
        raise WrongDeclaration(name, "has wrong spellings: a tuple for an option's name, each with a dash or two")
    return [option._replace(spellings=foreign.get(option.name, option.spellings)) for option in options]


def spellings_of(parameters: tuple[Parameter, ...], name: str) -> dict[str, tuple[Parameter, bool | None]]:
    """Return each option's spelling with its parameter and, for a switch, the value that it gives.

    Raises WrongDeclaration when two parameters share a name or a spelling.
    """
    spellings: dict[str, tuple[Parameter, bool | None]] = {}
    for parameter in parameters:
        for spelling in parameter.spellings:
            value = spelling != parameter.kind.off if isinstance(parameter.kind, Switch) else None
            if spelling in spellings:
                raise WrongDeclaration(name, f"the option {spelling} is declared twice")
            spellings[spelling] = (parameter, value)
    if len({parameter.name for parameter in parameters}) < len(parameters):
        raise WrongDeclaration(name, "two parameters have the same name")
    return spellings


@cache
def common_parameters(view: View, *, confirmed: bool, changes: bool) -> tuple[Parameter, ...]:
    """Return the options that every command with such a view has: how to show, and how to be careful."""
    shown: tuple[Parameter, ...] = ()
    if view.layout != "text":
        names = ColumnName(view)
        shown = (
            _common("output", Choice(*FORMATS, metavar="FORMAT"), "Sets the format of the result."),
            _common("columns", ListOf(names, metavar="COLUMNS"), "Shows only these columns, in this order."),
            _common("sort", SortColumn(view), "Sorts by this column; a minus before it reverses the order."),
            _common("filter", Conditions(view), "Shows only records that meet all of these conditions."),
            _common("times", Choice(*TIMES), "Sets how times are shown to people."),
        )
    careful: tuple[Parameter, ...] = ()
    if confirmed:
        careful = (_common("yes", Switch(), "Goes ahead without asking."),)
    if confirmed and changes:
        careful += (_common("dry_run", Switch(), "Tells what would be sent to the server; changes nothing."),)
    return shown + careful + _WHO


class ColumnName(Text):
    """A column of a result; columns that the view does not know are left to the result to judge."""

    metavar = "COLUMN"
    explanation = "a column of the result"
    style = "column"

    def __init__(self, view: View) -> None:
        super().__init__()
        self.columns = (*(column.name for column in view.columns), *view.more)

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns that begin with ``prefix``."""
        return [Candidate(name) for name in self.columns if name.startswith(prefix)]


class SortColumn(ColumnName):
    """A column to sort by, with a minus before it to reverse the order."""

    metavar = "[-]COLUMN"
    explanation = "a column of the result, with a minus before it to reverse the order"

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns, with the minus if one is typed."""
        minus = "-" if prefix.startswith("-") else ""
        return [Candidate(minus + text) for text, _ in super().complete(prefix[len(minus) :], names, values)]


class Conditions(ColumnName):
    """Conditions on the columns of a result; each time the option is written adds some."""

    metavar = "CONDITIONS"
    explanation = "one or several such as 'owner=bob expiry_date<7D', with = != < <= > >= or ~ (contains)"
    many = True

    def parse(self, text: str) -> list[conditions.Condition]:
        """Return the conditions; raises ValueError for what is none."""
        return conditions.parsed(text)

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns for the condition that is being typed, until its operator."""
        before, space, last = prefix.rpartition(" ")
        if before.count("'") % 2 or before.count('"') % 2:
            return []  # a value with spaces goes on
        operators = " ".join(conditions.OPERATORS)
        return [Candidate(before + space + name, operators) for name, _ in super().complete(last, names, values)]


def _common(name: str, kind: Kind, explanation: str, spelling: str = "") -> Parameter:
    spelling = spelling or "--" + name.replace("_", "-")
    return Parameter(name, name, kind, explanation, required=False, common=True, spellings=(spelling,))


_WHO = (
    _common(
        "by_token", Secret("TOKEN"), "Uses this token for this line alone; - asks for it, @FILE reads it.", "--token"
    ),
    _common("dc", DataCentre(), "Goes to the server of this data centre for this line alone."),
)
"""What every command takes besides: who is asking, and which of the servers (Zoho Catalyst, "Working with Tokens")."""


def _annotations(function: Callable[..., object]) -> dict[str, Any]:
    """Return the annotations as objects, also where the module postpones their evaluation."""
    annotations = function.__annotations__
    if not any(isinstance(annotation, str) for annotation in annotations.values()):
        return annotations
    from typing import get_type_hints

    return get_type_hints(function, include_extras=True)


def _parameter(
    name: str,
    argument: str,
    annotation: Any,
    place: Literal["option", "positional", "rest"],
    required: bool,
) -> Parameter:
    """Return one parameter; raises WrongDeclaration when its kind or its help is missing."""
    kind, explanation = (*getattr(annotation, "__metadata__", ()), None, None)[:2]
    if isinstance(kind, type) or not isinstance(kind, Kind):
        raise WrongDeclaration(name, f"the parameter {argument} needs a kind: Annotated[type, Kind(), help]")
    if not isinstance(explanation, str) or not explanation.strip().endswith("."):
        raise WrongDeclaration(name, f"the parameter {argument} needs help: one sentence after its kind")
    public = argument.rstrip("_")
    spellings: tuple[str, ...] = ()
    if place == "option":
        spellings = ("--" + public.replace("_", "-"),)
        if isinstance(kind, Switch):
            spellings = (kind.on or spellings[0], *filter(None, [kind.off]))
        if any(not spelling.startswith("--") or spelling != spelling.lower() for spelling in spellings):
            raise WrongDeclaration(name, f"the option {spellings} must begin with '--' and be in lower case")
    elif not kind.takes_value:
        raise WrongDeclaration(name, f"the parameter {argument} is a switch and must be an option")
    return Parameter(public, argument, kind, explanation.strip(), required, place, spellings=spellings)
