"""Results of commands on the screen or elsewhere, in the format that was asked for.

Rules:

- Results go to standard output, everything else (notes, questions, errors) to standard error.
- ``table``, ``vertical`` and ``markdown`` are for people: vcli's spellings, times in the zone that was chosen. The
  other formats are for programs: the server's field names and values, unchanged, times in UTC.
- Text that came from elsewhere passes ``visible`` before it can reach a terminal.
- On a terminal sentences end their lines at words; no token is ever parted.
- A secret that is shown once, and that the chosen format leaves out, is not lost silently.

``WRITERS`` has the function that writes each format of ``vshell.formats.OUTPUT_FORMATS``, and each layout that no
format names (``tree``). Its module is imported when first used. Behind the class stands what all formats share: how
fields are chosen, ordered, filtered, named and spelled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TextIO, cast

from vshell.errors import Mistake, WrongPart
from vshell.formats import OUTPUT_FORMATS
from vshell.formats.text import visible, without_tokens
from vshell.kinds.times import IN_UTC, Times, parse_time, zone_name
from vshell.registry.conditions import Condition, is_met
from vshell.registry.filters import apply_filters
from vshell.registry.view import SECRET_FIELDS, Column, DisplayOptions, FilterStep, PagedList
from vshell.terminal.screen import ELLIPSIS, ellipsis_for, fit_lines, safe_lines, screen_size

if TYPE_CHECKING:
    from vshell.registry.view import View
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

_WHOLE = ("json", "jsonl", "yaml")
AS_SET = DisplayOptions()
"""How a result is shown where a line does not say."""

NOTHING = "Nothing to show."
"""What is shown to a person of an empty list; elsewhere a list that has nothing is what its format makes of it."""

_WITH_TIMES = ("table", "vertical", "markdown", "tree", "columns", "paragraphs")

Paging = Callable[[TextIO], AbstractContextManager[TextIO]]
"""Opens a stream that shows a page at a time, in place of the terminal's own."""


class Layout(NamedTuple):
    """What the formats for people go by.

    ``columns`` is the width of the terminal, None where nothing has to fit; ``dots`` stands for what is left out in
    the middle of a text.
    """

    times: Times = IN_UTC
    columns: int | None = None
    dots: str = ELLIPSIS


PLAIN = Layout()

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
        text = _sentence(left, None if options.columns else view, times) if name in ("table", "vertical") else None
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
    raise Mistake(f"There is no output format '{visible(name)}'.", f"Choose one of: {', '.join(OUTPUT_FORMATS)}.")


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
    return "vertical" if isinstance(result, Mapping) or layout == "vertical" else "table"


def _has_times(result: object, columns: Sequence[Column]) -> bool:
    """Tell whether a time is shown in one of the first records."""
    records = result[:20] if isinstance(result, list) else [result]
    values = (record.get(column.name) for record in records if isinstance(record, Mapping) for column in columns)
    return any(isinstance(value, str) and parse_time(value) is not None for value in values)


# Names are people's own words: one in the form of a time stays as it is.
_OWN_WORDS = frozenset({"name", "username", "owner", "login_banner"})


def title(name: str) -> str:
    """Return a column's heading by vcli's rule: ``expiry_date`` becomes ``Expiry-date``, ``id`` ``ID``."""
    return "ID" if name == "id" else (name[:1].upper() + name[1:]).replace("_", "-")


def heading(column: Column) -> str:
    """Return the heading of a column: its own, or the one that vcli's rule gives."""
    return visible(column.title or title(column.name))


def spell_for_people(name: str, value: object, times: Times = IN_UTC) -> str:
    """Return a value as vcli shows it: None, True, Python lists, times as YYYY-MM-DD HH:MM:SS."""
    return visible(_spell(name, value, times))


def cell_text(record: object, column: Column, times: Times = IN_UTC) -> str:
    """Return what a record has in a column, for people."""
    return visible(_spell_cell(record, column, times))


def column_texts(records: Sequence[object], column: Column, times: Times = IN_UTC) -> list[str]:
    """Return what each record has in a column, for people; long lists are why it is done a column at a time."""
    name, text = column.name, times.text
    if column.kind is None and all(type(record) is dict for record in records):
        values = [record.get(name) for record in cast("Sequence[dict[str, object]]", records)]
        if name in _OWN_WORDS:
            spelled = list(map(str, values))
        else:
            spelled = [text(value) if type(value) is str else str(value) for value in values]
    else:
        spelled = [_spell_cell(record, column, times) for record in records]
    if "".join(spelled).isprintable():
        return spelled
    return list(map(visible, spelled))


