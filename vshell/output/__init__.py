"""Show what a command returned, in the format that was asked for.

Rules:

- Results go to standard output, everything else (notes, questions, errors) to standard error.
- ``table`` and ``vertical`` are for people: vcli's grids, Python's spellings, times in UTC. ``json``,
  ``jsonl``, ``csv`` and ``ids`` are for programs: the server's field names and values, unchanged.
- Text that came from elsewhere passes ``safe`` before it can reach a terminal.

A format, or a layout that no format names (``tree``), is one module of this package, under its name, with one
function ``write``. The formats' names are in ``vshell.views.FORMATS``; a module is imported when first used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TextIO, cast

from vshell.errors import Mistake
from vshell.output.fields import chosen_columns, sorted_rows
from vshell.output.safety import safe, safe_lines
from vshell.views import FORMATS

if TYPE_CHECKING:
    from vshell.views import Column, View

__all__ = ["DEFAULT_FORMAT", "FORMATS", "Output", "safe", "safe_lines"]

DEFAULT_FORMAT = "table"

_FOR_PEOPLE = ("table", "vertical")


class Writer(Protocol):
    """What every format module offers."""

    def write(self, result: object, columns: Sequence[Column], stream: TextIO) -> None:
        """Write a list of records, one record or another value to the stream."""


class Output:
    """Where a shell's results and notes go, and the format that is used when a line names none."""

    def __init__(self, stdout: TextIO, stderr: TextIO, output: str = DEFAULT_FORMAT, *, color: bool = False) -> None:
        """Write results to ``stdout`` and all else to ``stderr``; ``color`` allows colour."""
        self.stdout = stdout
        self.stderr = stderr
        self.format = known_format(output)
        self.color = color

    def show(
        self,
        result: object,
        view: View | None = None,
        *,
        output: str | None = None,
        columns: Sequence[str] = (),
        sort: str | None = None,
    ) -> None:
        """Show what a command returned, nothing for None; ``output`` names another format for this once.

        Raises Mistake for an unknown format or column.
        """
        if result is None:
            return
        name = known_format(output or self.format)
        if isinstance(result, Iterable) and not isinstance(result, (str, Mapping)):
            result = sorted_rows(list(result), sort, view)
        if name in _FOR_PEOPLE:
            text = result if isinstance(result, str) else _sentence(result, None if columns else view)
            if text is not None:
                self.text(text)
                return
        if output is None and name == "table":
            name = _layout(result, view)
        chosen = chosen_columns(result, columns, view, every_field=name in ("json", "jsonl"))
        writer = cast("Writer", import_module(f"vshell.output.{name}"))
        writer.write(result, chosen, self.stdout)

    def text(self, text: str) -> None:
        """Write a text of one or more lines to standard output."""
        self.stdout.write(safe_lines(text).rstrip("\n") + "\n")

    def note(self, text: str) -> None:
        """Tell the person something that is not a result: it goes to standard error."""
        self.stderr.write(safe_lines(text).rstrip("\n") + "\n")
        self.stderr.flush()


def known_format(name: str) -> str:
    """Return the name if it is a format's. Raises Mistake otherwise."""
    if name in FORMATS:
        return name
    raise Mistake(
        f"There is no output format '{safe(name)}'.",
        hint=f"Choose one of: {', '.join(FORMATS)}.",
    )


def _sentence(result: object, view: View | None) -> str | None:
    """Return the view's sentence with the record's fields in their places, None where there is no such."""
    if view is None or view.sentence is None or not isinstance(result, Mapping):
        return None
    try:
        return view.sentence.format_map({name: safe(str(value)) for name, value in result.items()})
    except KeyError:
        return None  # The server said something else; it is shown as it is.


def _layout(result: object, view: View | None) -> str:
    """Return the format that the view's layout, or without one the result's own shape, asks for."""
    layout = "table" if view is None else view.layout
    if layout in ("tree", "columns") and isinstance(result, list):
        return layout
    if layout == "text" and not isinstance(result, str):
        return "json"  # An answer of unknown shape: what the server said, readable.
    if isinstance(result, Mapping):
        return "vertical"
    return "vertical" if layout == "vertical" else "table"
