"""The manual that ships with the shell: topics in reStructuredText, one file each.

A topic's name is its file's, its summary its title. The decisions, for those who change the shell, are topics too; one
topic, ``design``, stands for them in lists.
"""

import os
import re
from typing import NamedTuple

DESIGN = "design"
_HEADING = re.compile(r"(?m)^(.+)\n-+$")


class Topic(NamedTuple):
    """One topic; ``text`` is the whole file."""

    name: str
    summary: str
    text: str


def topics() -> list[str]:
    """Return the names of all topics but those of the decisions, in their order."""
    return [name for name in _files() if not name.startswith(f"{DESIGN}_")]


def decisions() -> list[str]:
    """Return the names of the topics that tell the decisions, in their order."""
    return [name for name in _files() if name.startswith(f"{DESIGN}_")]


def topic(name: str) -> Topic:
    """Return a topic by its name; only for one of ``topics()`` and ``decisions()``."""
    text = _text(name)
    summary = text.partition("\n")[0] + "."
    return Topic(name, summary, text + "".join(map(_list_headings, decisions())) if name == DESIGN else text)


def _list_headings(name: str) -> str:
    """Return a topic of decisions and their headings, as a paragraph and a list."""
    text = _text(name)
    headings = "\n".join(f"- {heading}" for heading in _HEADING.findall(text))
    return f"\n``help {name}``\n\n{headings}\n"


def _files() -> list[str]:
    files = os.listdir(os.path.dirname(__file__))
    return sorted(name.removesuffix(".rst") for name in files if name.endswith(".rst"))


def _text(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), f"{name}.rst"), encoding="utf-8") as file:
        return file.read()
