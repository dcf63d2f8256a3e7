"""Remember at the prompt how each change is taken back, and take back the last one.

Rules:

- What a command can change is declared with it (``Reversal``). The object is looked at before and after, so that what
  is remembered is what really was, and only what differs.
- It is taken back only while the object is as the change left it: what somebody changed since is not overwritten. So it
  is looked at behind the question, right before it is changed back.
- A server that hangs is waited for once: a look that gets no answer ends the line before anything is changed, and one
  that only adds to what is done is cut short.
- Where there is no way back it is said so, with what to do instead. Nothing is remembered beyond the session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from vshell.errors import Conflict, Failed, Mistake, NotFound, ShellError, Unreachable
from vshell.formats.text import visible
from vshell.registry.undo import KEEP, Reversal, UndoStep

if TYPE_CHECKING:
    from vshell.language.parsed_line import ParsedLine
    from vshell.registry.tree import Command
    from vshell.session import Session

MOST_REMEMBERED = 100
LOOK_SECONDS = 5.0
"""How long a look is waited for that is not the change itself."""

NO_WAY = "There is no way back for it."


def remembered(command: Command, reading: ParsedLine, session: Session, run: Callable[[], object]) -> object:
    """Run a command that changes something on the server, remember how it is taken back, and return its result."""
    undo = command.undo
    before = _before(undo, reading, session) if isinstance(undo, Reversal) else None
    result = run()
    line = reading.masked_in_full.strip()
    if not isinstance(undo, Reversal) or before is None:
        sentence = undo if isinstance(undo, str) else NO_WAY
        _keep(session, UndoStep(line, instead=_filled(sentence, result)))
        return result
    path = undo.path.format(id=before["id"])
    try:
        after = _row(session, path)
        step = _step(line, path, undo, before, after)
    except ShellError:  # The change is done; that it cannot be looked at now must not fail the line.
        step = UndoStep(line, instead=NO_WAY)
    if step is not None:
        _keep(session, step)
    return result


def take_back(session: Session) -> dict[str, str]:
    """Take back the last change of this session and return its line and what is so again.

    Raises Failed where there is no way back or the answer is no, Conflict when the object was changed since,
    Unreachable before anything is changed. What the server refuses is not tried again: the change before it comes next.
    """
    require_change(session)
    step = session.undoable[-1]
    if step.reversal is None or not step.former:
        session.undoable.pop()
        lost = f"{' and '.join(step.lost)} cannot be given back its former value" if step.lost else ""
        what = lost or "it cannot be undone"
        raise Failed(f"'{visible(step.line)}': {what}.", step.instead or None)
    told = [f"{name} back to {_text(value)}" for name, value in step.former.items()]
    question = f"Undo '{visible(step.line)}': {', '.join(told)}?"
    if session.interactive and not session.confirm(question):
        raise Failed("Nothing was undone: the answer was no.")
    try:
        _require_unchanged(session, step)
        session.api.request("PATCH", step.path, step.former)
    except (NotFound, Conflict, Mistake):
        session.undoable.pop()
        raise
    session.undoable.pop()
    session.names.changed()
    if step.lost:
        session.out.note(f"{' and '.join(step.lost)} cannot be given back its former value.")
    return {"undone": visible(step.line), "restored": ", ".join(told)}


def require_change(session: Session) -> None:
    """Raise Failed where no change is remembered, as in every script but one that the prompt runs."""
    if not session.undoable:
        raise Failed("There is nothing to undo.", "What is changed at the prompt is remembered until the shell ends.")


def _before(undo: Reversal, reading: ParsedLine, session: Session) -> Mapping[str, Any] | None:
    """Return the object as it is before the change, None where it is not found: the command will tell why.

    Raises Unreachable where there is no answer: the change would wait as long for another.
    """
    try:
        return undo.find(session, reading.values)
    except Unreachable as away:
        raise Unreachable(away.sentence, f"Nothing was changed. {away.hint or ''}".strip()) from None
    except ShellError:
        return None


def _step(line: str, path: str, undo: Reversal, before: Mapping[str, Any], after: Mapping[str, Any]) -> UndoStep | None:
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
        now = _row(session, step.path)
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


def _row(session: Session, path: str) -> Mapping[str, Any]:
    row = session.api.request("GET", path, timeout=min(session.api.timeout, LOOK_SECONDS))
    if not isinstance(row, Mapping):
        raise Failed("The server's answer is not what was asked for.", "Check the address with: server list")
    return row


def _keep(session: Session, step: UndoStep) -> None:
    session.undoable.append(step)
    del session.undoable[:-MOST_REMEMBERED]


def _filled(sentence: str, result: object) -> str:
    """Return a sentence with the result's fields in their places; never a token's secret, only ids and names."""
    from vshell.formats.token_format import ids_of

    ids = ids_of(result)
    return sentence.replace("{id}", str(ids[0]) if ids else "ID")


def _text(value: object) -> str:
    if value is KEEP:
        return "none"
    if isinstance(value, list):
        return visible(",".join(map(str, value))) or "none"
    return visible(str(value)) if value not in (None, "") else "none"
