"""Run many lines: a file, standard input, or those given with ``-c``.

Rules:

- Lines are run one by one as they arrive, so that a pipe without an end works; nothing is read ahead.
- A line that ends in a backslash goes on in the next one. A quote does not: it must be closed on its line, or an
  apostrophe too many would swallow the rest of the script.
- The first line that fails is printed as ``file:line: sentence`` and ends the run, unless it is to keep going.
- Ctrl-C ends the run and tells at which line; what was sent before has been done.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import UnsupportedOperation
from typing import TextIO

from vshell.errors import Failed, Interrupted, Mistake, NotFound, ShellError
from vshell.language.grammar import parse
from vshell.language.lexer import split_line
from vshell.language.parsed_line import ParsedLine
from vshell.run import run_line
from vshell.run.results import Line, LineResult, Summary
from vshell.session import Session
from vshell.terminal import questions

LONGEST_LINE = 1_048_576
"""Characters that a line may have, with those that continue it: what a server would take at most."""

NO_UTF8 = "This line is not UTF-8."

DEEPEST = 16
"""How many scripts may run one another."""


def read_lines(stream: TextIO, source: str) -> Iterator[Line]:
    """Yield the lines of a stream as they arrive, continued ones joined; ``source`` names it in messages."""
    number = 0
    while True:
        first = number + 1
        try:
            text, count = _whole_line(stream)
        except UnicodeDecodeError:
            yield Line(source, first, "", NO_UTF8)  # about here; what follows cannot be read
            return
        if not text:
            return
        number += count
        problem = _problem(text)
        if first == 1:
            text = text.removeprefix("\ufeff")  # a byte order mark, as editors on Windows write it
        yield Line(source, first, "" if problem else text.rstrip("\r\n"), problem)


def number_lines(texts: Sequence[str]) -> list[Line]:
    """Return lines that were given as arguments, numbered from 1."""
    return [Line("-c", number, text) for number, text in enumerate(texts, 1)]


def open_script(path: str) -> TextIO:
    """Open a script for reading, "-" for standard input, which the caller closes; raises NotFound or Failed."""
    if path == "-":
        if sys.stdin.isatty():
            questions.require_prompt()  # what is typed line by line is one too
        # Bytes that are no UTF-8 are reported with their line instead of ending the run somewhere near it. That
        # cannot be had any more when something, such as a password, was already read from the stream.
        if hasattr(sys.stdin, "reconfigure"):
            with suppress(UnsupportedOperation):
                sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
        return sys.stdin
    try:
        return open(path, encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        raise NotFound(f"There is no script {path}.", "Check the path.") from None
    except OSError as error:
        raise Failed(f"The script {path} cannot be read: {error.strerror}.") from None


def count_lines(path: str) -> int | None:
    """Return how many lines of a script have something to run, None for one that can be read only once."""
    if path == "-" and sys.platform == "linux":
        path = "/dev/stdin"  # opened anew there: what is read of it is not taken from the run
    if not os.path.isfile(path):
        return None
    with open_script(path) as stream:
        texts = (line.text.strip() for line in read_lines(stream, path))
        return sum(1 for text in texts if text and not text.startswith("#"))


@contextmanager
def open_lines(path: str, session: Session) -> Iterator[Iterator[Line]]:
    """Give the lines of the script at ``path``, which is one of the session's sources for the length of the block.

    Raises ShellError when it cannot be opened or runs itself without end.
    """
    if len(session.sources) >= DEEPEST:
        raise Failed(f"{path} is run by a script that it runs itself.", "Take one of the two out.")
    stream = open_script(path)
    source = "<stdin>" if path == "-" else path
    session.sources.append(source)
    try:
        yield read_lines(stream, source)
    finally:
        session.sources.pop()
        if stream is not sys.stdin:
            stream.close()


def run_in_turn(lines: Iterable[Line], session: Session, tally: Summary, *, keep_going: bool) -> None:
    """Run the lines in their order until one fails, or all of them to ``keep_going``; failures are noted."""
    last: Line | None = None
    running = False
    try:
        for line in lines:
            last, running = line, True
            done = run_script_line(line, session, tally.clock)
            if done is not None:
                tally.add(done)
            running = False
            session.out.stdout.flush()
            if session.leaving or (done is not None and ends_script(done, keep_going=keep_going)):
                break
    except KeyboardInterrupt:
        session.out.note(describe_stop(last, running))
        tally.stop(Interrupted.exit_code)


def ends_script(done: LineResult, *, keep_going: bool) -> bool:
    """Tell whether a line ends the script."""
    return done.error is not None and (not keep_going or isinstance(done.error, Interrupted))


def run_script_line(line: Line, session: Session, clock: Callable[[], float]) -> LineResult | None:
    """Run one line and return what became of it, None where there was nothing to run."""
    began = clock()
    parsed: ParsedLine | None = None
    try:
        parsed = read_line(line, session)
        if parsed.empty:
            return None
        result = run_line.run(parsed, session)
        return LineResult(line, parsed, clock() - began, result)
    except ShellError as error:
        return LineResult(line, parsed, clock() - began, error=error)


def read_line(line: Line, session: Session) -> ParsedLine:
    """Return what a line means; raises Mistake for one that cannot be read."""
    if line.problem is not None:
        raise Mistake(line.problem)
    return run_line.require_full_words(parse(line.text, registry=session.registry, variables=session.variables))


def _whole_line(stream: TextIO) -> tuple[str, int]:
    """Return the next line with those that continue it, and how many they are; an empty text at the end.

    Of a line that is too long a part is returned, and the rest is passed over.
    """
    text = stream.readline(LONGEST_LINE + 1)
    count = 1
    while len(text) <= LONGEST_LINE and _continues(text):
        more = stream.readline(LONGEST_LINE + 1)
        if not more:
            break
        text += more
        count += 1
    if len(text) > LONGEST_LINE:
        rest = text
        while rest and not rest.endswith("\n"):
            rest = stream.readline(LONGEST_LINE)
    return text, count


def _continues(text: str) -> bool:
    """Tell whether the next line belongs to this one: a backslash stands before the line end, in no comment."""
    line = text.rstrip("\r\n")
    return line.endswith("\\") and line != text and split_line(line).backslash


def _problem(text: str) -> str | None:
    """Return why a line cannot be read, or None."""
    if len(text) > LONGEST_LINE:
        return f"This line is longer than {LONGEST_LINE} characters."
    try:
        text.encode()
    except UnicodeEncodeError:
        return NO_UTF8
    return None


def describe_stop(last: Line | None, running: bool) -> str:
    """Return what is printed after Ctrl-C: the line that was begun ``last``, and whether it was still running."""
    if last is None:
        return "Stopped by Ctrl-C before the first line."
    if running:
        return f"{last.place}: stopped by Ctrl-C in this line; those before it are done, it may be."
    return f"{last.place}: stopped by Ctrl-C behind this line; it and those before it are done."
