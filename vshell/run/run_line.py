"""Run one line that was read: ask where it destroys something, call its function, show its result.

Rules:

- A question is asked only when a person sits at both ends, and not with ``--yes``: a script goes ahead.
- A short form is for people: a script has whole words, since a verb that is added later could make it doubtful. An
  alias, which is one by the user's own will, may also begin the arguments of the program.
- ``--dry-run`` runs the command against a server that is only read; what would be sent is told instead.
- Errors are raised, never shown: whoever reads the lines knows how.
- With ``let`` the variable gets what would be shown: the picked and filtered records.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from vshell.client.client import NOTICE_STREAM
from vshell.errors import Failed, ShellError, WrongPart
from vshell.formats.text import quote, visible
from vshell.language.parsed_line import ParsedLine
from vshell.registry.results import Alarming, PagedList
from vshell.registry.tree import Command
from vshell.registry.view import DisplayOptions
from vshell.session import Session


def run(reading: ParsedLine, session: Session) -> object:
    """Run the line and return what its command returned, None for an empty line.

    The result is shown, unless ``let`` keeps it in a variable; of an Alarming one the error is raised
    then. Raises the line's Mistake, or the ShellError of the command.
    """
    if reading.mistake is not None:
        raise reading.error()
    if reading.command is None:
        return None
    if reading.watch is not None:
        _watch(reading, session)
        return None
    result = _once(reading.command, reading, session)
    if session.lesson is not None:
        from vshell.run.tutorial import hear

        hear(reading, result, session)
    return result


def _once(command: Command, reading: ParsedLine, session: Session, *, asks: bool = True) -> object:
    """Run the command as whom and where the line says, and take its result to where the line wants it.

    Without ``asks`` a file that is there is overwritten without a question.
    """
    if reading.acts_as:
        from vshell.run.act_as import acting_as  # one line in many

        with acting_as(reading, session):
            return _taken(command, reading, session, asks=asks)
    return _taken(command, reading, session, asks=asks)


def _taken(command: Command, reading: ParsedLine, session: Session, *, asks: bool) -> object:
    if reading.common.get("dry_run"):
        _rehearse(command, reading, session)
        return None
    if command.changes:
        _require_columns(command, reading)
    if command.confirm and session.interactive and not reading.common.get("yes"):
        _ask(command, reading, session)
    if reading.tail.file is None and reading.tail.shell is None:
        result, alarm = _done(command, reading, session)
    else:
        from vshell.run.redirection import delivered  # a few lines in a thousand

        asking = asks and session.interactive and not session.sources and not reading.common.get("yes")
        with delivered(reading.tail, session.out, session.confirm if asking else None):
            result, alarm = _done(command, reading, session)
    if alarm is not None:
        raise alarm
    return result


def _done(command: Command, reading: ParsedLine, session: Session) -> tuple[object, ShellError | None]:
    """Call the command and show its result, or keep it in a variable; return it with the alarm it raises, if any."""
    result = _called(command, reading, session)
    alarm = None
    if isinstance(result, Alarming):
        result, alarm = result
    if command.changes:
        session.names.changed()
    if reading.assigns is not None:
        with _pointing(reading):
            session.variables[reading.assigns] = session.out.select_rows(wish_of(reading), result, command.view)
    else:
        show(result, reading, session)
    return (result.rows if isinstance(result, PagedList) else result), alarm


def _called(command: Command, reading: ParsedLine, session: Session) -> object:
    """Call the command; at the prompt it is remembered how its change is taken back, if it was the session's own."""
    notices = NOTICE_STREAM.set(session.out.stderr)  # Only now: behind a prompt nothing may be written over it.
    try:
        result = _remembering(command, reading, session)
        return result if _grows(reading, session) else whole(result, session)
    finally:
        NOTICE_STREAM.reset(notices)


def whole(result: object, session: Session) -> object:
    """Return a result with all of its rows, fetching what is missing."""
    if isinstance(result, PagedList):
        return result.whole(session.out.progress("entries", silent=True))
    return result


def _grows(reading: ParsedLine, session: Session) -> bool:
    tail = reading.tail
    to_screen = reading.assigns is None and tail.file is None and tail.shell is None
    return to_screen and session.out.can_show_pages(wish_of(reading, paged=_pages(session)))


def _pages(session: Session) -> bool:
    return session.interactive and not session.sources and session.settings.pager == "auto"


def _remembering(command: Command, reading: ParsedLine, session: Session) -> object:
    if not (command.changes and session.interactive and not session.sources) or reading.acts_as:
        return call(command, reading, session)
    from vshell.run.undo import remembered  # needed only at the prompt

    return remembered(command, reading, session, lambda: call(command, reading, session))


