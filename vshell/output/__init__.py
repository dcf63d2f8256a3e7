"""Results of commands on the screen or elsewhere, in the format that was asked for.

Rules:

- Results go to standard output, everything else (notes, questions, errors) to standard error.
- ``table``, ``vertical`` and ``markdown`` are for people: vcli's spellings, times in the zone that was chosen. The
  other formats are for programs: the server's field names and values, unchanged, times in UTC.
- Text that came from elsewhere passes ``visible`` before it can reach a terminal.
- On a terminal sentences end their lines at words; no token is ever parted.
- A secret that is shown once, and that the chosen format leaves out, is not lost silently.

``WRITERS`` has the function that writes each format of ``vshell.formats.OUTPUT_FORMATS``, and each layout that no
format names (``tree``). Its module is imported when first used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, TextIO, cast

from vshell.errors import Mistake
from vshell.formats import OUTPUT_FORMATS
from vshell.formats.text import visible, without_tokens
from vshell.kinds.times import Times, parse_time, zone_name
from vshell.output.fields import Layout, choose_columns, filter_rows, select_rows
from vshell.registry.view import SECRET_FIELDS, DisplayOptions, PagedList
from vshell.terminal.screen import ellipsis_for, fit_lines, safe_lines, screen_size

if TYPE_CHECKING:
    from vshell.registry.view import Column, View
    from vshell.terminal.screen import Progress

__all__ = ["DEFAULT_FORMAT", "WRITERS", "Output"]

DEFAULT_FORMAT = "table"

WRITERS = {
    "table": "grid.write_table",
    "vertical": "grid.write_vertical",
    "json": "data.write_json",
    "jsonl": "data.write_jsonl",
    "csv": "data.write_csv",
    "tsv": "data.write_tsv",
    "yaml": "data.write_yaml",
    "markdown": "grid.write_markdown",
    "ids": "data.write_ids",
    "tree": "layouts.write_tree",
    "columns": "layouts.write_columns",
    "findings": "layouts.write_findings",
    "paragraphs": "layouts.write_paragraphs",
}
"""The functions of this package that write the formats and the layouts."""

_WITH_SENTENCES = ("table", "vertical")
_WHOLE = ("json", "jsonl", "yaml")
AS_SET = DisplayOptions()
"""How a result is shown where a line does not say."""

NOTHING = "Nothing to show."
"""What is shown to a person of an empty list; elsewhere a list that has nothing is what its format makes of it."""

_WITH_TIMES = ("table", "vertical", "markdown", "tree", "columns", "paragraphs")

Paging = Callable[[TextIO], AbstractContextManager[TextIO]]
"""Opens a stream that shows a page at a time, in place of the terminal's own."""


Writer = Callable[[object, "Sequence[Column]", TextIO, Layout], None]
"""Writes a list of records, one record or another value to a stream."""


