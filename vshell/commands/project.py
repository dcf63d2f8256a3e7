"""project: what the commands of a directory are for; the mark lies in the directory (see ``vshell.projects``)."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

from vshell.errors import Failed, NotFound
from vshell.kinds import Word
from vshell.registry import Column, View, command, describe_object
from vshell.session import Session

describe_object("project", "The project of the directory, which goes with every command run there.")

USED = View((Column("project"), Column("file")), sentence="Commands here are for the project {project} from now on.")
SHOWN = View((Column("project"), Column("file")), layout="vertical")
CLEARED = View((Column("project"), Column("file")), sentence="The directory is for the project {project} no more.")


@command("project use", view=USED, examples=("project use webshop",), here=True)
def use(
    session: Session, name: Annotated[str, Word("NAME"), "Names the project; letters, digits, '.', '_' and '-'."], /
) -> object:
    """Make this directory, and all below it, a project's.

    The name goes with every command run there: it stands in the audit trail, and a token that is limited to a
    project ("apitoken create --project") is refused for every other. It is kept in the file .vshell-project,
    which may be checked in.
    """
    from vshell import projects

    path = projects.mark(Path.cwd(), name)
    session.api.work_for(name)
    return {"project": name, "file": str(path)}


@command("project show", view=SHOWN, examples=("project show",))
def show(session: Session, /) -> object:
    """Show the project of this directory, and the file that says so."""
    path = _found()
    from vshell import projects

    return {"project": projects.read(path), "file": str(path)}


@command("project clear", view=CLEARED, examples=("project clear",), here=True)
def clear(session: Session, /) -> object:
    """Take the mark away that makes this directory a project's, also when it lies above."""
    from vshell import projects

    path = _found()
    name = None
    with suppress(Failed):  # One that names none is taken away all the same.
        name = projects.read(path)
    projects.unmark(path)
    session.api.work_for(projects.here())
    return {"project": name, "file": str(path)}


def _found() -> Path:
    from vshell import projects

    path = projects.found()
    if path is None:
        raise NotFound("This directory is for no project.", "Make it one's with: project use NAME")
    return path
