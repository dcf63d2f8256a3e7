"""The manual that ships with the shell: topics in reStructuredText, one file each.

A topic's name is its file's, its summary its title.
"""

import os
from typing import NamedTuple


class Topic(NamedTuple):
    """One topic; ``text`` is the whole file."""

    name: str
    summary: str
    text: str


def topics() -> list[str]:
    """Return the names of all topics in their order."""
    files = os.listdir(os.path.dirname(__file__))
    return sorted(name.removesuffix(".rst") for name in files if name.endswith(".rst"))


def topic(name: str) -> Topic:
    """Return a topic by its name; only for one of ``topics()``."""
    with open(os.path.join(os.path.dirname(__file__), f"{name}.rst"), encoding="utf-8") as file:
        text = file.read()
    return Topic(name, text.partition("\n")[0] + ".", text)
