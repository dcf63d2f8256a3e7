"""Records of how a change is taken back: declared beside the command, used by ``vshell.run.undo``."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Row = Mapping[str, Any]
"""An object as the server shows it."""


class Reversal(NamedTuple):
    """Which object a line changes, and what is sent to give it its former values.

    ``path`` is that of the object, with ``{id}`` for the row's; ``find`` returns its row as it is now, by the session
    and the line's values. ``fields`` are those that the command can change, by the names under which they are sent:
    each has a function that makes the value of a row, ``KEEP`` for one that cannot be sent.
    """

    path: str
    find: Callable[[Any, Mapping[str, Any]], Row]
    fields: Mapping[str, Callable[[Row], object]]


KEEP = object()
"""Stands for a former value that cannot be given back."""


def same(*names: str) -> dict[str, Callable[[Row], object]]:
    """Return the fields that are sent as they are shown."""
    return {name: lambda row, name=name: row.get(name) for name in names}  # type: ignore[misc]  # the default binds it


class UndoStep(NamedTuple):
    """One change: ``line`` made it, ``former`` is what is sent to take it back, ``left`` how it left the object.

    ``lost`` names the fields that cannot be given back. ``instead`` says what to do where there is no way back at all.
    """

    line: str
    path: str = ""
    reversal: Reversal | None = None
    former: Mapping[str, object] | None = None
    left: Mapping[str, object] | None = None
    lost: tuple[str, ...] = ()
    instead: str = ""
