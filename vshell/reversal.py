"""How a change is taken back: declared beside the command, done by ``undo`` (see ``vshell.undoing``).

A named tuple, as all records of the language: it is as frozen as a dataclass and quicker to import.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Row = Mapping[str, Any]
"""An object as the server shows it."""


class Reversal(NamedTuple):
    """Which object a line changes, and what is sent to give its fields their former values.

    ``path`` is that of the object, with ``{id}`` for the row's; ``find`` returns its row as it is now, by the session
    and the line's values. ``fields`` are those of the row that the command can change; each has a function that makes
    of the former row what is sent for it, by the same name. Such a function returns ``KEEP`` for what cannot be sent.
    """

    path: str
    find: Callable[[Any, Mapping[str, Any]], Row]
    fields: Mapping[str, Callable[[Row], object]]


KEEP = object()
"""Stands for a former value that cannot be given back."""
