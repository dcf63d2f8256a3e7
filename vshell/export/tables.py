"""The language as flat tables, for shells that complete it without asking us.

A *node* is a point in a line: "" before the first command word, "apitoken", "apitoken create". What may come there
are words (each leads to a node), options, and values by position. How a value is completed is one short text:

    none                    a switch: no value follows
    any                     nothing can be offered
    file                    a file's name
    one:a,b     some:a,b    one of these words, or several with commas between
    live:SPEC   lives:SPEC  one name, or several, from ``vshell --complete`` (SPEC: see ``shell_tab``)

Options that exclude each other have the same group; those of group 0 may be repeated.

``watch INTERVAL`` stands before a command: behind the interval comes what begins a line, but for ``watch`` itself.
The user's aliases stand in no table; the engines get them from ``vshell --complete`` where a line begins.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from vshell.completion.resources import NOUNS
from vshell.formats import OUTPUT_FORMATS
from vshell.kinds import DataCentre, Kind, ListOf, Live, ManagerName, NoNames, Path, ServerName, Several
from vshell.language import parser
from vshell.registry.tree import Command, Node, Parameter, Registry
from vshell.run import program_options

AGAIN = f"{parser.WATCH} {parser.INTERVAL.kind.metavar}"
"""The node behind the interval of a ``watch``."""

ALIASES = "aliases/{name}/line"
"""The SPEC with which ``vshell --complete`` gives the user's aliases."""


class Word(NamedTuple):
    """A command word that may come, the node it leads to, and one line about it."""

    text: str
    node: str
    explanation: str


class Option(NamedTuple):
    """An option that may come; the module's docstring has ``group`` and ``values``."""

    spelling: str
    group: int
    values: str
    explanation: str


class Tables(NamedTuple):
    """The whole language; ``positionals`` end in ``...`` where the last one may be repeated."""

    flags: tuple[Option, ...]
    words: Mapping[str, tuple[Word, ...]]
    options: Mapping[str, tuple[Option, ...]]
    positionals: Mapping[str, tuple[str, ...]]


def tables_of(registry: Registry) -> Tables:
    """Return the tables of a registry."""
    words = {}
    for name, node in _nodes(registry.root, ""):
        words[name] = tuple(Word(word, _target(node, name, word), node.explain(word)) for word in sorted(node.words))
    words[AGAIN] = words[""]
    words[""] = tuple(sorted((*words[""], Word(parser.WATCH, parser.WATCH, parser.WATCH_EXPLANATION))))
    count = (Option(parser.COUNT.spellings[0], 1, values_of(parser.COUNT.kind), parser.COUNT.help),)
    options = {command.name: tuple(_options(command)) for command in registry if command.options}
    positionals = {c.name: tuple(map(_positional, c.positionals)) for c in registry if c.positionals}
    return Tables(
        flags=_flags(),
        words=words,
        options={**options, parser.WATCH: count, AGAIN: count},
        positionals={**positionals, parser.WATCH: (values_of(parser.INTERVAL.kind),)},
    )


def values_of(kind: Kind) -> str:
    """Return how a value of this kind is completed; the module's docstring has the forms."""
    if not kind.takes_value:
        return "none"
    if kind.secret:
        return "any"
    inner = kind.kind if isinstance(kind, ListOf | Several) else kind
    several = isinstance(kind, ListOf)
    if isinstance(inner, Live):
        return f"{'lives' if several else 'live'}:{_spec(inner)}"
    if isinstance(inner, Path):
        return "file"
    offers = _static(inner)
    return f"{'some' if several else 'one'}:{','.join(offers)}" if offers else "any"


def _static(kind: Kind) -> Sequence[str]:
    """Return the values that are offered whatever the server holds."""
    offers = [offer.text for offer in kind.complete("", NoNames(), {})]
    return [text for text in offers if not set(text) & set(", |\t\n'\"")]


class _Row:
    """Names with one row for each noun, whose every field is a place to be filled: ``{id}``."""

    def rows(self, noun: str) -> Sequence[Mapping[str, object]]:
        """Return the row."""
        fields = NOUNS[noun].fields if noun in NOUNS else ("name", "url")
        return [{field: f"{{{field}}}" for field in fields if field != "revoked"}]


def _spec(kind: Live) -> str:
    """Return what ``vshell.completion.shell_tab`` is to do for this kind, found by completing with a row of places."""
    templates = ",".join(offer.text for offer in kind.complete("", _Row(), {}))
    return f"{kind.noun}/{templates}/{','.join(kind.remarks)}"


def _nodes(node: Node, name: str) -> Iterator[tuple[str, Node]]:
    """Yield each node below which there are words, once."""
    yield name, node
    for word in sorted(node.words):
        if word not in node.aliases and node.words[word].words:
            yield from _nodes(node.words[word], f"{name} {word}".strip())


def _target(node: Node, name: str, word: str) -> str:
    """Return the node that a word leads to: an alias to what it stands for, a command to its own name."""
    below = node.words[word]
    if not below.words and below.command is not None:
        return below.command.name
    return node.aliases.get(word) or f"{name} {word}".strip()


def _options(command: Command) -> Iterator[Option]:
    """Yield the options of a command, the required ones first."""
    own = [parameter for parameter in command.parameters if parameter.place == "option"]
    groups = {name: -number for number, group in enumerate(command.one_of, 1) for name in group}
    ordered = sorted((*own, *command.common), key=lambda each: not (each.required or each.name in groups))
    for number, parameter in enumerate(ordered, 1):
        group = 0 if parameter.repeatable else groups.get(parameter.name, number)
        for spelling in parameter.forms:
            yield Option(spelling, group, values_of(parameter.kind), parameter.help)


def _positional(parameter: Parameter) -> str:
    return values_of(parameter.kind) + ("..." if parameter.place == "rest" else "")


FLAG_VALUES: Mapping[str, str] = {
    "": "none",
    "DC": values_of(DataCentre()),
    "DIR": "file",
    "FILE": "file",
    "FORMAT": "one:" + ",".join(OUTPUT_FORMATS),
    "LINE": "any",
    "N": "any",
    "NAME|URL": values_of(ServerName()),
    "PASSWORD": "any",
    "TOKEN": "any",
    "USER": values_of(ManagerName()),
}
"""How the value of a flag is completed, by what stands for it in ``vshell --help``."""


def _flags() -> tuple[Option, ...]:
    return tuple(
        Option(spelling, 0 if spelling == "-c" else number, FLAG_VALUES[flag.metavar], flag.help)
        for number, flag in enumerate(program_options.PROGRAM_OPTIONS, 1)
        for spelling in flag.spellings
    )
