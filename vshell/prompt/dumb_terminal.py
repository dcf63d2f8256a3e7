"""The input line of a dumb terminal: the terminal's own, with neither colour nor menu nor cursor movement."""

from collections.abc import Callable

from vshell.prompt.buffer_lines import Lines
from vshell.prompt.keys import wants_more

MORE = "... "


def read_plain(prompt: str, lines: Lines, ask: Callable[[str], str] = input) -> str:
    """Return what is typed, with the lines that continue it; ``ask`` shows a prompt and reads one line.

    Raises EOFError for Ctrl-D and KeyboardInterrupt for Ctrl-C.
    """
    text = ask(prompt)
    while wants_more(text, lines):
        text += "\n" + ask(MORE)
    return text
