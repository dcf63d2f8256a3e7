"""Undo: how each change at the prompt is taken back, and taking back the last one.

Rules:

- What a command can change is declared with it (``Reversal``). The object is looked at before and after, so that what
  is remembered is what really was, and only what differs.
- It is taken back only while the object is as the change left it: what was changed since is not overwritten. So it
  is looked at behind the question, right before it is changed back.
- A server that hangs is waited for once: a request without an answer ends the line before anything is changed, and one
  that only adds to what is done is cut short.
- Where there is no way back it is said so, with what to do instead. Nothing is remembered beyond the session.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from vshell.errors import Conflict, Failed, Mistake, NotFound, ShellError, Unreachable
from vshell.formats.text import ids_of, visible
from vshell.language.parsed_line import ParsedLine
from vshell.registry.tree import KEEP, Reversal, Row
from vshell.session import LineListener, Session

MOST_REMEMBERED = 100
LOOK_SECONDS = 5.0
"""How long an answer is waited for that is not the change's own."""

NO_WAY = "There is no way back for it."


class UndoStep(NamedTuple):
    """One change: ``line`` made it, ``former`` is what is sent to take it back, ``left`` how it left the object.

    ``lost`` names the fields that cannot be given back. ``instead`` says what to do where there is no way back at all.
    """

    line: str
    path: str = ""
    reversal: Reversal | None = None
    former: Mapping[str, object] | None = None
    left: Mapping[str, object] | None = None
    lost: tuple[str, ...] = ()
    instead: str = ""


class UndoHistory(LineListener):
    """The changes made at the prompt, the last one last; those of scripts and of other people's lines are not here."""

    def __init__(self) -> None:
        self.steps: list[UndoStep] = []

    def prepare(self, line: ParsedLine, session: Session) -> Callable[[object], None] | None:
        """Look at the object before a change, so that the change can be remembered when it is made."""
        command = line.command
        if command is None or not command.changes or not session.interactive or session.sources or line.acts_as:
            return None
        undo = command.undo
        before = _find_before(undo, line, session) if isinstance(undo, Reversal) else None

        def remember(result: object) -> None:
            text = line.masked_in_full.strip()
            if not isinstance(undo, Reversal) or before is None:
                sentence = undo if isinstance(undo, str) else NO_WAY
                ids = ids_of(result)  # never a token's secret, only its id
                step: UndoStep | None = UndoStep(text, instead=sentence.replace("{id}", str(ids[0]) if ids else "ID"))
            else:
                path = undo.path.format(id=before["id"])
                try:
                    step = _compare(text, path, undo, before, _get_row(session, path))
                except ShellError:  # The change is done; that it cannot be looked at now must not fail the line.
                    step = UndoStep(text, instead=NO_WAY)
            if step is not None:
                self.steps.append(step)
                del self.steps[:-MOST_REMEMBERED]

        return remember


def take_back(session: Session) -> dict[str, str]:
    """Take back the last change of this session and return its line and what is so again.

    Raises Failed where there is no way back or the answer is no, Conflict when the object was changed since,
    Unreachable before anything is changed. What the server refuses is not tried again: the change before it comes next.
    """
    steps = require_change(session)
    step = steps[-1]
    if step.reversal is None or not step.former:
        steps.pop()
        lost = f"{' and '.join(step.lost)} cannot be given back its former value" if step.lost else ""
        what = lost or "it cannot be undone"
        raise Failed(f"'{visible(step.line)}': {what}.", step.instead or None)
    restored = [f"{name} back to {_text(value)}" for name, value in step.former.items()]
    question = f"Undo '{visible(step.line)}': {', '.join(restored)}?"
    if session.interactive and not session.confirm(question):
        raise Failed("Nothing was undone: the answer was no.")
    try:
        _require_unchanged(session, step)
        session.client.request("PATCH", step.path, step.former)
    except (NotFound, Conflict, Mistake):
        steps.pop()
        raise
    steps.pop()
    session.names.invalidate()
    if step.lost:
        session.out.note(f"{' and '.join(step.lost)} cannot be given back its former value.")
    return {"undone": visible(step.line), "restored": ", ".join(restored)}


def require_change(session: Session) -> list[UndoStep]:
    """Return the changes; raises Failed where there is none, as in every script but one that the prompt runs."""
    history = session.find_listener(UndoHistory)
    if history is None or not history.steps:
        raise Failed("There is nothing to undo.", "What is changed at the prompt is remembered until the shell ends.")
    return history.steps


def _find_before(undo: Reversal, line: ParsedLine, session: Session) -> Row | None:
    """Return the object as it is before the change, None where it is not found: the command will tell why.

    Raises Unreachable where there is no answer: the change would wait as long for another.
    """
    try:
        return undo.find(session, line.values)
    except Unreachable as away:
        raise Unreachable(away.sentence, f"Nothing was changed. {away.hint or ''}".strip()) from None
    except ShellError:
        return None


def _compare(line: str, path: str, undo: Reversal, before: Row, after: Row) -> UndoStep | None:
    """Return the way from one row back to the other, None when they do not differ."""
    differing = [name for name, value_of in undo.fields.items() if value_of(before) != value_of(after)]
    if not differing:
        return None
    former = {name: undo.fields[name](before) for name in differing}
    return UndoStep(
        line,
        path,
        undo,
        former={name: value for name, value in former.items() if value is not KEEP},
        left={name: undo.fields[name](after) for name in differing},
        lost=tuple(name for name, value in former.items() if value is KEEP),
    )


def _require_unchanged(session: Session, step: UndoStep) -> None:
    """Raise Conflict when the object is not as the change left it, Unreachable when that cannot be seen."""
    assert step.reversal is not None
    try:
        now = _get_row(session, step.path)
    except Unreachable as away:
        raise Unreachable(away.sentence, "Nothing was undone; type undo again when the server answers.") from None
    for name, value in (step.left or {}).items():
        found = step.reversal.fields[name](now)
        if found != value:
            raise Conflict(
                f"{name} is {_text(found)} by now, which '{visible(step.line)}' did not make it: somebody else, or "
                "another shell, changed it since. Nothing was undone.",
                "Look at it, and change it by its own command.",
            )


def _get_row(session: Session, path: str) -> Row:
    row = session.client.request("GET", path, timeout=min(session.client.timeout, LOOK_SECONDS))
    if not isinstance(row, Mapping):
        raise Failed("The server's answer is not what was asked for.", "Check the address with: server list")
    return row


def _text(value: object) -> str:
    if value is KEEP:
        return "none"
    if isinstance(value, list):
        return visible(",".join(map(str, value))) or "none"
    return visible(str(value)) if value not in (None, "") else "none"
