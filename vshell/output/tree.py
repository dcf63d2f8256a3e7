"""The tree: records on a line each, every one below its parent, joined by lines.

    L7k8ljIC  web  bob
    ├── c6UmISHU  ci  bob
    │   └── RWDLagfI  deploy  bob
    └── 0MivGn7o  cron  bob

Rules:

- A record whose ``parent_id`` is not among the records is a root. Children stand in the order of the records.
- ASCII is drawn where the stream's encoding has no box characters, and where ``TERM`` is "dumb" or "linux".
- Below ``DEEPEST`` levels nothing is indented further; the level is told in figures instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from vshell.output.fields import PLAIN, Layout, cell
from vshell.terminal.widths import shorten, width

if TYPE_CHECKING:
    from vshell.registry.view import Column

DEEPEST = 40
PLAIN_TERMINALS = ("dumb", "linux")


class Strokes(NamedTuple):
    """What joins a record to its parent: to one with brothers below, to the last; and what passes by, or does not."""

    tee: str
    corner: str
    passing: str
    empty: str


BOX = Strokes("├── ", "└── ", "│   ", "    ")
ASCII = Strokes("|-- ", "`-- ", "|   ", "    ")


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write a list of records as a tree; on a terminal that is too narrow the end of a line is shortened."""
    records = [record for record in result if isinstance(record, Mapping)] if isinstance(result, list) else []
    for lead, record in drawn(records, strokes_for(stream, os.environ.get("TERM", ""))):
        shown = [cell(record, column, look.times) for column in columns if record.get(column.name) is not None]
        first = lead + "".join(shown[:1])
        rest = "".join(f"  {text}" for text in shown[1:])
        if look.columns is not None:
            rest = shorten(rest, max(0, look.columns - width(first)), look.dots)
        stream.write(f"{first}{rest}\n")


def strokes_for(stream: TextIO, term: str) -> Strokes:
    """Return the strokes that a stream can show on a terminal of this type."""
    if term in PLAIN_TERMINALS:
        return ASCII
    try:
        "".join(BOX).encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BOX


def drawn(records: Sequence[Mapping[str, Any]], strokes: Strokes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each record with what stands before it; a chain of any length takes no stack."""
    ids = {record.get("id") for record in records}
    children: dict[object, list[Mapping[str, Any]]] = {}
    for record in records:
        parent = record.get("parent_id")
        children.setdefault(parent if parent in ids else None, []).append(record)
    # What is left to draw, the next one last: record, depth, what stands before its own stroke, whether it is the last.
    left = [(record, 0, "", False) for record in reversed(children.get(None, []))]
    while left:
        record, depth, lead, last = left.pop()
        if depth > DEEPEST:
            yield f"{lead}[{depth}] ", record
            below = lead
        else:
            yield lead + ("" if depth == 0 else strokes.corner if last else strokes.tee), record
            below = lead + ("" if depth == 0 else strokes.empty if last else strokes.passing)
        own = children.get(record.get("id"), [])
        left += [(child, depth + 1, below, child is own[-1]) for child in reversed(own)]
