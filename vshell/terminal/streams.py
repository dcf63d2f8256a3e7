"""The three standard streams of a program that was started with some of them closed (``<&-``, ``>&-``, ``2>&-``).

What is opened next would get the number of a closed stream, and then take what is meant for a person; and Python has
None in its place. So an empty device stands in: nothing can be read, and what is told goes nowhere. Only results must
not: a token that is shown once would be lost.
"""

from __future__ import annotations

import os
import sys

from vshell.errors import Failed


def stand_in() -> None:
    """Put the empty device in the place of each closed stream; raises Failed where results have nowhere to go."""
    closed = sys.stdout is None
    # In the order of their numbers: what is opened takes the lowest one that is free.
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            stream = open(os.devnull, "r" if name == "stdin" else "w")  # noqa: SIM115 (it stays open to the end)
            setattr(sys, name, stream)
    if closed:
        raise Failed(
            "Standard output is closed, so results have nowhere to go; nothing was done.",
            "Let it lead to a file, or to /dev/null.",
        )
