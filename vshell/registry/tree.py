"""The one place where commands are known: a command is one function, declared where it stands.

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
- A wrong declaration raises WrongDeclaration at import with the command's name.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from vshell.registry.common_options import common_parameters
from vshell.registry.parameter import Parameter, WrongDeclaration, map_spellings, read_parameters
from vshell.registry.view import TEXT, Column, View

__all__ = [
    "REGISTRY",
    "TEXT",
    "Column",
    "Command",
    "Node",
    "Parameter",
    "Registry",
    "Reversal",
    "View",
    "WrongDeclaration",
    "alias_object",
    "command",
    "describe_object",
]

Function = TypeVar("Function", bound=Callable[..., object])


Row = Mapping[str, Any]
"""An object as the server shows it."""


class Reversal(NamedTuple):
    """Which object a line changes, and what is sent to give it its former values.

    ``path`` is that of the object, with ``{id}`` for the row's; ``find`` returns its row as it is now, by the session
    and the line's values. ``fields`` are those that the command can change, by the names under which they are sent:
    each has a function that makes the value of a row, ``KEEP`` for one that cannot be sent.
    """

    path: str
    find: Callable[[Any, Mapping[str, Any]], Row]
    fields: Mapping[str, Callable[[Row], object]]


KEEP = object()
"""Stands for a former value that cannot be given back."""


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


REGISTRY = Registry()
"""The shell's own commands; importing ``vshell.commands`` fills it."""

command = REGISTRY.command
describe_object = REGISTRY.describe_object
alias_object = REGISTRY.alias_object
