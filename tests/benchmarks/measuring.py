"""Measure contestants in turn on one machine, and put their figures side by side.

Rules:

- All contestants run in every round, one after the other, so that a busy neighbour slows all of them alike. The
  order turns by one from round to round, and the first round warms up and is not counted.
- What is reported are the median and the best of the rounds, and the ratio of medians to a yardstick that ran in the
  same rounds. Figures of different runs are not comparable.
- A verdict compares a median or a ratio with a bar. Nothing here is asserted: figures belong to a machine.
- A benchmark leaves out a peer whose program is missing, and its notes name the package that has it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import tabulate

Direction = Literal["less", "more"]


@dataclass(frozen=True, slots=True)
class Contestant:
    """Something to measure: ``run`` does it once and returns its figure, in the report's unit."""

    name: str
    run: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Bar:
    """What is to be reached: a limit for the median of ``name``, or for its ratio to that of ``beside``.

    ``percent`` takes another rank than the median: with 95 no more than one figure in twenty is worse.
    """

    name: str
    limit: float
    beside: str | None = None
    percent: int = 50


@dataclass
class Report:
    """Figures of one benchmark; ``better`` says whether less of the unit is better, or more."""

    title: str
    unit: str
    figures: dict[str, list[float]]
    better: Direction = "less"
    yardstick: str | None = None
    bars: Sequence[Bar] = ()
    notes: list[str] = field(default_factory=list)

    def table(self) -> str:
        """Return the figures as a table."""
        best = min if self.better == "less" else max
        rows = []
        for name, figures in self.figures.items():
            row = [name, len(figures), f"{self.median(name):.1f}", f"{best(figures):.1f}"]
            if self.yardstick is not None:
                row.append(f"{self.median(name) / self.median(self.yardstick):.2f}")
            rows.append(row)
        titles = ["", "rounds", f"median, {self.unit}", f"best, {self.unit}"]
        if self.yardstick is not None:
            titles.append(f"x {self.yardstick}")
        right = ("left", *["right"] * (len(titles) - 1))
        return tabulate.tabulate(rows, titles, tablefmt="presto", disable_numparse=True, colalign=right)

    def median(self, name: str) -> float:
        """Return the median of a contestant's figures."""
        return statistics.median(self.figures[name])

    def rank(self, name: str, percent: int) -> float:
        """Return the figure that no more than 100 - ``percent`` in a hundred of a contestant's are worse than."""
        if percent == 50:
            return self.median(name)
        ordered = sorted(self.figures[name], reverse=self.better == "more")
        return ordered[math.ceil(len(ordered) * percent / 100) - 1]

    def verdicts(self) -> list[str]:
        """Return one line for each bar: PASS or SHORT, and by what."""
        lines = []
        for bar in self.bars:
            reached = self.rank(bar.name, bar.percent) / (self.rank(bar.beside, bar.percent) if bar.beside else 1.0)
            passed = reached <= bar.limit if self.better == "less" else reached >= bar.limit
            wanted = f"{'at most' if self.better == 'less' else 'at least'} {bar.limit:g}"
            unit = f"x {bar.beside}" if bar.beside else self.unit
            name = bar.name if bar.percent == 50 else f"{bar.name}, {bar.percent} in 100"
            lines.append(f"{'PASS' if passed else 'SHORT'}  {name}: {reached:.2f} {unit} ({wanted})")
        return lines

    def text(self) -> str:
        """Return all that is to be shown."""
        return "\n".join([self.title, "", self.table(), "", *self.verdicts(), *self.notes])


def in_turn(contestants: Sequence[Contestant], rounds: int) -> dict[str, list[float]]:
    """Run all contestants in every round and return their figures, without the warming-up."""
    figures: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for number in range(rounds + 1):
        turned = number % len(contestants)
        for contestant in (*contestants[turned:], *contestants[:turned]):
            figure = contestant.run()
            if number:
                figures[contestant.name].append(figure)
    return figures
