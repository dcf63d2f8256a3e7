"""Run one line that was read: ask where it destroys something, call its function, show its result.

Rules:

- A question is asked only when a person sits at both ends, and not with ``--yes``: a script goes ahead.
- A short form is for people: a script has whole words, since a verb that is added later could make it doubtful.
- ``--dry-run`` runs the command against a server that is only read; what would be sent is told instead.
- Errors are raised, never shown: whoever reads the lines knows how.
"""

from collections.abc import Callable
from typing import Any, cast

from vshell.errors import Failed, visible
from vshell.kinds import quote
from vshell.reading import SHOWN, Reading
from vshell.registry import Command
from vshell.session import Session
from vshell.views import Alarming


def run(reading: Reading, session: Session) -> object:
    """Run the line and return what its command returned, None for an empty line.

    The result is shown, unless ``let`` keeps it in a variable; of an Alarming one the error is raised
    then. Raises the line's Mistake, or the ShellError of the command.
    """
    if reading.mistake is not None:
        raise reading.error()
    command = reading.command
    if command is None:
        return None
    if reading.watch is not None or reading.tail != SHOWN:
        raise Failed("This version reads filters and watch, but does not run them yet.")
    if reading.common.get("dry_run"):
        _rehearse(command, reading, session)
        return None
    if command.confirm and session.interactive and not reading.common.get("yes"):
        _ask(command, reading, session)
    result = call(command, reading, session)
    alarm = None
    if isinstance(result, Alarming):
        result, alarm = result
    if command.changes:
        session.names.changed()
    if reading.assigns is not None:
        session.variables[reading.assigns] = result
    else:
        show(result, reading, session)
    if alarm is not None:
        raise alarm
    return result


def in_full(reading: Reading) -> Reading:
    """Return the reading of a line of a script; raises Mistake for one with words cut short."""
    short = next((word for word in reading.words if word.full), None)
    if short is None or reading.mistake is not None:
        return reading
    raise reading.error_at(
        f"{quote(short.text)} is short for {short.full}, which only the prompt accepts.",
        f"Write: {reading.masked_in_full}",
        short.start,
    )


def show(result: object, reading: Reading, session: Session) -> None:
    """Show a result as the line and its command's view want it."""
    wishes = {name: reading.common[name] for name in ("output", "columns", "sort") if name in reading.common}
    view = reading.command.view if reading.command else None
    session.out.show(result, view, **cast("dict[str, Any]", wishes))


def question(command: Command, reading: Reading) -> str:
    """Return the question that is asked before the command runs, with the line's values filled in."""
    given = {name: visible(str(value)) for name, value in reading.values.items()}
    shown = {parameter.name: given.get(parameter.name, "") for parameter in command.parameters}
    return (command.confirm or "").format(**shown, target=next(iter(given.values()), ""))


def call(command: Command, reading: Reading, session: Session) -> object:
    """Call the command's function with the values that were given; the others have their defaults."""
    words: list[Any] = []
    options: dict[str, Any] = {}
    for parameter in command.parameters:
        if parameter.name not in reading.values:
            continue
        value = reading.values[parameter.name]
        if parameter.place == "option":
            options[parameter.argument] = value
        elif parameter.place == "rest":
            words += cast("list[Any]", value)
        else:
            words.append(value)
    function: Callable[..., object] = command.function
    return function(session, *words, **options)


def _ask(command: Command, reading: Reading, session: Session) -> None:
    """Ask before something is destroyed; raises Failed when the answer is no."""
    if not session.confirm(question(command, reading)):
        raise Failed("Nothing was changed: the answer was no.", "Add --yes to go ahead without asking.")


def _rehearse(command: Command, reading: Reading, session: Session) -> None:
    """Run the command up to its first change on the server, and tell what that would have been."""
    from vshell.rehearsal import RehearsedApi, WouldSend  # with the whole of HTTP, needed only here

    api = session.api
    session.api = RehearsedApi(api)
    try:
        call(command, reading, session)
    except WouldSend as stopped:
        session.out.note(f"Dry run: {stopped}; nothing was changed.")
    else:
        session.out.note("Dry run: there is nothing to change.")
    finally:
        session.api = api
