"""``python -m tests.benchmarks [NAME]... [--rounds N]``: run benchmarks and print their figures, peers beside ours.

A benchmark is a module of this package with ``ROUNDS``, its usual number of rounds, and ``run(rounds)``, which returns
its reports. A peer is one more contestant in them.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys

BENCHMARKS = ("oneshot", "prompt", "batch", "check", "create", "revoke", "tab", "table", "threads", "verify", "yaml")


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that were named, all of them without a name; 1 tells that a bar was not reached."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often to measure")
    wished = parser.parse_args(arguments)
    unknown = set(wished.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    short = False
    for name in wished.names or BENCHMARKS:
        module = importlib.import_module(f"{__package__}.{name}")
        for report in module.run(wished.rounds or module.ROUNDS):
            print(f"\n{report.text()}", flush=True)
            short = short or any(line.startswith("SHORT") for line in report.verdicts())
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
