"""Look for a word in all that help can show: commands with their options and examples, and the topics."""

import re
from collections.abc import Iterator

from vshell import help as manual
from vshell.registry.tree import Command, Registry


def find_mentions(word: str, registry: Registry) -> list[tuple[str, str]]:
    """Return what has the word, in any case: names of commands and topics, each with the line that tells most of it.

    First those whose name has it, then those whose summary has it, then the others; the decisions come last.
    """
    wanted = re.compile(re.escape(" ".join(word.split())), re.IGNORECASE)
    places: list[tuple[int, str, str]] = []
    for command in registry:
        rank, line = _best(wanted, command.name, command.summary, _texts(command))
        places.append((rank, command.name, line))
    for name in manual.topics() + manual.decisions():
        topic = manual.topic(name)
        rank, line = _best(wanted, name.replace("_", " "), topic.summary, iter(topic.text.split("\n")))
        is_decision = name.startswith(manual.DESIGN)
        places.append((_DECISIONS if is_decision and rank < _NOWHERE else rank, name, line))
    return [(name, line) for rank, name, line in sorted(places) if rank < _NOWHERE]


_DECISIONS, _NOWHERE = 3, 4

LONGEST = 70
"""Characters shown of where a word was found."""


def _best(wanted: re.Pattern[str], name: str, summary: str, texts: Iterator[str]) -> tuple[int, str]:
    """Return how near the word is to the name, and the line to show: the summary, or where the word stands."""
    if wanted.search(name):
        return 0, summary
    if wanted.search(summary):
        return 1, summary
    line = next((_excerpt(text.strip(), wanted) for text in texts if wanted.search(text)), None)
    return (_NOWHERE, "") if line is None else (2, line)


def _excerpt(text: str, wanted: re.Pattern[str]) -> str:
    """Return the part of a text around the word, cut between words."""
    match = wanted.search(text)
    if match is None or len(text) <= LONGEST:
        return text
    begin = max(0, match.start() - LONGEST // 2)
    end = max(match.end(), begin + LONGEST)
    before = "" if begin == 0 else "... "
    after = "" if end >= len(text) else " ..."
    begin = begin and min(match.start(), text.find(" ", begin) + 1 or match.start())
    end = len(text) if end >= len(text) else max(match.end(), text.rfind(" ", 0, end))
    return f"{before}{text[begin:end]}{after}"


def _texts(command: Command) -> Iterator[str]:
    yield from (parameter.help for parameter in command.parameters)
    yield from (spelling for parameter in command.parameters for spelling in parameter.spellings)
    yield from (" ".join(paragraph.split()) for paragraph in command.long_help.split("\n\n"))
    yield from command.examples
    yield from (" ".join(alias) for alias in command.aliases)
