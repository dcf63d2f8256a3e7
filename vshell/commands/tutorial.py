"""tutorial: five minutes at the prompt, from making a token to revoking it."""

from typing import Annotated

from vshell.errors import Failed
from vshell.kinds import Choice
from vshell.registry.tree import command
from vshell.registry.view import TEXT
from vshell.session import Session


@command("tutorial", view=TEXT, examples=("tutorial", "tutorial skip", "tutorial leave"), here=True)
def tutorial(
    session: Session,
    what: Annotated[str | None, Choice("skip", "leave", metavar="skip|leave"), "Skips a step, or leaves."] = None,
    /,
) -> None:
    """Learn by doing: create a token, use it, narrow one, revoke it, on a server of your own.

    You type the lines yourself, at this prompt, and are told after each what comes next. Any other line runs
    as ever. Without a word it begins, or says again where you are.
    """
    from vshell.run import tutorial as lessons

    lesson = session.find_listener(lessons.Lesson)
    if what is None:
        text = lesson.instruction() if lesson else lessons.begin(session)
    elif lesson is None:
        raise Failed("No tutorial goes on.", "Begin with: tutorial")
    elif what == "leave":
        session.listeners.remove(lesson)
        text = "You have left the tutorial; what you made is still there."
    else:
        text = lesson.skip()
        if lesson.is_over:
            session.listeners.remove(lesson)
    session.out.note(text)
