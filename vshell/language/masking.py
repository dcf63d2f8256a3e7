"""Lines without their secrets, as the history, reports and records of a script hold them."""

import re

from vshell.formats.text import tokens_in
from vshell.language.parsed_line import ParsedLine

HIDDEN = "***"
"""What stands for a secret in a line that is stored or shown."""


# Where secrets usually stand in a line that the grammar did not understand, and in JSON.
_OPTION = re.compile(r"(?<!\S)(-p|--[\w-]*(?:password|passwd|secret|token))(?:\s*=\s*|\s+)('[^']*'|\"[^\"]*\"|\S+)")


_FIELD = re.compile(
    r"""(\\?["'][^"'\\\s]*(?:password|passwd|secret|token|refresh|access)\\?["']\s*:\s*)\\?"(?:[^"\\]|\\(?!").)*\\?\"""",
    re.IGNORECASE,
)


_QUOTING = re.compile(r"[\\'\"\n]")


def mask_line(line: ParsedLine) -> str | None:
    """Return the line with its secrets hidden, None where they cannot be told from the rest."""
    text = _FIELD.sub(rf'\1"{HIDDEN}"', line.masked.rstrip())
    if line.mistake is not None:
        text = _OPTION.sub(rf"\1 {HIDDEN}", text)
    # A token typed with quotes or backslashes in it is a token none the less.
    if text.strip() == HIDDEN or any(tokens_in(text)) or any(tokens_in(_QUOTING.sub("", text))):
        return None
    return text
