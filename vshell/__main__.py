"""The program ``vshell``: from its arguments to one line, a script or the prompt.

How flags and lines differ is said in ``vshell.run.program_options``. This is the one place where an error
becomes an exit code, and where no traceback gets past: what was not foreseen is one sentence, and ``VSHELL_DEBUG=1``
shows where it happened. A reader that goes away (``| head``) is no failure.

What ``--help`` and ``--version`` do not need is imported inside the functions that need it.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from contextlib import ExitStack, suppress
from functools import partial

from vshell.errors import Failed, Interrupted, ShellError, describe_fault, render

TYPE_CHECKING = False  # Importing typing would be a tenth of what a Tab in an outer shell takes.
if TYPE_CHECKING:
    from pathlib import Path
    from typing import NoReturn

    from vshell.client.client import Target
    from vshell.client.connect import ConnectOptions
    from vshell.run.batch import RunOptions
    from vshell.run.program_options import ProgramOptions
    from vshell.session import Session


def main(arguments: list[str] | None = None) -> int:
    """Run the shell with the program's arguments and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--complete"]:  # An outer shell calls, and a person waits.
        from vshell.completion import shell_tab

        return shell_tab.main(given[1:])
    try:
        return _run_guarded(given)
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


def _run_guarded(arguments: list[str]) -> int:
    """Return the exit code, what went wrong printed on standard error."""
    try:
        if None in (sys.stdin, sys.stdout, sys.stderr):
            from vshell.terminal import process

            process.replace_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # A name that the terminal cannot show stays legible.
        code = _dispatch(arguments)
        sys.stdout.flush()
        return code
    except ShellError as error:
        _print_error(render(error))
        return error.exit_code
    except KeyboardInterrupt:
        _print_error("Stopped by Ctrl-C; what was sent before may have been done.")
        return Interrupted.exit_code
    except BrokenPipeError:
        raise
    except Exception as trouble:  # A traceback is shown only where it was asked for.
        if isinstance(trouble, OSError):
            _abandon_output()  # It may be the output that failed, and would again at exit.
        elif os.environ.get("VSHELL_DEBUG"):
            import traceback

            traceback.print_exc()
        _print_error(render(describe_fault(trouble)))
        return Failed.exit_code


