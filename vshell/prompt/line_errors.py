"""What is wrong with a line while it is typed: told in the toolbar, underlined in the line.

The word at the cursor is wrong only when nothing that is offered begins with it: ``18`` may become ``180D``.
"""

from collections.abc import Callable

from vshell.formats.text import visible
from vshell.formats.token_format import tokens_in, without_tokens
from vshell.language.parsed_line import ParsedLine, Word

TOKEN = "This is a token; it will be neither run nor kept."  # noqa: S105 (a sentence)


def is_wrong(word: Word, reading: ParsedLine, cursor: int, may_become_right: Callable[[ParsedLine], bool]) -> bool:
    """Tell whether a word is to be called wrong; ``cursor`` is the offset where somebody types, -1 for nowhere."""
    if not word.error and word.role != "unknown":
        return False
    if not word.start <= cursor <= word.end:
        return True
    return cursor == word.end and not reading.open_quote and not may_become_right(reading)


def doubt(reading: ParsedLine, cursor: int, may_become_right: Callable[[ParsedLine], bool]) -> str:
    """Return why the line cannot run as it is typed so far, "" while it may; what is only missing is no fault."""
    if reading.command is None and any(tokens_in(reading.line)):
        return TOKEN
    wrong = (word.error for word in reading.words if is_wrong(word, reading, cursor, may_become_right))
    return visible(without_tokens(next(filter(None, wrong), "")))