def _spell_cell(record: object, column: Column, times: Times) -> str:
    if not isinstance(record, Mapping):
        return _spell("", record, times)
    value = record.get(column.name)
    if value is not None and column.kind is not None:
        return column.kind.show(value)
    return _spell(column.name, value, times)


def _spell(name: str, value: object, times: Times) -> str:
    return times.text(value) if isinstance(value, str) and name not in _OWN_WORDS else str(value)


def spell_for_programs(value: object) -> str:
    """Return a value as plain text for programs: nothing for null, JSON for what is no text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def choose_columns(
    result: object, names: Sequence[str], view: View | None, *, every_field: bool = False
) -> tuple[Column, ...]:
    """Return the columns to show: those named, else the view's, else every field there is.

    With ``every_field`` the view is passed over, and no columns means "the records as they are".
    Raises Mistake when a name is no field of the result.
    """
    shown = () if view is None else tuple(view.columns)
    if not names:
        if every_field:
            return ()
        return shown or tuple(Column(name) for name in record_fields(result))
    known = {column.name: column for column in shown}
    fields = list_fields(view, result)
    return tuple(known.get(name) or Column(name) for name in (resolve_field(typed, fields) for typed in names))


def select_rows(
    result: object, view: View | None, conditions: Sequence[Condition], sort: str | None, now: datetime
) -> object:
    """Return the records that meet the conditions, in the order of ``sort``; what is no list as it is.

    Raises WrongPart for a column that is not there.
    """
    if not isinstance(result, Iterable) or isinstance(result, str | Mapping):
        return result
    rows = list(result)
    for condition in conditions:
        name = resolve_field(condition.column, list_fields(view, rows))
        rows = [row for row in rows if isinstance(row, Mapping) and is_met(condition, row.get(name), now)]
    return sort_rows(rows, sort, view)


def filter_rows(result: object, steps: Sequence[FilterStep], columns: Sequence[Column], times: Times) -> object:
    """Return what the filters leave; a row shows a word when one of its columns does, however it is spelled."""

    def shows(row: object, word: str) -> bool:
        return any(word.casefold() in text.casefold() for text in _row_texts(row, columns, times))

    return apply_filters(steps, result, shows)


def _row_texts(row: object, columns: Sequence[Column], times: Times) -> Iterable[str]:
    """Yield what is shown in a row: of a record, of a field of one, or of a line."""
    if isinstance(row, tuple):
        name, value = row
        yield from (str(name), spell_for_programs(value), spell_for_people(str(name), value, times))
    elif not isinstance(row, Mapping):
        yield spell_for_programs(row)
    elif columns:
        for column in columns:
            yield cell_text(row, column, times)
            yield spell_for_programs(row.get(column.name))
    else:
        for name, value in row.items():
            yield spell_for_people(str(name), value, times)
            yield spell_for_programs(value)


def sort_rows(rows: list[object], sort: str | None, view: View | None) -> list[object]:
    """Return the rows ordered by the field ``sort``, backwards with a leading minus; empty values last.

    Raises Mistake when no row and no column has that field.
    """
    if not sort:
        return rows
    backwards = sort.startswith("-")
    name = resolve_field(sort.removeprefix("-"), list_fields(view, rows))
    full = [row for row in rows if isinstance(row, Mapping) and row.get(name) is not None]
    empty = [row for row in rows if not (isinstance(row, Mapping) and row.get(name) is not None)]
    return [*sorted(full, key=lambda row: _order(row[name]), reverse=backwards), *empty]


def _order(value: object) -> tuple[int, float, str]:
    """Return a key that compares numbers as numbers and all else as text, without regard to case."""
    if isinstance(value, (int, float)):
        return (0, float(value), "")
    return (1, 0.0, str(value).casefold())


def list_fields(view: View | None, result: object = ()) -> list[str]:
    """Return the names of the fields of a view, and of those that a result has."""
    shown = [] if view is None else [*(column.name for column in view.columns), *view.more]
    return list(dict.fromkeys([*shown, *record_fields(result)]))


def record_fields(result: object) -> list[str]:
    """Return the names of the fields of a record, or of all those in a list."""
    records: Iterable[object] = result if isinstance(result, list | tuple) else [result]
    return list(dict.fromkeys(name for record in records if isinstance(record, Mapping) for name in record))


def resolve_field(typed: str, fields: Sequence[str]) -> str:
    """Return the field that a person means: ``Expiry-date`` and ``expiry_date`` are the same.

    Raises WrongPart when it is none of ``fields``, unless none are known.
    """
    name = typed.strip().lower().replace("-", "_")
    if name in fields or not fields:
        return name
    raise WrongPart(
        f"There is no column '{visible(typed)}'.",
        hint=f"The columns are: {', '.join(map(visible, fields))}.",
        part=typed,
    )
