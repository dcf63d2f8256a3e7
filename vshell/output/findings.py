"""Findings: what was looked at, how it stands, and below it the next step, as lines of text that fit the terminal.

    ok       server: https://lab.example:8443 answers; it is version 0.1.0
    warning  keyring: it cannot be used: it is locked
             Unlock it, or keep the session in a file: login --store file

The first four columns of the view are what was looked at, its state, the finding and the next step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout, cell
from vshell.terminal.widths import flow

if TYPE_CHECKING:
    from vshell.registry.view import Column

MARGIN = 9
"""Columns of the state with the space behind it."""

WIDTH = 110
"""Columns that a line takes where there is no terminal to fit."""


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write a list of findings."""
    room = max(20, min(look.columns or WIDTH, WIDTH) - MARGIN)
    for record in result if isinstance(result, list) else [result]:
        texts = [cell(record, column) for column in columns] + [""] * 4  # --columns may have left some out
        check, state, finding, next_step = texts[:4]
        lines = flow(f"{check}: {finding}", room)
        lines += flow(next_step, room) if next_step else []
        stream.write(f"{state:<{MARGIN}}{lines[0]}\n")
        for line in lines[1:]:
            stream.write(f"{'':<{MARGIN}}{line}\n")
