"""Redirection of a result: ``> FILE``, ``>> FILE``, ``| save FILE`` and ``|! COMMAND``.

Rules:

- A file is opened before the command runs, so that nothing is made whose secret then has no place to go. It is written
  when the command is done; when the command fails and has written nothing, the file stays as it was.
- A file that did not exist, or that takes a secret, is for its owner alone while a secret is in it (mode 0600).
- At the prompt a person confirms that a file is overwritten; in a script it is meant.
- A command of the system gets what would be on the screen, neutralised when there is one. That it stops reading is no
  failure; its exit code, if it is not 0, is that of the line.
"""

import io
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from vshell.errors import Failed, ShellError
from vshell.formats.text import WHOLE_TOKEN, quote
from vshell.language.parsed_line import Pipeline
from vshell.output import Output
from vshell.terminal.process import leave_ctrl_c
from vshell.terminal.screen import screen_size

Confirm = Callable[[str], bool]
"""Asks a question, and tells whether the answer was yes."""

PRIVATE = 0o600


class Sheet(io.StringIO):
    """What a command writes, held back; ``screen`` is the size of the terminal that it will be shown on, if any."""

    def __init__(self, screen: os.terminal_size | None = None) -> None:
        super().__init__()
        self.screen = screen

    def isatty(self) -> bool:
        """Tell whether what is written reaches a terminal in the end, as it is."""
        return self.screen is not None


@contextmanager
def redirect(tail: Pipeline, out: Output, confirm: Confirm | None) -> Iterator[None]:
    """Take what is written to standard output within the block to where the line directs it.

    ``confirm`` asks before a file is overwritten, which without it just happens. Raises Failed when the file cannot
    be written or the person says no, and for a command that ends with another exit code than 0.
    """
    if tail.file is None and tail.shell is None:
        yield
        return
    file = ResultFile(tail.file, append=tail.append, confirm=confirm) if tail.file is not None else None
    sheet = Sheet(None if file else screen_size(out.stdout))
    out.secret = False
    trouble: ShellError | None = None
    try:
        with out.redirect(sheet):
            yield
    except ShellError as error:
        trouble = error
    except BaseException:
        if file is not None:
            file.leave()
        raise
    text = sheet.getvalue()
    if file is not None:
        if text or trouble is None:
            file.write(text, secret=out.secret or WHOLE_TOKEN.search(text) is not None)
        else:
            file.leave()
    elif tail.shell is not None and (text or trouble is None):
        run_shell_command(tail.shell, text, out.stdout)
    if trouble is not None:
        raise trouble


class ResultFile:
    """A file that a result will be written to, open from the beginning."""

    def __init__(self, path: str, *, append: bool, confirm: Confirm | None) -> None:
        """Open the file, having asked where one is there. Raises Failed."""
        self.path = path
        self._append = append
        self._new = not os.path.lexists(path)
        full = os.path.isfile(path) and os.path.getsize(path) > 0
        if full and not append and confirm is not None and not confirm(f"Overwrite {path}?"):
            raise Failed("Nothing was done: the file is there, and the answer was no.", "Name another file.")
        try:
            flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else 0)
            self._handle = os.open(path, flags, PRIVATE)
        except OSError as error:
            raise _unwritten(path, error) from None

    def write(self, text: str, *, secret: bool) -> None:
        """Write the whole text and close the file; a file with a ``secret`` is for its owner alone."""
        try:
            with os.fdopen(self._handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
                regular = stat.S_ISREG(os.fstat(self._handle).st_mode)
                if regular:
                    self._set_mode(secret)
                if regular and not self._append:
                    os.ftruncate(self._handle, 0)
                stream.write(text)
        except OSError as error:
            raise _unwritten(self.path, error) from None

    def leave(self) -> None:
        """Close the file as it was; one that was made for this is taken away."""
        os.close(self._handle)
        if self._new:
            with suppress(OSError):
                os.unlink(self.path)

    def _set_mode(self, secret: bool) -> None:
        if not hasattr(os, "fchmod"):
            return  # On Windows the modes have no meaning.
        if secret:
            os.fchmod(self._handle, PRIVATE)
        elif self._new:
            umask = os.umask(0o077)
            os.umask(umask)
            os.fchmod(self._handle, 0o666 & ~umask)


def run_shell_command(command: str, text: str, stdout: TextIO) -> None:
    """Run a command of the system with a text as its input. Raises Failed for an exit code other than 0."""
    stdout.flush()
    try:
        inherited: int | None = stdout.fileno()
    except (OSError, ValueError):
        inherited = None  # not a file of the system's: a test's, or a sheet
    with leave_ctrl_c():
        process = subprocess.Popen(  # noqa: S602 (this is what |! is for: the person's own line for their own shell)
            command, shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE if inherited is None else inherited
        )
        printed, _ = process.communicate(text.encode("utf-8", "backslashreplace"))
    if printed:
        stdout.write(printed.decode("utf-8", "replace"))
    code = process.returncode
    if code:
        failed = Failed(f"{quote(command)} ended with exit code {code if code > 0 else 128 - code}.")
        failed.exit_code = code if code > 0 else 128 - code
        raise failed


def _unwritten(path: str, error: OSError) -> Failed:
    why = error.strerror or type(error).__name__
    return Failed(f"The file {quote(path)} cannot be written: {why}.", "Name another file.")
