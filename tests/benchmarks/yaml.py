"""A list of 10,000 records written as YAML by ours, beside the two writers of PyYAML, which is why ours is kept.

The library's writers are set up to give what a program needs of ours: double quotes around all that a version of YAML
could take for something else. The one in C is not in every build of PyYAML, and indents no list.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import yaml

import vshell.commands  # declares the commands  # noqa: F401
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from tests.benchmarks.table import ROWS, _records
from vshell.output.data import write_yaml, yaml_scalar

ROUNDS = 3
OURS, IN_C, IN_PYTHON = "vshell", "PyYAML in C", "PyYAML"


def run(rounds: int) -> list[Report]:
    """Measure and return the report."""
    records = _records()
    contestants = [
        Contestant(OURS, lambda: _timed(lambda: write_yaml(records, (), io.StringIO()))),
        Contestant(IN_PYTHON, lambda: _timed(lambda: _dump(records, yaml.SafeDumper))),
    ]
    if hasattr(yaml, "CSafeDumper"):
        contestants.append(Contestant(IN_C, lambda: _timed(lambda: _dump(records, yaml.CSafeDumper))))
    figures = in_turn(contestants, rounds)
    bars = [Bar(OURS, 0.5, beside=IN_PYTHON)]
    return [Report(f"{ROWS:,} records as YAML", "ms", figures, yardstick=IN_PYTHON, bars=bars)]


def _dump(records: list[dict[str, object]], base: type[yaml.SafeDumper]) -> str:
    dumper = type("Dumper", (base,), {"ignore_aliases": lambda self, data: True})
    dumper.add_representer(str, _represent)
    return yaml.dump(records, Dumper=dumper, sort_keys=False, allow_unicode=True, width=2**31 - 1)


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if yaml_scalar(text) != text else None)


def _timed(write: Callable[[], object]) -> float:
    began = time.perf_counter()
    write()
    return (time.perf_counter() - began) * 1_000
