"""undo: take back the last change that was made at this prompt."""

from vshell.registry.tree import command
from vshell.registry.view import View, columns
from vshell.session import Session

UNDONE = View(columns("undone", "restored"), sentence="Undone '{undone}': {restored}.", layout="vertical")


@command("undo", view=UNDONE, examples=("undo",), here=True)
def undo(session: Session, /) -> object:
    """Take back the last change that was made at this prompt: a new name, an end, roles, permissions.

    It is done only while the thing is as that change left it; what somebody else changed since is not
    overwritten. What was made, revoked or deleted has no way back here, and you are told what to do
    instead. The ends of children that were cut short with their parent's stay as they are. "undo" again
    takes back the change before.
    """
    from vshell.run.undo import take_back

    return take_back(session)