class Output:
    """Where a shell's results and notes go, and how they are shown where a line does not say.

    ``times`` is how times are spelled for people: "local", "utc" or "relative"; ``paging`` shows long results at a
    prompt a page at a time. ``secret`` tells that a secret was shown since it was last set to False.
    """

    def __init__(
        self,
        stdout: TextIO,
        stderr: TextIO,
        output: str = DEFAULT_FORMAT,
        *,
        times: str = "utc",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Write results to ``stdout`` and all else to ``stderr``."""
        self.stdout = stdout
        self.stderr = stderr
        self.format = require_format(output)
        self.times = times
        self.paging: Paging | None = None
        self.secret = False
        self._clock = clock
        self._zone_noted = False

    @property
    def columns(self) -> int | None:
        """The width of the terminal that results go to, None where they go elsewhere."""
        screen = screen_size(self.stdout) if self.stdout.isatty() else None
        return screen.columns if screen else None

    def show(self, result: object, view: View | None = None, options: DisplayOptions = AS_SET) -> None:
        """Show what a command returned, nothing for None, as a line asks for it.

        Raises Mistake for an unknown format or column.
        """
        if result is None:
            return
        name = require_format(options.output or self.format)
        left = result if isinstance(result, PagedList) else self.select_rows(options, result, view)
        if isinstance(left, Iterable) and not isinstance(left, (str, Mapping)):
            left = list(left)
        rows = left.rows if isinstance(left, PagedList) else left
        if options.output is None and name == "table":
            name = _choose_layout(rows, view)
        times = self._times(options)
        chosen: Sequence[Column] = choose_columns(rows, options.columns, view, every_field=name in _WHOLE)
        if options.steps and isinstance(left, int):
            chosen = ()  # how many there are
        elif options.steps and isinstance(left, Mapping):
            chosen = [column for column in chosen if column.name in left]
        text = _sentence(left, None if options.columns else view, times) if name in _WITH_SENTENCES else None
        with self._page(options) as stream:
            if text is not None:
                shown = safe_lines(text).rstrip("\n")
                stream.write((shown if isinstance(left, str) else fit_lines(shown, self.stdout)) + "\n")
            elif left == [] and name in _WITH_TIMES and self.stdout.isatty():
                stream.write(NOTHING + "\n")
            else:
                layout = Layout(times, self.columns, ellipsis_for(self.stdout))
                find_writer(name)(left, chosen, stream, layout)
        if name in _WITH_TIMES and self.stdout.isatty():
            self._note_zone(rows, chosen, times)
        self._note_secret(result, text, left if name != "ids" else None, chosen)

    def can_show_pages(self, options: DisplayOptions) -> bool:
        """Tell whether a list may be shown while it is fetched: as a whole table, in a pager."""
        is_whole = not (options.steps or options.conditions or options.sort)
        plain = is_whole and require_format(options.output or self.format) == "table"
        on_screen = self.stdout.isatty() and getattr(self.stdout, "screen", None) is None
        return plain and options.paged and self.paging is not None and on_screen

    def select_rows(self, options: DisplayOptions, result: object, view: View | None = None) -> object:
        """Return what is left of a result by the line's conditions and filters, in its order; raises Mistake."""
        if not (options.conditions or options.sort or options.steps):
            return result
        rows = select_rows(result, view, options.conditions, options.sort, self._clock())
        if not options.steps or rows is None:
            return rows
        every_field = require_format(options.output or self.format) in _WHOLE
        chosen = choose_columns(rows, options.columns, view, every_field=every_field)
        return filter_rows(rows, options.steps, chosen, self._times(options))

    def note(self, text: str) -> None:
        """Tell the person something that is not a result: it goes to standard error, and holds no token."""
        self.stderr.write(fit_lines(safe_lines(without_tokens(text)), self.stderr).rstrip("\n") + "\n")
        self.stderr.flush()

    def progress(self, what: str, total: int | None = None, *, silent: bool = False) -> Progress:
        """Return the progress of a piece of work, shown on standard error.

        ``silent`` tells that nothing is written to standard output meanwhile; else it must lead elsewhere.
        """
        from vshell.terminal.screen import Progress

        return Progress(what, total, stream=self.stderr if silent or not self.stdout.isatty() else None)

    @contextmanager
    def redirect(self, stream: TextIO) -> Iterator[None]:
        """Let results go to another stream for the length of a block."""
        before, self.stdout = self.stdout, stream
        try:
            yield
        finally:
            self.stdout = before

    def _times(self, options: DisplayOptions) -> Times:
        """Return how times are spelled: where no person sees it, in UTC unless the line says otherwise."""
        mode = options.times or (self.times if self.stdout.isatty() else "utc")
        return Times(mode, self._clock())

    def _page(self, options: DisplayOptions) -> AbstractContextManager[TextIO]:
        held_back = getattr(self.stdout, "screen", None) is not None
        if options.paged and self.paging is not None and not held_back:
            return self.paging(self.stdout)
        return nullcontext(self.stdout)

    def _note_zone(self, result: object, columns: Sequence[Column], times: Times) -> None:
        """Say once which zone the times are in, when the first ones are shown."""
        if self._zone_noted or times.mode == "relative" or not _has_times(result, columns):
            return
        self._zone_noted = True
        here = zone_name(self._clock())
        zone, other = ("UTC", "local") if times.mode == "utc" else (here, "utc")
        ways = "--times relative" if here == "UTC" else f"--times {other} or --times relative"
        self.note(f"Times are in {zone}; {ways} shows them otherwise.")

    def _note_secret(self, result: object, text: str | None, shown: object, columns: Sequence[Column]) -> None:
        """Note that a secret was shown; one that was not is shown to the person who is there, or said to be lost.

        So ``id=$(vshell apitoken create --output ids)`` has the id alone. No log that takes standard error has a token.
        """
        if not isinstance(result, Mapping):
            return
        for field in SECRET_FIELDS:
            secret = result.get(field)
            if not isinstance(secret, str) or not secret:
                continue
            there = isinstance(shown, Mapping) and field in shown
            chosen = not columns or any(column.name == field for column in columns)
            if secret in text if text is not None else there and chosen:
                self.secret = True
            elif self.stderr.isatty():
                self.secret = True
                sentence = f"The {field}, which is not in the result, is shown here, this once: {visible(secret)}"
                self.stderr.write(fit_lines(sentence, self.stderr) + "\n")
                self.stderr.flush()
            else:
                self.note(f"The {field} was not shown, and nothing shows it again; --output json would have shown it.")
                if field == "token" and result.get("id"):
                    self.note(f"To have a new one in its place: apitoken rotate --id {result['id']}")


def find_writer(name: str) -> Writer:
    """Return the function that writes a format or a layout."""
    module, _, function = WRITERS[name].partition(".")
    return cast("Writer", getattr(import_module(f"vshell.output.{module}"), function))


def require_format(name: str) -> str:
    """Return the name if it is a format's. Raises Mistake otherwise."""
    if name in OUTPUT_FORMATS:
        return name
    raise Mistake(
        f"There is no output format '{visible(name)}'.",
        hint=f"Choose one of: {', '.join(OUTPUT_FORMATS)}.",
    )


def _sentence(result: object, view: View | None, times: Times) -> str | None:
    """Return a text as it is, or the view's sentence with the record's fields in their places; None without either."""
    if isinstance(result, str):
        return result
    if view is None or view.sentence is None or not isinstance(result, Mapping):
        return None
    try:
        return view.sentence.format_map({name: _in_sentence(value, times) for name, value in result.items()})
    except KeyError:
        return None  # The server said something else; it is shown as it is.


def _in_sentence(value: object, times: Times) -> str:
    return visible(times.text(value) if isinstance(value, str) and times.mode != "utc" else str(value))


def _choose_layout(result: object, view: View | None) -> str:
    """Return the format that the view's layout, or without one the result's own shape, asks for."""
    layout = "table" if view is None else view.layout
    if layout in ("tree", "columns", "findings", "paragraphs") and isinstance(result, list):
        return layout
    if layout == "text" and not isinstance(result, str | int | list):
        return "json"  # An answer of unknown shape: what the server said, readable.
    if isinstance(result, Mapping):
        return "vertical"
    return "vertical" if layout == "vertical" else "table"


def _has_times(result: object, columns: Sequence[Column]) -> bool:
    """Tell whether a time is shown in one of the first records."""
    records = result[:20] if isinstance(result, list) else [result]
    values = (record.get(column.name) for record in records if isinstance(record, Mapping) for column in columns)
    return any(isinstance(value, str) and parse_time(value) is not None for value in values)
