"""The registry of commands: a command is one function, declared where it stands.

    @command("apitoken show", view=View(...), examples=("apitoken show --id L7k8ljIC",))
    def show(session: Session, /, *, id_: Annotated[str, TokenId(), "The token's id."]) -> object:
        \"\"\"Show one API token.\"\"\"

Rules:

- The first parameter is the session. Keyword-only parameters are options (``expiry_date`` is
  ``--expiry-date``; a trailing ``_`` is dropped), positional-only ones are words in their order, ``*rest``
  takes all words that remain, as they are, but for the command's own options. One without a default is required.
- Every parameter is ``Annotated[type, kind, "One sentence for help."]``. ``**fields: Unpack[TypedDict]`` (PEP 692)
  declares options that the function only hands on, behind those that it names.
- The docstring's first line is the summary, the rest the long help. A command has an example and a view.
- Every command has the common options: how its result is shown, whether a question comes first, and who sends it.
- A wrong declaration raises WrongDeclaration at import with the command's name.
- A signature is read from its code object: ``inspect`` would cost a one-line run more than all the rest.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import chain
from types import CodeType
from typing import Any, Literal, NamedTuple, Required, TypeVar, Unpack

from vshell.formats import OUTPUT_FORMATS
from vshell.kinds import Choice, DataCentre, Kind, ListOf, Secret, Switch
from vshell.registry.conditions import ColumnName, Conditions, SortColumn
from vshell.registry.view import TIMES, View

Function = TypeVar("Function", bound=Callable[..., object])

Row = Mapping[str, Any]
"""An object as the server shows it."""

Place = Literal["option", "positional", "rest"]


class Parameter(NamedTuple):
    """One argument of a command.

    ``argument`` is what the function calls it, ``name`` what people, JSON and ``ParsedLine.values`` call it.
    ``place`` is "option", "positional" or "rest". ``common`` tells that it belongs to every command with such a
    view, not to the function.
    """

    argument: str
    kind: Kind
    help: str
    required: bool
    place: Place = "option"
    common: bool = False
    spellings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the argument's name without the underscore that keeps it apart from a word of Python."""
        return self.argument.rstrip("_")

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


