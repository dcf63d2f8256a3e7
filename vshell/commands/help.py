"""help: what commands there are, how each is written, and the manual's topics."""

from collections.abc import Iterable
from typing import Annotated

from vshell import help as manual
from vshell.errors import NotFound
from vshell.formats.text import quote
from vshell.help.usage import explain_kind, explain_words, usage_lines
from vshell.kinds import Candidate, Names, Text
from vshell.language.messages import nearest
from vshell.registry.tree import REGISTRY, Command, Node, Parameter, command
from vshell.registry.view import TEXT
from vshell.session import Session

WIDTH = 110
"""Columns that a line of help takes at most."""

INDENT = "  "


class HelpWord(Text):
    """A word of a command, or a topic of the manual."""

    metavar = "COMMAND|TOPIC"
    explanation = "the words of a command, or a topic"
    dashed = True  # "help apitoken create --name" tells of the command

    def complete(self, prefix: str, names: Names, values: object) -> Iterable[Candidate]:
        """Offer the first words of all commands, and the topics."""
        root = REGISTRY.root
        offers = [Candidate(word, root.explain(word)) for word in sorted(root.words)]
        offers += [Candidate(name, "a topic of the manual") for name in manual.topics()]
        if prefix.startswith(manual.DESIGN):
            offers += [Candidate(name, "decisions, and why") for name in manual.decisions()]
        return [offer for offer in offers if offer.text.startswith(prefix)]


@command("help", view=TEXT, examples=("help", "help apitoken create", "help scripts", "help --search quota"))
def help_(
    session: Session,
    /,
    *words: Annotated[str, HelpWord(), "Name a command, or a topic."],
    search: Annotated[str | None, Text("WORD"), "Lists the commands and topics that have this word."] = None,
) -> str:
    """Show what a command does and how it is written, or a topic of the manual.

    Without a word it lists all commands and topics.
    """
    terminal = session.out.columns
    width = min(WIDTH, terminal or WIDTH)
    if search is not None:
        from vshell.help.search import find_mentions

        return _list_mentions(search, find_mentions(search, REGISTRY), width)
    if not words:
        return _list_all(width)
    if words[0] in REGISTRY.expansions and words[0] not in REGISTRY.root.words:
        return f"{words[0]} is your alias of: {REGISTRY.expansions[words[0]]}"
    node: Node | None = REGISTRY.root
    for word in words:
        node = node.words.get(node.resolve(word) or "") if node else None
    if node is None:
        name = "_".join(words).replace("-", "_")
        if name in manual.topics() + manual.decisions():
            return _render(manual.topic(name).text, terminal)
        raise _refuse(" ".join(words))
    if node.command is not None:
        return _explain_command(node.command, width, terminal)
    return _explain_object(" ".join(words), node, width, terminal)


def _list_all(width: int) -> str:
    root = REGISTRY.root
    alone = sorted(word for word, node in root.words.items() if node.command and word not in root.aliases)
    sections = {
        "Objects (help OBJECT lists their verbs):": [(word, root.explain(word)) for word in sorted(REGISTRY.objects)],
        "Commands:": [(word, root.explain(word)) for word in alone],
        "Topics:": [(name, manual.topic(name).summary) for name in manual.topics()],
        "Your aliases:": sorted(REGISTRY.expansions.items()),
    }
    parts = [f"{title}\n{explain_words(rows, width)}\n" for title, rows in sections.items() if rows]
    return "\n".join([*parts, "help COMMAND shows how a command is written."])


def _explain_object(path: str, node: Node, width: int, terminal: int | None) -> str:
    verbs = explain_words(((f"{path} {word}", node.explain(word)) for word in sorted(node.words)), width)
    return f"{_render(node.explanation, terminal)}\n\n{verbs}" if node.explanation else verbs


def _explain_command(found: Command, width: int, terminal: int | None) -> str:
    from textwrap import dedent, indent  # which no other command needs at its start

    parts = [_render(found.summary, terminal), "", "Usage:", indent(usage_lines(found), INDENT)]
    if found.long_help.strip():
        parts += ["", _render(dedent(found.long_help).strip(), terminal)]
    for title, parameters in (("Options:", found.parameters), ("Common options:", found.common)):
        if parameters:
            parts += ["", title, explain_words(map(_explain_parameter, parameters), width)]
    parts += ["", "Examples:", *(INDENT + example for example in found.examples)]
    if found.aliases:
        parts += ["", "Also: " + ", ".join(" ".join(alias) for alias in found.aliases)]
    return "\n".join(parts)


def _explain_parameter(parameter: Parameter) -> tuple[str, str]:
    """Return how a parameter is written, and what it does and takes."""
    metavar = parameter.kind.metavar
    forms = [f"{spelling} {metavar}".rstrip() for spelling in parameter.forms] or [metavar]
    return ", ".join(forms), f"{parameter.help} {explain_kind(parameter.kind)}".rstrip()


def _render(text: str, terminal: int | None) -> str:
    """Return a text as it fits the terminal; where it goes elsewhere, as it is written."""
    if terminal is None:
        return text
    from vshell.help.render import render_text  # only for a person

    return render_text(text, min(WIDTH, terminal))


def _list_mentions(word: str, places: list[tuple[str, str]], width: int) -> str:
    """Return what was found for a word, as columns; raises NotFound when that is nothing."""
    if not places:
        raise NotFound(f"Nothing in the manual has {quote(word)}.", "Type help to see all.")
    return "\n".join([f"help for what has {quote(word)}:", explain_words(places, width)])


def _refuse(typed: str) -> NotFound:
    known = [found.name for found in REGISTRY] + list(REGISTRY.root.words) + manual.topics() + manual.decisions()
    guess = nearest(typed, known)
    what = f"There is no command or topic {quote(typed)}"
    return NotFound(f"{what}; did you mean {guess}?" if guess else f"{what}.", "Type help to see all.")
