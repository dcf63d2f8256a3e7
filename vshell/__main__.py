"""The program ``vshell``: from its arguments to one line, a script or the prompt.

How flags and lines are told apart is said in ``vshell.run.program_options``. This is the one place where an error
becomes an exit code, and where no traceback gets past: what nobody foresaw is one sentence, and ``VSHELL_DEBUG=1``
shows where it happened. A reader that goes away (``| head``) is no failure.

What ``--help`` and ``--version`` do not need is imported inside the functions that need it.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

from vshell.errors import Failed, Interrupted, ShellError, describe_fault, render

TYPE_CHECKING = False  # Importing typing would be a tenth of what a Tab in an outer shell takes.
if TYPE_CHECKING:
    from typing import NoReturn

    from vshell.client.connect import ConnectOptions
    from vshell.client.target import Target
    from vshell.output import Output
    from vshell.run.batch import RunOptions
    from vshell.run.program_options import ProgramOptions
    from vshell.session import Session
    from vshell.state.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run the shell with the program's arguments and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--complete"]:  # An outer shell asks, and somebody waits.
        from vshell.completion import shell_tab

        return shell_tab.main(given[1:])
    try:
        return _guarded(given)
    except BrokenPipeError:
        _abandon_output()  # Whoever read it has seen enough.
        return 0


def program() -> NoReturn:
    """Be the program ``vshell``, and end without taking the interpreter apart: that is a tenth of a command."""
    gc.set_threshold(100_000)  # What is imported stays: looking through it for garbage takes a twentieth of a start.
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            if stream is not None:
                stream.flush()
    os._exit(code)


def _guarded(arguments: list[str]) -> int:
    """Return the exit code, having told on standard error what went wrong."""
    try:
        if None in (sys.stdin, sys.stdout, sys.stderr):
            from vshell.terminal import process

            process.replace_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # A name that the terminal cannot show stays legible.
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except ShellError as error:
        _tell(render(error))
        return error.exit_code
    except KeyboardInterrupt:
        _tell("Stopped by Ctrl-C; what was sent before may have been done.")
        return Interrupted.exit_code
    except BrokenPipeError:
        raise
    except Exception as trouble:  # A traceback is shown only where it was asked for.
        if isinstance(trouble, OSError):
            _abandon_output()  # It may be the output that failed, and would again at exit.
        elif os.environ.get("VSHELL_DEBUG"):
            import traceback

            traceback.print_exc()
        _tell(render(describe_fault(trouble)))
        return Failed.exit_code


def _abandon_output() -> None:
    """Let nothing more be written to standard output, not even what waits to be when the program ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        from vshell.terminal.screen import fit_lines

        text = fit_lines(text, sys.stderr)
    print(text, file=sys.stderr)


def _run(arguments: list[str]) -> int:
    from vshell.run import program_options

    wishes = program_options.parse_arguments(arguments)
    if wishes.help:
        print(program_options.format_help())
        return 0
    if wishes.version:
        from vshell import __version__

        print(f"vshell {__version__}")
        return 0
    with ExitStack() as afterwards:
        if wishes.has_prompt and _at_terminal():
            return _prompt(wishes, afterwards)
        return _go(wishes, _session(wishes, afterwards))


def _session(flags: ProgramOptions, afterwards: ExitStack) -> Session:
    """Return the session that the flags, the environment and the settings file describe."""
    from vshell.client import connect
    from vshell.session import Session
    from vshell.state import paths, projects, settings
    from vshell.terminal import questions

    path = paths.settings_file()
    tables = settings.read(path)
    chosen = settings.settings_of(tables, path)
    if tables.get("alias"):
        from vshell.registry.tree import REGISTRY
        from vshell.state import aliases

        REGISTRY.expansions.update(aliases.read_tables(tables, path))
    interactive = _at_terminal()
    wishes = _wishes(flags)
    # Pushed first, so closed last: the embedded server outlives the connection to it.
    servers = afterwards.enter_context(ExitStack())
    local = _embedded(wishes, servers) if flags.local else None
    ask_secret = questions.ask_secret if interactive or _has_terminal() else None
    troubles: list[ShellError] = []
    unsure = troubles.append if interactive and flags.has_prompt and flags.user is None else None
    api = connect.connect(wishes, os.environ, ask_secret, where=local, timeout=chosen.timeout_seconds, unsure=unsure)
    afterwards.callback(api.close)
    session = Session(api, _output(flags, chosen), chosen, interactive=interactive)
    session.troubles = troubles
    session.confirm = (lambda question: True) if flags.yes else questions.confirm
    if interactive:
        from vshell.run.undo import UndoHistory

        session.ask, session.ask_secret = questions.ask, questions.ask_secret
        session.listeners.append(UndoHistory())
    for told in projects.disowned():
        troubles.append(told) if unsure else session.out.note(render(told))
    if flags.token is not None and not flags.token.startswith(("-", "@")):
        from vshell.run.act_as import warn_if_seen

        warn_if_seen(flags.token, session)
    if flags.password not in (None, "-"):
        session.out.note(
            "A password on the command line can be seen by everybody on this machine; "
            "leave out -p to be asked, use '-p -' for standard input, or 'vshell login' once."
        )
    return session


