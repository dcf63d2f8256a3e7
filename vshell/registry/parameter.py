"""Parameters of a command, read strictly from its function's signature.

Rules: what is wrong fails at import, with the command's name. The signature is read from the code object:
``inspect`` would cost a one-line run more than all the rest.
"""

import re
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, Literal, NamedTuple, Required, Unpack

from vshell.kinds import Kind, Switch


class Parameter(NamedTuple):
    """One argument of a command.

    ``name`` is what people, JSON and ``ParsedLine.values`` call it, ``argument`` what the function calls it
    (they differ by a trailing underscore). ``place`` is "option", "positional" or "rest". ``common`` tells
    that it belongs to every command with such a view, not to the function.
    """

    name: str
    argument: str
    kind: Kind
    help: str
    required: bool
    place: Literal["option", "positional", "rest"] = "option"
    common: bool = False
    spellings: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return how a sentence calls it: "--name", or the metavar of a word without an option."""
        return self.spellings[0] if self.spellings else self.kind.metavar

    @property
    def repeatable(self) -> bool:
        """Tell whether it may be given more than once on a line."""
        return self.kind.many or self.place == "rest"

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the spellings as help shows them: ``-ttl`` stands for ``--ttl`` too."""
        seen = {spelling.lstrip("-"): spelling for spelling in reversed(self.spellings)}
        return tuple(spelling for spelling in self.spellings if seen[spelling.lstrip("-")] == spelling)


_FOREIGN = re.compile(r"--?[a-z][a-z0-9-]*|-[a-zA-Z]")


_TAKES_REST = 0x04  # CO_VARARGS of the code object's flags


_TAKES_ANY_OPTION = 0x08  # CO_VARKEYWORDS


class WrongDeclaration(Exception):
    """A command is declared wrongly; the message begins with its name. For authors, never for users."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")


def read_parameters(
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
    annotations = dict(_read_annotations(function))
    option_names = list(arguments[first_option:first_rest])
    if code.co_flags & _TAKES_ANY_OPTION:
        takes_rest = bool(code.co_flags & _TAKES_REST)
        fields = _unpack_fields(annotations.get(arguments[first_rest + takes_rest]), name)
        annotations |= fields.__annotations__
        option_names += fields.__annotations__
        optional |= fields.__optional_keys__

    def make(argument: str, place: Literal["option", "positional", "rest"]) -> Parameter:
        required = argument not in optional and place != "rest"
        return _make_parameter(name, argument, annotations.get(argument), place, required)

    words = [make(argument, "positional") for argument in arguments[1:first_option]]
    if code.co_flags & _TAKES_REST:
        words.append(make(arguments[first_rest], "rest"))
    options = [make(argument, "option") for argument in option_names]
    return (*words, *_apply_spellings(options, foreign or {}, name))


def _unpack_fields(annotation: Any, name: str) -> Any:
    """Return the TypedDict of ``**fields: Unpack[TypedDict]`` (PEP 692); raises WrongDeclaration for other types."""
    fields = annotation.__args__[0] if getattr(annotation, "__origin__", None) is Unpack else None
    if not hasattr(fields, "__optional_keys__"):
        raise WrongDeclaration(name, "'**' takes any option; declare each, or unpack a TypedDict")
    return fields


def _apply_spellings(options: list[Parameter], foreign: Mapping[str, tuple[str, ...]], name: str) -> list[Parameter]:
    """Return the options with the spellings of another system where there are any: these may have one dash."""
    unknown = foreign.keys() - {option.name for option in options}
    wrong = [each for spellings in foreign.values() for each in spellings if not _FOREIGN.fullmatch(each)]
    if unknown or wrong or any(not spellings or isinstance(spellings, str) for spellings in foreign.values()):
        raise WrongDeclaration(name, "has wrong spellings: a tuple for an option's name, each with a dash or two")
    return [option._replace(spellings=foreign.get(option.name, option.spellings)) for option in options]


def map_spellings(parameters: tuple[Parameter, ...], name: str) -> dict[str, tuple[Parameter, bool | None]]:
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


def _read_annotations(function: Callable[..., object]) -> dict[str, Any]:
    """Return the annotations as objects, also where the module postpones their evaluation."""
    annotations = function.__annotations__
    if not any(isinstance(annotation, str) for annotation in annotations.values()):
        return annotations
    from typing import get_type_hints

    return get_type_hints(function, include_extras=True)


def _make_parameter(
    name: str,
    argument: str,
    annotation: Any,
    place: Literal["option", "positional", "rest"],
    required: bool,
) -> Parameter:
    """Return one parameter; raises WrongDeclaration when its kind or its help is missing."""
    if getattr(annotation, "__origin__", None) is Required:
        annotation = annotation.__args__[0]
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
