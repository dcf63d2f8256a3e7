"""A list of 10,000 records drawn as a table, 7 columns wide, beside those who draw tables in Python.

Ours is to be drawn in 200 ms, times spelled and texts made safe included, and its first rows long before that. The
peers get texts that are ready, so they do less: tabulate, and cli_helpers, with which litecli, mycli and pgcli draw.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import os
import time
from collections.abc import Callable, Sequence

import tabulate

import vshell.commands  # declares the commands  # noqa: F401
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from vshell.commands.apitoken import LIST
from vshell.output import Output, cell_text, heading

ROUNDS = 15
ROWS = 10_000
WHOLE, FIRST, NARROW, PEER, HELPERS = "vshell", "vshell, first rows", "vshell, 80 columns", "tabulate", "cli_helpers"
NO_HELPERS = "cli_helpers is left out, for it is missing: pip install cli-helpers"


class Sink(io.StringIO):
    """Takes what is drawn, and the time when the first of it came."""

    def __init__(self, columns: int | None = None) -> None:
        super().__init__()
        self.columns = columns
        self.first = 0.0

    def isatty(self) -> bool:
        """Tell whether it plays a terminal."""
        return self.columns is not None

    @property
    def screen(self) -> os.terminal_size | None:
        """The size of the terminal that it plays, if any."""
        return os.terminal_size((self.columns, 24)) if self.columns else None

    def write(self, text: str) -> int:
        """Take a text."""
        self.first = self.first or time.perf_counter()
        return super().write(text)


def run(rounds: int) -> list[Report]:
    """Measure and return the report."""
    records = _records()
    titles = [heading(column) for column in LIST.columns]
    texts = [[cell_text(record, column) for column in LIST.columns] for record in records]
    contestants = [
        Contestant(WHOLE, lambda: _drawn(records, Sink())[1]),
        Contestant(FIRST, lambda: _drawn(records, Sink())[0]),
        Contestant(NARROW, lambda: _drawn(records, Sink(80))[1]),
        Contestant(PEER, lambda: _timed(lambda: tabulate.tabulate(texts, titles, "psql", disable_numparse=True))),
    ]
    notes = [NO_HELPERS]
    if importlib.util.find_spec("cli_helpers") is not None:
        notes = []
        contestants.append(Contestant(HELPERS, lambda: _timed(lambda: _helpers(texts, titles))))
    figures = in_turn(contestants, rounds)
    bars = [Bar(WHOLE, 200), Bar(NARROW, 200), Bar(WHOLE, 0.5, beside=PEER)]
    return [Report(f"{ROWS:,} records as a table", "ms", figures, yardstick=PEER, bars=bars, notes=notes)]


def _drawn(records: Sequence[object], sink: Sink) -> tuple[float, float]:
    """Draw the records; return the milliseconds to the first rows and to the last."""
    out = Output(sink, io.StringIO(), times="local")
    began = time.perf_counter()
    out.show(records, LIST)
    return (sink.first - began) * 1_000, (time.perf_counter() - began) * 1_000


def _timed(draw: Callable[[], object]) -> float:
    began = time.perf_counter()
    draw()
    return (time.perf_counter() - began) * 1_000


def _helpers(texts: Sequence[Sequence[str]], titles: Sequence[str]) -> str:
    module = importlib.import_module("cli_helpers.tabular_output")
    return "\n".join(module.TabularOutputFormatter("psql").format_output(texts, titles))


def _records() -> list[dict[str, object]]:
    """Return tokens as the server lists them; every second was used, every third is revoked."""
    return [
        {
            "id": f"428{number:05}",
            "name": f"nightly backup {number}",
            "owner": f"manager{number % 97}",
            "created": "2026-11-21T22:00:00.000000Z",
            "expiry_date": f"2027-0{1 + number % 9}-1{number % 10}T2{number % 4}:{number % 60:02}:00.{number:06}Z",
            "last_used": f"2026-11-2{number % 10}T1{number % 10}:{number % 60:02}:05.000000Z" if number % 2 else None,
            "revoked": number % 3 == 0,
            "revocation_time": "2026-11-21T23:00:00.000000Z" if number % 3 == 0 else None,
        }
        for number in range(ROWS)
    ]
