"""alias: words of your own for lines that you type often."""

from typing import Annotated

from vshell.kinds import Text, Word
from vshell.registry.tree import REGISTRY, command, describe_object
from vshell.registry.view import View, columns
from vshell.session import Session

describe_object("alias", "Words of your own that stand for the beginning of a line.")

LIST = View(columns("alias", "line"))
ADDED = View(columns("alias", "line"), sentence="{alias} stands for: {line}")
REMOVED = View(columns("alias"), sentence="{alias} stands for nothing any more.")

Name = Annotated[str, Word("NAME"), "Names the alias."]


@command("alias add", view=ADDED, examples=("alias add mine 'apitoken list --owner bob'",), here=True)
def add(
    session: Session,
    name: Name,
    line: Annotated[str, Text("LINE"), "Gives the beginning of a line, in quotes."],
    /,
) -> object:
    """Give a name to the beginning of a line; what is typed behind the name is added to it.

    It is kept in your settings file for later shells too. It is for people, at the prompt and in "vshell NAME":
    a script says what it means. The name of a command cannot be taken, and an alias is not looked for in
    another one.
    """
    from vshell.state import aliases, paths, settings

    aliases.require_valid(name, line, REGISTRY)
    settings.save_value(paths.settings_file(), aliases.TABLE, name, line)
    REGISTRY.expansions[name] = line
    return {"alias": name, "line": line}


@command("alias list", view=LIST, examples=("alias list",))
def list_(session: Session, /) -> object:
    """List your aliases and what they stand for."""
    return [{"alias": name, "line": line} for name, line in sorted(REGISTRY.expansions.items())]


@command("alias remove", view=REMOVED, examples=("alias remove mine",), here=True)
def remove(session: Session, name: Name, /) -> object:
    """Take an alias out of your settings."""
    from vshell.state import aliases, paths

    aliases.remove(paths.settings_file(), name)
    REGISTRY.expansions.pop(name, None)
    return {"alias": name}
