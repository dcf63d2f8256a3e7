"""Texts of the manual as they fit the terminal: flowing paragraphs, columns for tables, no markup.

Of reStructuredText it takes what the topics use: titles, paragraphs, lists, definitions, literal blocks and
simple tables. The words stay as they are.
"""

import re
from collections.abc import Iterator, Sequence

from vshell.help.usage import explain_words
from vshell.terminal.widths import flow

_ITEM = re.compile(r"(?:[-*]|[0-9]+\.|-[a-z]) +")
_RULE = re.compile(r"=+( +)=+")
_TITLE = re.compile(r"=+|-+")
_BEHIND = 4
"""Columns by which the rest of a literal line is indented."""


def render_text(text: str, width: int) -> str:
    """Return the text in lines of at most ``width`` columns, but for words that are longer."""
    blocks = re.split(r"\n{2,}", text.strip("\n"))
    shown: list[str] = []
    literal = False
    for block in blocks:
        lines = block.split("\n")
        if literal and lines[0].startswith(" "):
            shown.append("\n".join(_render_literal(lines, width)))
            continue
        literal = lines[-1].endswith("::")
        if block != "::":
            shown.append("\n".join(_render_block(lines, width)))
    return "\n\n".join(shown)


def _render_block(lines: Sequence[str], width: int) -> Iterator[str]:
    if len(lines) > 1 and _TITLE.fullmatch(lines[1]):
        title = flow(_strip_markup(lines[0]), width)
        yield from [*title, lines[1][0] * max(map(len, title))]
    elif _RULE.fullmatch(lines[0]):
        yield explain_words(_rows(lines), width)
    else:
        for paragraph in _paragraphs(lines):
            first = paragraph[0]
            words = _strip_markup(" ".join(line.strip() for line in paragraph))
            yield from _wrap(first[: len(first) - len(first.lstrip())] + words, width, " " * _margin(first))


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines that belong together: an item of a list, a term, what is indented alike."""
    paragraph: list[str] = []
    for line in lines:
        indented = len(line) - len(line.lstrip())
        if paragraph and (_ITEM.match(line.lstrip()) or indented != _margin(paragraph[0])):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    yield paragraph


def _margin(first: str) -> int:
    """Return the column in which the further lines of a paragraph begin."""
    indented = len(first) - len(first.lstrip())
    item = _ITEM.match(first.lstrip())
    return indented + (item.end() if item else 0)


def _render_literal(lines: Sequence[str], width: int) -> Iterator[str]:
    """Yield the lines as they are; one that is too long goes on below, further in."""
    for line in lines:
        indent = len(line) - len(line.lstrip())
        yield from [line] if len(line) <= width else _wrap(line, width, " " * (indent + _BEHIND))


def _wrap(text: str, width: int, margin: str) -> Iterator[str]:
    return (line.rstrip() for line in flow(text, max(width, len(margin) + 10), margin, whole_words=True))


def _rows(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the two cells of each row of a simple table."""
    rule = _RULE.fullmatch(lines[0])
    assert rule is not None
    for line in lines:
        if not _RULE.fullmatch(line):
            yield _strip_markup(line[: rule.start(1)].strip()), _strip_markup(line[rule.end(1) :].strip())


def _strip_markup(text: str) -> str:
    text = text.removesuffix(":") if text.endswith("::") else text
    return re.sub(r"``(.+?)``", r"\1", text)