def _abandon_output() -> None:
    """Let nothing more be written to standard output, not even what waits to be when the program ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_error(text: str) -> None:
    if sys.stderr.isatty():
        from vshell.terminal.screen import fit_lines

        text = fit_lines(text, sys.stderr)
    print(text, file=sys.stderr)


def _dispatch(arguments: list[str]) -> int:
    from vshell.run import program_options

    options = program_options.parse_arguments(arguments)
    if options.help:
        print(program_options.format_help())
        return 0
    if options.version:
        from vshell import __version__

        print(f"vshell {__version__}")
        return 0
    with ExitStack() as afterwards:
        if options.has_prompt and _is_at_terminal():
            return _show_prompt(options, afterwards)
        return _run_lines(options, _open_session(options, afterwards))


def _open_session(options: ProgramOptions, afterwards: ExitStack) -> Session:
    """Return the session that the options, the environment and the settings file describe."""
    from vshell.client import connect
    from vshell.output import Output
    from vshell.session import Session
    from vshell.state import paths, projects, settings
    from vshell.terminal import questions

    path = paths.settings_file()
    tables = settings.read_tables(path)
    chosen = settings.parse_settings(tables, path)
    if tables.get("alias"):
        from vshell.registry.tree import REGISTRY
        from vshell.state import aliases

        REGISTRY.expansions.update(aliases.read_tables(tables, path))
    interactive = _is_at_terminal()
    connect_options = _connect_options(options)
    # Pushed first, so closed last: the embedded server outlives the connection to it.
    servers = afterwards.enter_context(ExitStack())
    local = partial(_find_embedded, connect_options.data, servers) if options.local else None
    ask_secret = questions.ask_secret if interactive or sys.stderr.isatty() else None
    troubles: list[ShellError] = []
    unsure = troubles.append if interactive and options.has_prompt and options.user is None else None
    api = connect.connect(
        connect_options, os.environ, ask_secret, where=local, timeout=chosen.timeout_seconds, unsure=unsure
    )
    afterwards.callback(api.close)
    format_name = options.output or os.environ.get("VSHELL_OUTPUT") or chosen.output
    out = Output(sys.stdout, sys.stderr, format_name, times=chosen.times)
    session = Session(api, out, chosen, interactive=interactive)
    session.troubles = troubles
    session.confirm = (lambda question: True) if options.yes else questions.confirm
    if interactive:
        from vshell.run.undo import UndoHistory

        session.ask, session.ask_secret = questions.ask, questions.ask_secret
        session.listeners.append(UndoHistory())
    if notice := projects.find_warning():
        troubles.append(notice) if unsure else session.out.note(render(notice))
    if options.token is not None and not options.token.startswith(("-", "@")):
        from vshell.run.act_as import warn_if_seen

        warn_if_seen(options.token, session)
    if options.password not in (None, "-"):
        session.out.note(
            "A password on the command line can be seen by everybody on this machine; "
            "leave out -p to be asked, use '-p -' for standard input, or 'vshell login' once."
        )
    return session


def _connect_options(options: ProgramOptions) -> ConnectOptions:
    from pathlib import Path

    from vshell.client import connect
    from vshell.state import identity

    return connect.ConnectOptions(
        server=options.server,
        data=Path(options.data).expanduser() if options.data else None,
        token=identity.read_token_argument(options.token, sys.stdin) if options.token is not None else None,
        username=options.user,
        password=identity.read_password_argument(options.password, sys.stdin) if options.password is not None else None,
        lasting=not options.words and len(options.lines) != 1,
        dc=options.dc,
    )


def _find_embedded(data: Path | None, afterwards: ExitStack) -> Target:
    """Return where the embedded server is, started if need be."""
    from pathlib import Path

    from vshell.client import connect, embedded_server
    from vshell.state import paths

    named = os.environ.get("VSHELL_DATA")
    joined = embedded_server.open_server(data or (Path(named) if named else paths.data_directory()))
    afterwards.callback(joined.close)
    revival = "The embedded server has ended; leave, and begin again with: vshell --local"
    return connect.make_target(joined.server)._replace(revival=revival)


def _run_lines(options: ProgramOptions, session: Session) -> int:
    """Run the line, the lines or the script, and return the exit code."""
    _declare_commands()
    from vshell.language.grammar import parse
    from vshell.language.lexer import join_words
    from vshell.registry.tree import REGISTRY
    from vshell.run import batch, run_line, script

    run_options = _run_options(options)
    if options.words and not run_options.has_summary:
        line = run_line.require_full_words(parse(join_words(options.words)), aliases=REGISTRY.expansions)
        result = run_line.run(line, session)
        if line.command is not None and line.command.words[1:] == ("list",):
            from vshell.completion import name_files

            if options.is_usual and not line.acts_as:  # Else a Tab could not tell whose they are.
                name_files.learn_list(line, result, lambda: session.client.signed_target, options.place)
        return 0
    lines = [join_words(options.words)] if options.words else options.lines
    if lines:
        return batch.run(script.number_lines(lines), session, run_options).exit_code
    return batch.run_file(options.file or "-", session, run_options).exit_code


def _declare_commands() -> None:
    import vshell.commands  # noqa: F401 (declares them)


def _run_options(options: ProgramOptions) -> RunOptions:
    """Return how the lines are to be run. Raises Mistake for a number of jobs that cannot be."""
    from vshell.run.batch import RunOptions, parse_jobs

    return RunOptions(options.keep_going, options.dry_run, parse_jobs(options.jobs), options.report)


def _show_prompt(options: ProgramOptions, afterwards: ExitStack) -> int:
    """Show the prompt, open the session behind it, and return the exit code of the last line."""
    from vshell.prompt.loop import converse
    from vshell.terminal import questions

    if options.dry_run or options.jobs is not None or options.report is not None:
        from vshell.run import batch

        batch.refuse_script_options(_run_options(options))
    questions.require_prompt()

    began = time.time()

    def remember_place(link: Target) -> None:
        from vshell.completion import name_files

        if options.is_usual:
            name_files.write_pointer(options.place, name_files.name_of_file(link), began)

    # What asks or says something does so before the prompt stands.
    is_early = options.user or options.token is not None or options.local
    session = _open_session_at_prompt(options, afterwards) if is_early else None
    return converse(
        lambda: session or _open_session_at_prompt(options, afterwards), found=remember_place, declare=_declare_commands
    )


def _open_session_at_prompt(options: ProgramOptions, afterwards: ExitStack) -> Session:
    from vshell.output import pager

    session = _open_session(options, afterwards)
    if options.user:
        _ = session.client.signed_target  # A password is typed before the prompt stands.
    elif options.server or options.data or options.dc:
        _ = session.client.target  # What was named must be there; nothing is sent yet.
    session.out.paging = partial(pager.show_pages, os.environ)
    if options.local:
        from vshell.prompt.greetings import first_greeting

        if text := first_greeting(os.environ):
            session.out.note(text)
    return session


def _is_at_terminal() -> bool:
    """Return whether a person types and sees what comes of it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


if __name__ == "__main__":
    program()
