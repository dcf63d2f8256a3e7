"""Make a text of the manual fit the terminal: paragraphs flow, tables become columns, and no markup is left.

What it knows of reStructuredText is what the topics use: titles, paragraphs, lists, definitions, literal blocks and
simple tables. The words stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

from vshell.help.usage import explained

_ITEM = re.compile(r"(?:[-*]|[0-9]+\.|-[a-z]) +")
_RULE = re.compile(r"=+( +)=+")
_TITLE = re.compile(r"=+|-+")
_BEHIND = 4
"""Columns by which the rest of a literal line is indented."""


def flowed(text: str, width: int) -> str:
    """Return the text in lines of at most ``width`` columns, but for words that are longer."""
    blocks = re.split(r"\n{2,}", text.strip("\n"))
    shown: list[str] = []
    literal = False
    for block in blocks:
        lines = block.split("\n")
        if literal and lines[0].startswith(" "):
            shown.append("\n".join(_literal(lines, width)))
            continue
        literal = lines[-1].endswith("::")
        if block != "::":
            shown.append(_block(lines, width))
    return "\n\n".join(shown)


def _block(lines: Sequence[str], width: int) -> str:
    if len(lines) > 1 and _TITLE.fullmatch(lines[1]):
        title = wrap(_plain(lines[0]), width)
        return "\n".join([*title, lines[1][0] * max(map(len, title))])
    if _RULE.fullmatch(lines[0]):
        return explained(_rows(lines), width)
    return "\n".join(line for paragraph in _paragraphs(lines) for line in _filled(paragraph, width))


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


def _filled(paragraph: Sequence[str], width: int) -> list[str]:
    first = paragraph[0]
    before = first[: len(first) - len(first.lstrip())]
    words = _plain(" ".join(line.strip() for line in paragraph))
    return _wrapped(words, width, before, " " * _margin(first))


def _literal(lines: Sequence[str], width: int) -> Iterator[str]:
    """Yield the lines as they are; one that is too long goes on below, further in."""
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())]
        if len(line) <= width:
            yield line
        else:
            yield from _wrapped(line.strip(), width, indent, f"{indent}{' ' * _BEHIND}")


def _wrapped(text: str, width: int, first: str, further: str) -> list[str]:
    return wrap(
        text,
        max(width, len(further) + 10),
        initial_indent=first,
        subsequent_indent=further,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _rows(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the two cells of each row of a simple table."""
    rule = _RULE.fullmatch(lines[0])
    assert rule is not None
    for line in lines:
        if not _RULE.fullmatch(line):
            yield _plain(line[: rule.start(1)].strip()), _plain(line[rule.end(1) :].strip())


def _plain(text: str) -> str:
    text = text.removesuffix(":") if text.endswith("::") else text
    return re.sub(r"``(.+?)``", r"\1", text)
