"""One line: a question where it destroys something, its function called, its result shown.

Rules:

- A question is put only when a person sits at both ends, and not with ``--yes``: a script goes ahead.
- A short form is for people: a script has whole words, since a verb that is added later could make it doubtful. An
  alias, which is one by the user's own will, may also begin the arguments of the program.
- ``--dry-run`` runs the command against a server that is only read; what would be sent is printed instead.
- Errors are raised, never shown: that is for what reads the lines.
- With ``let`` the variable gets what would be shown: the picked and filtered records.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, cast

from vshell.client.client import NOTICE_STREAM
from vshell.errors import Failed, ShellError, WrongPart
from vshell.formats.text import quote, visible
from vshell.language.parsed_line import ParsedLine
from vshell.output import list_fields, resolve_field
from vshell.registry.tree import Command
from vshell.registry.view import Alarming, DisplayOptions, PagedList
from vshell.session import Session


def run(line: ParsedLine, session: Session) -> object:
    """Run the line and return what its command returned, None for an empty line.

    The result is shown, unless ``let`` keeps it in a variable; of an Alarming one the error is raised
    then. Raises the line's Mistake, or the ShellError of the command.
    """
    if line.mistake is not None:
        raise line.error()
    command = line.command
    if command is None:
        return None
    if line.watch is not None:
        from vshell.run.watch import watch_line

        watch_line(line, session, lambda may_ask: _run_command(command, line, session, may_ask=may_ask))
        return None
    result = _run_command(command, line, session)
    for listener in tuple(session.listeners):
        listener.finish(line, result, session)
    return result


def _run_command(command: Command, line: ParsedLine, session: Session, *, may_ask: bool = True) -> object:
    """Run the command as whom and where the line says, and take its result to where the line directs it.

    Without ``may_ask`` a file that is there is overwritten without a question.
    """
    tail = line.tail
    is_redirected = tail.file is not None or tail.shell is not None
    is_asking = session.interactive and not line.common.get("yes")
    is_typed = session.interactive and not session.sources
    options = display_options(line, paged=is_typed and session.settings.pager == "auto")
    alarm: ShellError | None = None
    with ExitStack() as stack:
        if line.acts_as:
            from vshell.run.act_as import acting_as  # one line in many

            stack.enter_context(acting_as(line, session))
        if line.common.get("dry_run"):
            _run_dry(command, line, session)
            return None
        if command.changes:
            _require_columns(command, line, options)
        if command.confirm and is_asking and not session.confirm(fill_question(command, line)):
            raise Failed("Nothing was changed: the answer was no.", "Add --yes to go ahead without asking.")
        if is_redirected:
            from vshell.run.redirection import redirect  # a few lines in a thousand

            may_ask = may_ask and is_asking and is_typed
            stack.enter_context(redirect(tail, session.out, session.confirm if may_ask else None))
        notices = NOTICE_STREAM.set(session.out.stderr)  # Only now: behind a prompt nothing may be written over it.
        try:
            callbacks = [listener.prepare(line, session) for listener in session.listeners]
            result = call_command(command, line, session)
            for callback in filter(None, callbacks):
                callback(result)
            if is_redirected or line.assigns is not None or not session.out.can_show_pages(options):
                result = fetch_all(result, session)
        finally:
            NOTICE_STREAM.reset(notices)
        if isinstance(result, Alarming):
            result, alarm = result
        if command.changes:
            session.names.invalidate()
        with _pointing_at_part(line):
            if line.assigns is not None:
                session.variables[line.assigns] = session.out.select_rows(options, result, command.view)
            else:
                session.out.show(result, command.view, options)
    if alarm is not None:
        raise alarm
    return result.rows if isinstance(result, PagedList) else result


def call_command(command: Command, line: ParsedLine, session: Session) -> object:
    """Call the command's function with the values that were given; the others have their defaults."""
    words: list[Any] = []
    options: dict[str, Any] = {}
    for parameter in command.parameters:
        if parameter.name not in line.values:
            continue
        value = line.values[parameter.name]
        if parameter.place == "option":
            options[parameter.argument] = value
        elif parameter.place == "rest":
            words += cast("list[Any]", value)
        else:
            words.append(value)
    function: Callable[..., object] = command.function
    return function(session, *words, **options)


def fetch_all(result: object, session: Session) -> object:
    """Return a result with all of its rows, fetching what is missing."""
    if isinstance(result, PagedList):
        return result.whole(session.out.progress("entries", silent=True))
    return result


def _run_dry(command: Command, line: ParsedLine, session: Session) -> None:
    """Run the command up to its first change on the server, and print what that would have been."""
    from vshell.client.dry_run import DryRunClient, WouldSend  # with the whole of HTTP, needed only here

    try:
        with session.using(DryRunClient(session.client)):
            call_command(command, line, session)
    except WouldSend as stopped:
        session.out.note(f"Dry run: {stopped}; nothing was changed.")
    else:
        session.out.note("Dry run: there is nothing to change.")


def require_full_words(line: ParsedLine, *, aliases: Mapping[str, str] | None = None) -> ParsedLine:
    """Return a line of a script; raises Mistake for one with words cut short.

    ``aliases`` are the user's, with what they stand for, where these may be used.
    """
    allowed = aliases or {}
    short = next((word for word in line.words if word.full and allowed.get(word.text) != word.full), None)
    if short is None or line.mistake is not None:
        return line
    raise line.error_at(
        f"{quote(short.text)} is short for {short.full}, which only the prompt accepts.",
        f"Write: {line.masked_in_full}",
        short.start,
    )


def display_options(line: ParsedLine, *, paged: bool = False) -> DisplayOptions:
    """Return how a line's result is to be shown."""
    common: Mapping[str, Any] = line.common
    return DisplayOptions(
        common.get("output"),
        common.get("columns", ()),
        common.get("sort"),
        common.get("filter", ()),
        line.tail.steps,
        common.get("times"),
        paged,
    )


def fill_question(command: Command, line: ParsedLine) -> str:
    """Return the question that is put before the command runs, with the line's values filled in."""
    given = {name: visible(str(value)) for name, value in line.values.items()}
    values = {parameter.name: given.get(parameter.name, "") for parameter in command.parameters}
    return (command.confirm or "").format(**values, target=next(iter(given.values()), ""))


def _require_columns(command: Command, line: ParsedLine, options: DisplayOptions) -> None:
    """Raise WrongPart for a column that the result will not have: what is made must not be lost in an error."""
    names = [*options.columns, *(condition.column for condition in options.conditions)]
    names += [options.sort.removeprefix("-")] if options.sort else []
    if not names or not command.view.columns:
        return
    with _pointing_at_part(line):
        for name in names:
            resolve_field(name, list_fields(command.view))


@contextmanager
def _pointing_at_part(line: ParsedLine) -> Iterator[None]:
    """Let what is found wrong within a value be shown under its column of the line."""
    try:
        yield
    except WrongPart as error:
        for word in line.words:
            if word.role == "value" and word.parameter is not None and word.parameter.common:
                column = line.line.find(error.part, word.start, word.end)
                if column >= 0:
                    raise line.error_at(error.sentence, error.hint, column) from None
        raise
