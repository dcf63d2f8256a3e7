"""What can go wrong in the shell, sorted by what the person can do about it.

    ShellError
     +-- Mistake       2    the typed line is wrong; nothing was sent
     +-- Failed        1    the server or this machine could not do it
     +-- NotFound      3    there is no such thing, or it is not yours to see
     +-- NotAllowed    4    not signed in, or without the right
     +-- Conflict      5    it clashes with what is there, or a quota is reached
     +-- SlowDown      6    too many requests
     +-- Unreachable   7    no server answered
     +-- Interrupted   130  stopped with Ctrl-C

Rules: an error is one sentence and, where there is one, the next step. The number is the exit code of a
one-line run; ``__main__`` alone turns an error into it. No sentence, hint or line holds a secret: whoever
raises gives a line with its secrets masked.
"""


class ShellError(Exception):
    """Base of all errors that are shown to a person; ``sentence`` says what happened, ``hint`` what to do next.

    ``code`` is the server's word for its refusal, for whoever goes on by it.
    """

    exit_code = 1
    code: str | None = None

    def __init__(self, sentence: str, hint: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class Mistake(ShellError):
    """The typed line is wrong; correct it where the caret points and type it again.

    ``line`` is the line as typed with its secrets masked, ``column`` the 0-based offset of the wrong word
    in it; both are None where the mistake is not in a line (a refused value from the server, a flag).
    """

    exit_code = 2

    def __init__(
        self, sentence: str, hint: str | None = None, *, line: str | None = None, column: int | None = None
    ) -> None:
        super().__init__(sentence, hint)
        self.line = line
        self.column = column


class WrongPart(Mistake):
    """A part of a value is wrong, such as one column of several; ``part`` is that part, as it was typed.

    Whoever has the line points at it there.
    """

    def __init__(self, sentence: str, hint: str | None = None, *, part: str) -> None:
        super().__init__(sentence, hint)
        self.part = part


class Failed(ShellError):
    """The command was understood but could not be done; the sentence says why."""

    exit_code = 1


class NotFound(ShellError):
    """There is no such object, or you may not see it; list the objects to find the right name or id."""

    exit_code = 3


class NotAllowed(ShellError):
    """You are not signed in, or lack the permission; sign in with ``login`` or ask an administrator."""

    exit_code = 4


class Conflict(ShellError):
    """It clashes with what exists, or a quota is reached; the hint says how to make room."""

    exit_code = 5


class SlowDown(ShellError):
    """The server asks for fewer requests; wait a moment and type the line again."""

    exit_code = 6


class Unreachable(ShellError):
    """No server answered; check its address, the network and whether it runs."""

    exit_code = 7


class Interrupted(ShellError):
    """Stopped with Ctrl-C; what was sent before has been done."""

    exit_code = 130


def describe_fault(error: Exception) -> Failed:
    """Return what is shown to a person of an error that was not foreseen: this machine's, or a fault of our own."""
    if isinstance(error, OSError):
        return Failed(f"This machine could not do it: {error.strerror or type(error).__name__}.")
    sentence = f"The shell itself failed with {type(error).__name__}; what was sent before has been done."
    return Failed(sentence, "Run it again with VSHELL_DEBUG=1 to see where, and report it.")


def render(error: ShellError, *, place: str | None = None) -> str:
    """Return the lines that tell a person about ``error``, without a line end after the last.

    ``place`` is "file:line" for a script and leads the sentence. A mistake in a known line shows that line
    with a caret under its column. Control characters are shown as escapes, never sent to the terminal. Of a
    token, which a variable or a paste may have brought into the line, ``***`` is shown.
    """
    from vshell.formats.text import visible, without_tokens  # only for errors: it takes as long as a whole Tab

    sentence = visible(without_tokens(error.sentence))
    lines = [f"{visible(place)}: {sentence}" if place else sentence]
    if isinstance(error, Mistake) and error.line is not None and error.column is not None:
        lines += _point_at(error.line, error.column)
    if error.hint:
        lines.append(visible(without_tokens(error.hint)))
    return "\n".join(lines)


def _point_at(line: str, column: int) -> list[str]:
    """Return the physical line that ``column`` falls on, its tokens hidden, and a caret under it."""
    from vshell.formats.text import tokens_in, visible

    for start, end in reversed(list(tokens_in(line))):
        line = f"{line[:start]}***{line[end:]}"
        column = column - (end - start) + 3 if column >= end else min(column, start)
    column = max(0, min(column, len(line)))
    first = line.rfind("\n", 0, column) + 1
    last = line.find("\n", column)
    before, after = line[first:column], line[column : last if last >= 0 else len(line)]
    shown = visible(before.expandtabs(4))
    return [f"  {shown}{visible(after)}".rstrip(), "  " + " " * _width(shown) + "^"]


def _width(text: str) -> int:
    """Return how many terminal cells ``text`` takes: two for wide East Asian letters, none for marks."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # needed only for such lines

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