def _wishes(flags: ProgramOptions) -> ConnectOptions:
    from pathlib import Path

    from vshell.client import connect
    from vshell.state import credentials

    return connect.ConnectOptions(
        server=flags.server,
        data=Path(flags.data).expanduser() if flags.data else None,
        token=credentials.token_argument(flags.token, sys.stdin) if flags.token is not None else None,
        username=flags.user,
        password=credentials.password_argument(flags.password, sys.stdin) if flags.password is not None else None,
        lasting=not flags.words and len(flags.lines) != 1,
        dc=flags.dc,
    )


def _embedded(wishes: ConnectOptions, afterwards: ExitStack) -> Callable[[], Target]:
    """Return how the embedded server is found: it is started when somebody first asks where it is."""

    def where() -> Target:
        from dataclasses import replace
        from pathlib import Path

        from vshell.client import connect, embedded_server
        from vshell.state import paths

        named = os.environ.get("VSHELL_DATA")
        directory = wishes.data or (Path(named) if named else paths.data_directory())
        joined = embedded_server.open_server(directory)
        afterwards.callback(joined.close)
        revival = "The embedded server has ended; leave, and begin again with: vshell --local"
        return replace(connect.link_to(joined.server), revival=revival)

    return where


def _output(flags: ProgramOptions, settings: Settings) -> Output:
    from vshell.output import Output

    chosen = flags.output or os.environ.get("VSHELL_OUTPUT") or settings.output
    return Output(sys.stdout, sys.stderr, chosen, times=settings.times)


def _go(flags: ProgramOptions, session: Session) -> int:
    """Run the line, the lines or the script, and return the exit code."""
    _declare_commands()
    from vshell.language.grammar import join, parse
    from vshell.registry.tree import REGISTRY
    from vshell.run import batch, run_line, script

    manner = _manner(flags)
    if flags.words and not manner.has_summary:
        reading = run_line.require_full_words(parse(join(flags.words)), aliases=REGISTRY.expansions)
        result = run_line.run(reading, session)
        if reading.command is not None and reading.command.words[1:] == ("list",):
            from vshell.completion import name_files

            if flags.is_usual and not reading.acts_as:  # Else a Tab could not know for whom they are.
                name_files.learn(reading, result, lambda: session.api.signed_target, flags.place)
        return 0
    lines = [join(flags.words)] if flags.words else flags.lines
    if lines:
        return batch.run(script.number_lines(lines), session, manner).exit_code
    return batch.run_file(flags.file or "-", session, manner).exit_code


def _declare_commands() -> None:
    import vshell.commands  # noqa: F401 (declares them)


def _manner(flags: ProgramOptions) -> RunOptions:
    """Return how the lines are to be run. Raises Mistake for a number of jobs that cannot be."""
    from vshell.run.batch import RunOptions, parse_jobs

    return RunOptions(flags.keep_going, flags.dry_run, parse_jobs(flags.jobs), flags.report)


def _prompt(flags: ProgramOptions, afterwards: ExitStack) -> int:
    """Show the prompt, open the session behind it, and return the exit code of the last line."""
    from vshell.prompt.loop import converse
    from vshell.terminal import questions

    if flags.dry_run or flags.jobs is not None or flags.report is not None:
        from vshell.run import batch

        batch.refuse_script_options(_manner(flags))
    questions.require_prompt()

    began = time.time()

    def found(link: Target) -> None:
        from vshell.completion import name_files

        if flags.is_usual:
            name_files.point(flags.place, name_files.place_of(link), began)

    asks = flags.user or flags.token is not None or flags.local  # or tells something, before the prompt stands
    session = _session_at_prompt(flags, afterwards) if asks else None
    return converse(lambda: session or _session_at_prompt(flags, afterwards), found=found, declare=_declare_commands)


def _session_at_prompt(flags: ProgramOptions, afterwards: ExitStack) -> Session:
    from vshell.output import pager

    session = _session(flags, afterwards)
    if flags.user:
        _ = session.api.signed_target  # A password is asked for before the prompt stands.
    elif flags.server or flags.data or flags.dc:
        _ = session.api.target  # What was asked for by name must be there; nothing is sent yet.
    session.out.paging = pager.paging(os.environ)
    if flags.local:
        from vshell.prompt.greetings import first_greeting

        if text := first_greeting(os.environ):
            session.out.note(text)
    return session


def _at_terminal() -> bool:
    """Return whether a person types and sees what comes of it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _has_terminal() -> bool:
    """Return whether somebody sits at a terminal, even when the streams lead elsewhere."""
    return sys.stderr.isatty()


if __name__ == "__main__":
    program()
