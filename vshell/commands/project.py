"""project: what the commands of a directory are for; the mark lies in the directory."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from vshell.errors import Failed, NotAllowed, NotFound
from vshell.kinds import Word
from vshell.registry.tree import command, describe_object
from vshell.registry.view import View, columns
from vshell.session import Session
from vshell.state import projects

describe_object("project", "The project of the directory, which goes with every command run there.")

USED = View(columns("project", "file"), sentence="Commands here are for the project {project} from now on.")
SHOWN = View(columns("project", "file"), layout="vertical")
CLEARED = View(columns("project", "file"), sentence="{file} has been removed.")


@command("project use", view=USED, examples=("project use webshop",), here=True)
def use(
    session: Session, name: Annotated[str, Word("NAME"), "Names the project; letters, digits, '.', '_' and '-'."], /
) -> object:
    """Make this directory, and all below it, a project's.

    The name goes with every command run there: it stands in the audit trail, and a token that is limited to a
    project ("apitoken create --project") is refused wherever that one is not named. It is kept in the file
    .vshell-project, which may be checked in. VSHELL_PROJECT, where it is set, goes before it.
    """
    path = projects.mark_directory(Path.cwd(), name)
    holds = projects.find_project()
    session.client.finder.set_project(holds)
    if holds != name:
        session.out.note(f"{projects.VARIABLE} is set and goes before it: commands are for {holds or 'no project'}.")
    return {"project": name, "file": str(path)}


@command("project show", view=SHOWN, examples=("project show",))
def show(session: Session, /) -> object:
    """Show the project of this directory, and the file that says so; or VSHELL_PROJECT, which goes before it."""
    name = projects.find_project()
    path = projects.find_file()
    if name is None:
        raise NotFound("This directory is for no project.", "Make it one's with: project use NAME")
    by_file = projects.VARIABLE not in os.environ
    return {"project": name, "file": str(path) if by_file else f"none: {projects.VARIABLE} names it"}


@command("project clear", view=CLEARED, examples=("project clear",), here=True)
def clear(session: Session, /) -> object:
    """Take the mark away that makes this directory a project's, also when it lies above."""
    path = projects.find_file()
    if path is None:
        raise NotFound("This directory has no mark of a project.", "Make one with: project use NAME")
    if not projects.is_ours(path):
        raise NotAllowed(f"{path} is another user's, so it is left as it is.", "Remove it as its owner.")
    name = None
    with suppress(Failed):  # One that names none is taken away all the same.
        name = projects.read_name(path)
    projects.remove_mark(path)
    still = projects.find_project()
    session.client.finder.set_project(still)
    if still is not None:
        session.out.note(f"Commands here are for the project {still} now.")
    return {"project": name, "file": str(path)}
