"""Colours of what is typed: each word by its role and its kind, a wrong one underlined.

A secret is shown as stars while it is typed. The word at the cursor is wrong once nothing that may stand there
begins with it.
"""

from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import split_lines
from prompt_toolkit.lexers import Lexer

from vshell.formats.text import tokens_in
from vshell.language.parsed_line import ParsedLine, Word
from vshell.prompt.input_line import LineParser, is_wrong, logical_lines

_HIDDEN = "*"


class LineLexer(Lexer):
    """Gives each line of the editor its colours."""

    def __init__(self, lines: LineParser, may_become_right: Callable[[ParsedLine], bool] = lambda parsed: True) -> None:
        """``may_become_right`` tells whether what is typed at a line's cursor is a beginning."""
        self._lines = lines
        self._may_become_right = may_become_right

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return the function that gives the coloured text of one physical line."""
        cursor = -1 if get_app().is_done else document.cursor_position
        fragments = color_text(document.text, self._lines, cursor, self._may_become_right)
        physical = list(split_lines(fragments))
        return lambda number: physical[number] if number < len(physical) else []

    def invalidation_hash(self) -> object:
        """Return what the colours depend on besides the text: where the cursor is."""
        app = get_app()
        return app.is_done, app.current_buffer.cursor_position


def color_text(
    text: str, lines: LineParser, cursor: int = -1, may_become_right: Callable[[ParsedLine], bool] = lambda parsed: True
) -> StyleAndTextTuples:
    """Return ``text`` in parts with their style classes; the parts joined are as long as the text."""
    fragments: StyleAndTextTuples = []
    at = 0
    for span in logical_lines(text):
        fragments.append(("", text[at : span.start]))
        here = cursor - span.start if span.start <= cursor <= span.end else -1
        parsed = lines.parse(text[span.start : span.end], here if here >= 0 else None)
        fragments += _line(parsed, here, may_become_right)
        at = span.end
    return fragments


def _line(parsed: ParsedLine, cursor: int, may_become_right: Callable[[ParsedLine], bool]) -> StyleAndTextTuples:
    fragments: StyleAndTextTuples = []
    at = 0
    shown = mask_secrets(parsed)
    for word in parsed.words:
        fragments.append(("", shown[at : word.start]))
        wrong = is_wrong(word, parsed, cursor, may_become_right)
        fragments.append(("class:mistake" if wrong else style_of(word), shown[word.start : word.end]))
        at = word.end
    fragments.append(("", shown[at:]))
    return fragments


def mask_secrets(parsed: ParsedLine) -> str:
    """Return the line as it is shown while it is typed: a star for each character of a secret."""
    text = parsed.line
    spans = [(word.start, word.end) for word in parsed.words if word.secret]
    for start, end in (*spans, *tokens_in(text)):
        text = text[:start] + "".join("\n" if c == "\n" else _HIDDEN for c in text[start:end]) + text[end:]
    return text


def style_of(word: Word) -> str:
    """Return the style class of a word that is not wrong."""
    if word.role in ("value", "positional"):
        return f"class:value.{word.parameter.kind.style}" if word.parameter else "class:value"
    return "" if word.role == "unknown" else f"class:{word.role}"