def in_full(reading: ParsedLine, *, own: Mapping[str, str] | None = None) -> ParsedLine:
    """Return the reading of a line of a script; raises Mistake for one with words cut short.

    ``own`` are the user's aliases, with what they stand for, where these may be used.
    """
    allowed = own or {}
    short = next((word for word in reading.words if word.full and allowed.get(word.text) != word.full), None)
    if short is None or reading.mistake is not None:
        return reading
    raise reading.error_at(
        f"{quote(short.text)} is short for {short.full}, which only the prompt accepts.",
        f"Write: {reading.masked_in_full}",
        short.start,
    )


def show(result: object, reading: ParsedLine, session: Session) -> None:
    """Show a result as the line and its command's view want it."""
    with _pointing(reading):
        view = reading.command.view if reading.command else None
        session.out.show_as(wish_of(reading, paged=_pages(session)), result, view)


def wish_of(reading: ParsedLine, *, paged: bool = False) -> DisplayOptions:
    """Return how a line wants its result."""
    common: Mapping[str, Any] = reading.common
    return DisplayOptions(
        common.get("output"),
        common.get("columns", ()),
        common.get("sort"),
        common.get("filter", ()),
        reading.tail.steps,
        common.get("times"),
        paged,
    )


@contextmanager
def _pointing(reading: ParsedLine) -> Iterator[None]:
    """Let what is found wrong within a value be shown under its column of the line."""
    try:
        yield
    except WrongPart as error:
        for word in reading.words:
            if word.role == "value" and word.parameter is not None and word.parameter.common:
                column = reading.line.find(error.part, word.start, word.end)
                if column >= 0:
                    raise reading.error_at(error.sentence, error.hint, column) from None
        raise


def _require_columns(command: Command, reading: ParsedLine) -> None:
    """Raise WrongPart for a column that the result will not have: what is made must not be lost in an error."""
    wish = wish_of(reading)
    asked = [*wish.columns, *(condition.column for condition in wish.conditions)]
    asked += [wish.sort.removeprefix("-")] if wish.sort else []
    if not asked or not command.view.columns:
        return
    from vshell.output.fields import list_fields, resolve_field

    with _pointing(reading):
        for name in asked:
            resolve_field(name, list_fields(command.view))


def _watch(reading: ParsedLine, session: Session) -> None:
    """Run the line's command again and again; raises KeyboardInterrupt at its end only where nobody sits."""
    from vshell.run.redirection import Sheet
    from vshell.run.watch import Watching, require_end
    from vshell.terminal.screen import screen_size

    assert reading.watch is not None
    require_end(reading, attended=session.is_attended)
    assert reading.command is not None
    command, stdout = reading.command, session.out.stdout
    screen = screen_size(stdout) if stdout.isatty() else None

    asks = True

    def one_round() -> str:
        nonlocal asks
        sheet = Sheet(screen)
        with session.out.redirect(sheet):
            _once(command, reading, session, asks=asks)
        asks = False  # The file that is there now is the one that the round before wrote.
        return sheet.getvalue()

    first = next(word for word in reading.words if word.text == command.words[0] or word.full == command.words[0])
    watching = Watching(visible(reading.masked[first.start :]), reading.watch, one_round)
    if screen is None or os.environ.get("TERM") in (None, "dumb"):
        watching.in_blocks(stdout)
        return
    try:
        watching.on_screen(stdout)
    except KeyboardInterrupt:
        if not session.interactive or session.sources:
            raise  # It ends the script too.


def question(command: Command, reading: ParsedLine) -> str:
    """Return the question that is asked before the command runs, with the line's values filled in."""
    given = {name: visible(str(value)) for name, value in reading.values.items()}
    shown = {parameter.name: given.get(parameter.name, "") for parameter in command.parameters}
    return (command.confirm or "").format(**shown, target=next(iter(given.values()), ""))


def call(command: Command, reading: ParsedLine, session: Session) -> object:
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


def _ask(command: Command, reading: ParsedLine, session: Session) -> None:
    """Ask before something is destroyed; raises Failed when the answer is no."""
    if not session.confirm(question(command, reading)):
        raise Failed("Nothing was changed: the answer was no.", "Add --yes to go ahead without asking.")


def _rehearse(command: Command, reading: ParsedLine, session: Session) -> None:
    """Run the command up to its first change on the server, and tell what that would have been."""
    from vshell.client.dry_run import DryRunClient, WouldSend  # with the whole of HTTP, needed only here

    try:
        with session.using(DryRunClient(session.api)):
            call(command, reading, session)
    except WouldSend as stopped:
        session.out.note(f"Dry run: {stopped}; nothing was changed.")
    else:
        session.out.note("Dry run: there is nothing to change.")
