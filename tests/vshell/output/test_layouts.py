"""Columns, findings, paragraphs and trees."""

from __future__ import annotations

import io
from typing import Any

import pytest

from vshell.commands.auth import Day, MarkedId
from vshell.output import Layout, Output, layouts
from vshell.output.layouts import ASCII, BOX, DEEPEST, Strokes, draw_tree, strokes_for
from vshell.registry.view import Column, DisplayOptions, View

TOKEN_COLUMNS = (Column("id", "ID", MarkedId()), Column("name", "NAME"), Column("expiry_date", "EXPIRES", Day()))


def draw_columns(result: object) -> list[str]:
    """Return the lines."""
    stream = io.StringIO()
    layouts.write_columns(result, TOKEN_COLUMNS, stream)
    return stream.getvalue().splitlines()


def test_each_column_is_as_wide_as_its_widest_cell() -> None:
    rows = [
        {"id": "428BFekp", "name": "ci-automation", "expiry_date": "2026-04-15T00:00:00.000000Z"},
        {"id": "428BFekq", "name": "日本", "expiry_date": None},
    ]
    assert draw_columns(rows) == [
        "ID            NAME           EXPIRES",
        "tok_428BFekp  ci-automation  2026-04-15",
        "tok_428BFekq  日本           never",
    ]


def test_nothing_is_a_line_of_headings() -> None:
    assert draw_columns([]) == ["ID  NAME  EXPIRES"]


def test_one_record_is_a_line() -> None:
    assert draw_columns({"id": "428BFekp", "name": "a"})[1:] == ["tok_428BFekp  a     never"]


def test_nothing_steers_the_terminal() -> None:
    assert "\x1b" not in "".join(draw_columns([{"id": "\x1b[2J", "name": "\x1b]0;x\x07", "expiry_date": "\x1b"}]))
    assert draw_columns([7])[1].startswith("7")


FINDING_COLUMNS = tuple(map(Column, ("check", "state", "finding", "next_step")))
GOOD = {"check": "clock", "state": "ok", "finding": "both agree", "next_step": ""}
BAD = {"check": "files", "state": "wrong", "finding": "x is open to others", "next_step": "chmod go-rwx 'x'"}


def write_findings(
    *records: dict[str, str], columns: tuple[Column, ...] = FINDING_COLUMNS, width: int | None = None
) -> list[str]:
    """Return the lines."""
    stream = io.StringIO()
    layouts.write_findings(list(records), columns, stream, Layout(columns=width))
    return stream.getvalue().splitlines()


def test_the_next_step_stands_below_what_was_found() -> None:
    assert write_findings(GOOD, BAD) == [
        "ok       clock: both agree",
        "wrong    files: x is open to others",
        "         chmod go-rwx 'x'",
    ]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_fit_the_terminal(width: int) -> None:
    long = {**BAD, "finding": "word " * 40, "next_step": "step " * 40}
    assert max(map(len, write_findings(long, width=width))) <= max(width, 29)


def test_nothing_reaches_the_terminal_raw() -> None:
    assert "\x1b" not in "".join(write_findings({**BAD, "finding": "\x1b]52;c;x\a"}))


def test_fewer_columns_are_shown_as_far_as_they_go() -> None:
    assert write_findings(GOOD, columns=FINDING_COLUMNS[:2]) == ["ok       clock: "]


SETTING_COLUMNS = (Column("setting"), Column("value"), Column("explanation"))
ROWS = [
    {"setting": "times", "value": "local", "explanation": "How times are shown. (local, utc)"},
    {"setting": "timeout_seconds", "value": 30, "explanation": "How long."},
]


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (
            None,
            "times = local\n  How times are shown. (local, utc)\ntimeout_seconds = 30\n  How long.\n",
        ),
        (
            24,
            "times = local\n  How times are shown.\n  (local, utc)\ntimeout_seconds = 30\n  How long.\n",
        ),
    ],
)
def test_all_is_said_at_any_width(columns: int | None, shown: str) -> None:
    stream = io.StringIO()
    layouts.write_paragraphs(ROWS, SETTING_COLUMNS, stream, Layout(columns=columns))
    assert stream.getvalue() == shown


def test_one_column_stands_alone() -> None:
    stream = io.StringIO()
    layouts.write_paragraphs(ROWS, SETTING_COLUMNS[:1], stream)
    assert stream.getvalue() == "times\ntimeout_seconds\n"


FAMILY = [
    {"id": "a", "parent_id": None, "name": "one"},
    {"id": "b", "parent_id": "a", "name": "two"},
    {"id": "c", "parent_id": "b", "name": None},
    {"id": "d", "parent_id": "a", "name": "four\x1b[2J"},
    {"id": "e", "parent_id": "gone", "name": "five"},
]
VIEW = View((Column("id"), Column("name")), layout="tree")


def tree_lines(records: list[dict[str, Any]], strokes: Strokes = BOX) -> list[str]:
    return [lead + str(record["id"]) for lead, record in draw_tree(records, strokes)]


def test_each_stands_below_its_parent() -> None:
    assert tree_lines(FAMILY) == ["a", "├── b", "│   └── c", "└── d", "e"]
    assert tree_lines(FAMILY, ASCII) == ["a", "|-- b", "|   `-- c", "`-- d", "e"]
    assert tree_lines(FAMILY[::-1]) == ["e", "a", "├── d", "└── b", "    └── c"]


def test_the_layout_is_for_people_and_any_format_for_programs() -> None:
    out = Output(stream := io.StringIO(), io.StringIO())
    out.show(FAMILY, VIEW)
    assert stream.getvalue().splitlines()[2:4] == ["│   └── c", "└── d  four\\x1b[2J"]
    out = Output(stream := io.StringIO(), io.StringIO())
    out.show(FAMILY[:1], VIEW, DisplayOptions("table"))
    out.show(FAMILY[:1], VIEW, DisplayOptions("ids"))
    assert stream.getvalue().splitlines()[0].startswith("+--")
    assert stream.getvalue().splitlines()[-1] == "a"


@pytest.mark.parametrize(
    ("encoding", "term", "strokes"),
    [("utf-8", "xterm", BOX), ("ascii", "xterm", ASCII), ("latin-1", "", ASCII), ("utf-8", "dumb", ASCII)],
)
def test_plain_terminals_get_plain_strokes(encoding: str, term: str, strokes: Strokes) -> None:
    assert strokes_for(io.TextIOWrapper(io.BytesIO(), encoding), term) is strokes


def test_the_environment_decides_when_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    layouts.write_tree(FAMILY[:2], VIEW.columns, stream := io.StringIO())
    assert stream.getvalue() == "a  one\n`-- b  two\n"
    layouts.write_tree("nothing", VIEW.columns, stream)


def test_a_long_chain_takes_no_stack_and_little_room() -> None:
    chain = [{"id": n, "parent_id": n - 1 if n else None} for n in range(10_000)]
    found = tree_lines(chain)
    assert len(found) == 10_000
    assert found[-1].strip() == "[9999] 9999"
    assert max(map(len, found)) < 4 * (DEEPEST + 3) + 12
