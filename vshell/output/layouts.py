"""Layouts that a command's view asks for: columns, findings, paragraphs and trees.

Columns are a heading and a line for each record, parted by spaces, as Vigo and other programs in Go print lists:

    ID            NAME           PREFIX    CREATED     EXPIRES
    tok_428BFekp  ci-automation  428BFekp  2026-11-21  never

Findings are what was examined, how it stands, and below it the next step:

    ok       server: https://lab.example:8443 answers; it is version 0.1.0
    warning  keyring: it cannot be used: it is locked
             Unlock it, or keep the session in a file: login --store file

Paragraphs are a name with its value, and below them what is to be said of it:

    times = local
      How times are shown to people. (local, utc, relative)

A tree has a line for each record, every one below its parent:

    L7k8ljIC  web  bob
    ├── c6UmISHU  ci  bob
    │   └── RWDLagfI  deploy  bob
    └── 0MivGn7o  cron  bob

Rules:

- In columns a column's kind shows its value even where there is none.
- Findings and paragraphs fit the terminal; in paragraphs nothing is left out.
- In a tree a record whose ``parent_id`` is not among the records is a root. Children stand in the order of the records.
- ASCII is drawn where the stream's encoding has no box characters, and where ``TERM`` is "dumb" or "linux".
- Below ``DEEPEST`` levels nothing is indented further; the level is shown in figures instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from vshell.formats.text import visible
from vshell.output import PLAIN, Layout, cell_text, heading
from vshell.terminal.screen import can_show
from vshell.terminal.widths import flow, pad_all, shorten, widest, width

if TYPE_CHECKING:
    from vshell.registry.view import Column

GAP = "  "

STATE_COLUMNS = 9
"""Columns of a finding's state with the space behind it."""

WIDEST_FINDING = 110
"""Columns that a line takes where there is no terminal to fit."""

_NARROWEST = 8

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


def write_columns(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write the records of a list; of an empty one the headings."""
    records = result if isinstance(result, list) else [result]
    cells = [[heading(column), *(_show_cell(record, column) for record in records)] for column in columns]
    rows = zip(*(pad_all(texts, widest(texts)) for texts in cells), strict=True)
    stream.writelines(GAP.join(row).rstrip() + "\n" for row in rows)


def _show_cell(record: object, column: Column) -> str:
    if column.kind is None or not isinstance(record, dict):
        return cell_text(record, column)
    return visible(column.kind.show(record.get(column.name)))


def write_findings(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write a list of findings: the first four columns are what was examined, its state, the finding, the next step."""
    margin = " " * STATE_COLUMNS
    room = max(STATE_COLUMNS + 20, min(layout.columns or WIDEST_FINDING, WIDEST_FINDING))
    for record in result if isinstance(result, list) else [result]:
        texts = [cell_text(record, column) for column in columns] + [""] * 4  # --columns may have left some out
        check, state, finding, next_step = texts[:4]
        lines = flow(f"{margin}{check}: {finding}", room, margin)
        lines += flow(margin + next_step, room, margin) if next_step else []
        stream.write(f"{state:<{STATE_COLUMNS}}{lines[0][STATE_COLUMNS:]}\n")
        stream.writelines(f"{line}\n" for line in lines[1:])


def write_paragraphs(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write a list of records: the first two columns are the name and the value; the others stand below."""
    for record in result if isinstance(result, list) else [result]:
        texts = [cell_text(record, column, layout.times) for column in columns]
        for number, text in enumerate([" = ".join(texts[:2]), *texts[2:]]):
            margin = GAP if number else ""
            room = None if layout.columns is None else max(_NARROWEST + len(margin), layout.columns)
            stream.writelines(f"{line}\n" for line in flow(margin + text, room, margin))


def write_tree(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write a list of records as a tree; on a terminal that is too narrow the end of a line is shortened."""
    records = [record for record in result if isinstance(record, Mapping)] if isinstance(result, list) else []
    for lead, record in draw_tree(records, strokes_for(stream, os.environ.get("TERM", ""))):
        shown = [cell_text(record, column, layout.times) for column in columns if record.get(column.name) is not None]
        first = lead + "".join(shown[:1])
        rest = "".join(f"  {text}" for text in shown[1:])
        if layout.columns is not None:
            rest = shorten(rest, max(0, layout.columns - width(first)), layout.dots)
        stream.write(f"{first}{rest}\n")


def strokes_for(stream: TextIO, term: str) -> Strokes:
    """Return the strokes that a stream can show on a terminal of this type."""
    return BOX if term not in PLAIN_TERMINALS and can_show("".join(BOX), stream) else ASCII


def draw_tree(records: Sequence[Mapping[str, Any]], strokes: Strokes) -> Iterator[tuple[str, Mapping[str, Any]]]:
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
