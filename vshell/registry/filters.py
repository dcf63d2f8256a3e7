"""Filters that may follow a command: ``apitoken list | match bob | count``.

Rules:

- A filter works on what a command returned, before it is drawn: on the records of a list, the fields of one record,
  the lines of a text. So a table keeps its header, and JSON stays JSON.
- No process is started. ``|!`` starts one, with what is drawn (``vshell.run.redirection``).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from vshell.kinds import Integer, Path, Text
from vshell.registry.tree import Parameter
from vshell.registry.view import FilterStep

FEW = 10
"""How many rows ``first`` and ``last`` show when no number is given, as ``head`` and ``tail`` do."""

Shows = Callable[[object, str], bool]
"""Tells whether a row shows a word, in any of its columns, without regard to case."""


class Filter(NamedTuple):
    """A filter as declared.

    ``keep`` returns the rows that are left of some; without one the filter does something else with the whole, and
    nothing follows it.
    """

    name: str
    explanation: str
    parameter: Parameter | None = None
    keep: Callable[[Sequence[Any], Any, Shows], Sequence[Any]] | None = None


_WORD = Parameter("word", Text("WORD"), "Gives the word.", True, "positional")
_NUMBER = Parameter(
    "number", Integer(1, 1_000_000_000, "N"), f"Says how many; {FEW} if not given.", False, "positional"
)

FILE = Parameter("file", Path(), "Names the file.", True, "positional")
"""What ``save``, ``>`` and ``>>`` write to."""

SHELL = Parameter("command", Text("COMMAND"), "Gives a line for the system's own shell.", True, "rest")
"""What ``|!`` hands the result to."""


def _keep_shown(rows: Sequence[Any], word: Any, shows: Shows) -> Sequence[Any]:
    return [row for row in rows if shows(row, word)]


def _drop_shown(rows: Sequence[Any], word: Any, shows: Shows) -> Sequence[Any]:
    return [row for row in rows if not shows(row, word)]


_DECLARED = (
    Filter("count", "Tell how many there are."),
    Filter("except", "Leave out what shows a word.", _WORD, _drop_shown),
    Filter("first", "Keep the first ones.", _NUMBER, lambda rows, number, shows: rows[: number or FEW]),
    Filter("last", "Keep the last ones.", _NUMBER, lambda rows, number, shows: rows[-(number or FEW) :]),
    Filter("match", "Keep what shows a word.", _WORD, _keep_shown),
    Filter("save", "Write it to a file, as > does.", FILE),
)

FILTERS: Mapping[str, Filter] = {each.name: each for each in _DECLARED}
"""The filters by their names."""

SIGNS: Mapping[str, str] = {
    "|": "Filter the result: " + ", ".join(FILTERS) + ".",
    "|!": "Hand the result to a command of the system.",
    ">": "Write the result to a file.",
    ">>": "Add the result to a file.",
    "\\G": "Show the result vertically.",
}
"""What may follow a command, with one line about each."""


def apply_filters(steps: Sequence[FilterStep], result: object, shows: Shows) -> object:
    """Return what the filters leave of a result: fewer records, fields or lines, or how many there are."""
    for step in steps:
        keep = FILTERS[step.name].keep
        if keep is None:
            return _count_rows(result)
        result = _apply(keep, result, step.value, shows)
    return result


def _apply(keep: Callable[..., Sequence[Any]], result: object, value: object, shows: Shows) -> object:
    if isinstance(result, str):
        return "\n".join(keep(result.splitlines(), value, shows))
    if isinstance(result, Mapping):
        return dict(keep(list(result.items()), value, shows))
    rows = result if isinstance(result, list) else [result]
    return list(keep(rows, value, shows))


def _count_rows(result: object) -> int:
    """Return the number of records or lines; one record is one."""
    if isinstance(result, str):
        return len(result.splitlines())
    return len(result) if isinstance(result, list) else 1