class WrongDeclaration(Exception):
    """A command is declared wrongly; the message begins with its name. For authors, never for users."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")


KEEP = object()
"""Stands for a former value that cannot be given back."""


class Reversal(NamedTuple):
    """Which object a line changes, and what is sent to give it its former values.

    ``path`` is that of the object, with ``{id}`` for the row's; ``find`` returns its row as it is now, by the session
    and the line's values. ``fields`` are those that the command can change, by the names under which they are sent:
    each has a function that makes the value of a row, ``KEEP`` for one that cannot be sent.
    """

    path: str
    find: Callable[[Any, Mapping[str, Any]], Row]
    fields: Mapping[str, Callable[[Row], object]]


def same(*names: str) -> dict[str, Callable[[Row], object]]:
    """Return the fields that are sent as they are shown."""
    return {name: lambda row, name=name: row.get(name) for name in names}  # type: ignore[misc]  # the default binds it


class Command(NamedTuple):
    """A command as declared.

    ``options`` maps each spelling, common ones included, to its parameter and, for a switch, its value.
    ``one_of`` holds groups of parameter names of which exactly one must be given. ``changes`` tells that it
    changes something on the server, ``here`` that it changes this shell or what it keeps on this machine;
    ``confirm`` is the question asked before, filled with the values. ``undo`` is how the change is taken back,
    or a sentence that says what to do instead.
    """

    words: tuple[str, ...]
    function: Callable[..., object]
    parameters: tuple[Parameter, ...]
    common: tuple[Parameter, ...]
    options: dict[str, tuple[Parameter, bool | None]]
    view: View
    summary: str
    long_help: str
    examples: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    changes: bool
    confirm: str | None
    aliases: tuple[tuple[str, ...], ...]
    here: bool = False
    undo: Reversal | str | None = None

    @property
    def name(self) -> str:
        """Return the words with spaces between them."""
        return " ".join(self.words)

    @property
    def positionals(self) -> tuple[Parameter, ...]:
        """Return the parameters that are words without an option, in their order."""
        return tuple(parameter for parameter in self.parameters if parameter.place != "option")


class Node:
    """A point in the tree of command words: what may follow, and the command that ends here, if any."""

    __slots__ = ("aliases", "command", "explanation", "word", "words")

    def __init__(self, word: str) -> None:
        self.word = word
        self.words: dict[str, Node] = {}
        self.aliases: dict[str, str] = {}  # spelling -> what it stands for
        self.command: Command | None = None
        self.explanation = ""

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def resolve(self, typed: str) -> str | None:
        """Return the word that may follow here and that ``typed`` is or is the only possible beginning of."""
        if typed in self.words:
            return typed
        # Two spellings of one thing are no doubt; its own name comes before an alias.
        possible = sorted((word for word in self.words if word.startswith(typed)), key=self.aliases.__contains__)
        same = {id(self.words[word]) for word in possible}
        return possible[0] if len(same) == 1 else None

    def explain(self, word: str) -> str:
        """Return one line about a word that may follow here."""
        if word in self.aliases:
            return f"the same as {self.aliases[word]}"
        node = self.words[word]
        return node.explanation or (node.command.summary if node.command else "")


class Registry:
    """All commands of a shell, as a tree of words; iterating gives each command once, as declared.

    ``expansions`` are the user's aliases: a first word, and what it stands for (see ``aliases``).
    """

    def __init__(self) -> None:
        self.root = Node("")
        self.expansions: dict[str, str] = {}
        self._commands: dict[tuple[str, ...], Command] = {}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __len__(self) -> int:
        return len(self._commands)

    def find(self, name: str) -> Command | None:
        """Return the command whose full name or alias is ``name``, words parted by one space, or None."""
        node: Node | None = self.root
        for word in name.split(" "):
            node = node.words.get(word) if node else None
        return node.command if node else None

    def find_secret(self, spelling: str) -> Parameter | None:
        """Return the parameter that takes a secret by this spelling in any command."""
        found = (command.options.get(spelling) for command in self)
        return next((option[0] for option in found if option and option[0].kind.secret), None)

    @property
    def objects(self) -> dict[str, str]:
        """Return the objects (first words that have verbs) with their explanations, without aliases."""
        root = self.root
        return {word: node.explanation for word, node in root.words.items() if node.words and word not in root.aliases}

    def command(
        self,
        name: str,
        *,
        view: View,
        examples: tuple[str, ...],
        one_of: tuple[tuple[str, ...], ...] = (),
        changes: bool = False,
        confirm: str | None = None,
        aliases: tuple[str, ...] = (),
        spellings: Mapping[str, tuple[str, ...]] | None = None,
        here: bool = False,
        undo: Reversal | str | None = None,
    ) -> Callable[[Function], Function]:
        """Return the decorator that declares a command; the module's docstring has the rules.

        ``changes`` tells that the server is changed. ``confirm`` marks a destructive command: the question is
        asked before on a terminal; in it ``{parameter}`` is a value, ``{target}`` the first value of the line.
        It adds ``--yes`` and, where the server is what is changed, ``--dry-run``, which stops the function at
        its first writing request: such a function changes nothing else before. ``aliases`` are other whole
        names of the command. ``spellings`` are those of another system, instead of ``--name``, for the options
        that it names; only they may have one dash. ``here`` tells that this shell or its files are changed. ``undo``
        says how a change is taken back, or in a sentence what to do instead; in it ``{field}`` is one of the result.
        """

        def declare(function: Function) -> Function:
            if not isinstance(view, View) or not isinstance(view.columns, tuple):
                raise WrongDeclaration(name, "needs a view, its columns as a tuple")
            parameters = read_parameters(function, name, spellings)
            own = {spelling for parameter in parameters for spelling in parameter.spellings}
            common = tuple(
                each
                for each in common_parameters(view, confirmed=confirm is not None, changes=changes)
                if each.name != "as_token" or own.isdisjoint(each.spellings)
            )
            summary, _, long_help = (function.__doc__ or "").strip().partition("\n")
            record = Command(
                words=tuple(name.split()),
                function=function,
                parameters=parameters,
                common=common,
                options=map_spellings(parameters + common, name),
                view=view,
                summary=summary.strip(),
                long_help=long_help,
                examples=examples,
                one_of=one_of,
                changes=changes,
                confirm=confirm,
                aliases=tuple(tuple(alias.split()) for alias in aliases),
                here=here,
                undo=undo,
            )
            _check(record)
            self._place(record)
            return function

        return declare

    def describe_object(self, word: str, explanation: str) -> None:
        """Give the one-line explanation of an object; raises WrongDeclaration if it has one already.

        ``word`` may be several, for an object below another.
        """
        node = self.root
        for each in word.split():
            node = node.words.setdefault(each, Node(each))
        if node.explanation:
            raise WrongDeclaration(word, "is described twice")
        node.explanation = explanation

    def alias_object(self, alias: str, word: str) -> None:
        """Accept ``alias`` wherever the object ``word`` is typed; raises WrongDeclaration if it is taken."""
        if alias in self.root.words:
            raise WrongDeclaration(alias, "is already a command word")
        self.root.words[alias] = self.root.words.setdefault(word, Node(word))
        self.root.aliases[alias] = word

    def _place(self, record: Command) -> None:
        """Put the command into the tree under its name and its aliases."""
        for words in (record.words, *record.aliases):
            node = parent = self.root
            for word in words:
                parent, node = node, node.words.setdefault(word, Node(word))
                if parent.command is not None and parent.command.positionals:
                    raise WrongDeclaration(record.name, f"'{word}' could also be meant for {parent.command.name}")
            if node.command is not None:
                raise WrongDeclaration(record.name, f"the words '{' '.join(words)}' are taken")
            if node.words and record.positionals:
                raise WrongDeclaration(record.name, "its words could also be the verbs that follow it")
            node.command = record
            if words is not record.words:
                parent.aliases[words[-1]] = record.name
        self._commands[record.words] = record


def _check(record: Command) -> None:
    """Raise WrongDeclaration when something is missing that help, completion or the tests rely on."""
    names = {parameter.name for parameter in record.parameters}
    choosable = {parameter.name for parameter in record.parameters if not parameter.required}
    asked = set(re.findall(r"{(\w*)}", record.confirm or ""))
    problems: list[tuple[Any, str]] = [
        (not record.words, "has no name"),
        (not record.summary.endswith("."), "needs a docstring whose first line is one sentence"),
        (not record.examples or isinstance(record.examples, str), "needs an example, in a tuple"),
        (any(len(group) < 2 for group in record.one_of), "has a one_of without a choice"),
        (not choosable.issuperset(chain(*record.one_of)), "has a one_of of parameters that are not optional"),
        (record.confirm == "" or asked - names - {"target"}, "has a wrong confirm question"),
    ]
    for wrong, what in problems:
        if wrong:
            raise WrongDeclaration(record.name, what)


_TAKES_REST = 0x04  # CO_VARARGS of the code object's flags

_TAKES_ANY_OPTION = 0x08  # CO_VARKEYWORDS


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

    def make(argument: str, place: Place) -> Parameter:
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


def _make_parameter(name: str, argument: str, annotation: Any, place: Place, required: bool) -> Parameter:
    """Return one parameter; raises WrongDeclaration when its kind or its help is missing."""
    if getattr(annotation, "__origin__", None) is Required:
        annotation = annotation.__args__[0]
    kind, explanation = (*getattr(annotation, "__metadata__", ()), None, None)[:2]
    if isinstance(kind, type) or not isinstance(kind, Kind):
        raise WrongDeclaration(name, f"the parameter {argument} needs a kind: Annotated[type, Kind(), help]")
    if not isinstance(explanation, str) or not explanation.strip().endswith("."):
        raise WrongDeclaration(name, f"the parameter {argument} needs help: one sentence after its kind")
    spellings: tuple[str, ...] = ()
    if place == "option":
        spellings = ("--" + argument.rstrip("_").replace("_", "-"),)
        if isinstance(kind, Switch):
            spellings = (kind.on or spellings[0], *filter(None, [kind.off]))
        if any(not spelling.startswith("--") or spelling != spelling.lower() for spelling in spellings):
            raise WrongDeclaration(name, f"the option {spellings} must begin with '--' and be in lower case")
    elif not kind.takes_value:
        raise WrongDeclaration(name, f"the parameter {argument} is a switch and must be an option")
    return Parameter(argument, kind, explanation.strip(), required, place, spellings=spellings)


def _read_annotations(function: Callable[..., object]) -> dict[str, Any]:
    """Return the annotations as objects, also where the module postpones their evaluation."""
    annotations = function.__annotations__
    if not any(isinstance(annotation, str) for annotation in annotations.values()):
        return annotations
    from typing import get_type_hints

    return get_type_hints(function, include_extras=True)


_FOREIGN = re.compile(r"--?[a-z][a-z0-9-]*|-[a-zA-Z]")


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


@cache
def common_parameters(view: View, *, confirmed: bool, changes: bool) -> tuple[Parameter, ...]:
    """Return the options that every command with such a view has: how to show, and how to be careful."""
    shown: tuple[Parameter, ...] = ()
    if view.layout != "text":
        names = (*(column.name for column in view.columns), *view.more)
        columns = ListOf(ColumnName(names), metavar="COLUMNS")
        shown = (
            _common("output", Choice(*OUTPUT_FORMATS, metavar="FORMAT"), "Sets the format of the result."),
            _common("columns", columns, "Shows only these columns, in this order."),
            _common("sort", SortColumn(names), "Sorts by this column; a minus before it reverses the order."),
            _common("filter", Conditions(names), "Shows only records that meet all of these conditions."),
            _common("times", Choice(*TIMES), "Sets how times are shown to people."),
        )
    careful: tuple[Parameter, ...] = ()
    if confirmed:
        careful = (_common("yes", Switch(), "Goes ahead without asking."),)
    if confirmed and changes:
        careful += (_common("dry_run", Switch(), "Tells what would be sent to the server; changes nothing."),)
    return shown + careful + _WHO


def _common(name: str, kind: Kind, explanation: str, spelling: str = "") -> Parameter:
    spelling = spelling or "--" + name.replace("_", "-")
    return Parameter(name, kind, explanation, required=False, common=True, spellings=(spelling,))


_WHO = (
    _common(
        "as_token", Secret("TOKEN"), "Uses this token for this line alone; - asks for it, @FILE reads it.", "--token"
    ),
    _common("dc", DataCentre(), "Goes to the server of this data centre for this line alone."),
)
"""What every command takes besides: who is asking, and which of the servers (Zoho Catalyst, "Working with Tokens")."""

REGISTRY = Registry()
"""The shell's own commands; importing ``vshell.commands`` fills it."""

command = REGISTRY.command

describe_object = REGISTRY.describe_object

alias_object = REGISTRY.alias_object
