"""Tables for people: the grid to the letter as tabulate draws it, its vertical form, Markdown."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
import tabulate
from hypothesis import given
from hypothesis import strategies as st

from vshell.formats.text import visible
from vshell.output import Layout, grid
from vshell.registry.view import PAGE, Column, PagedList
from vshell.terminal.widths import widest, width

# A mark that stands first joins what is left of it, and terminals do not agree on how wide the two are.
WORDS = st.text(max_size=8).map(visible).filter(lambda text: not unicodedata.category(text[:1] or " ").startswith("M"))
CELLS = WORDS | st.sampled_from(["", " ", "12345e67", "1", "日本", "👍", "None", " a "])


def draw_ours(headings: list[str], rows: list[list[str]]) -> str:
    """Return our grid of some rows, each column as wide as it wants."""
    cells = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in headings]
    sizes = [widest([title, *column]) for title, column in zip(headings, cells, strict=True)]
    return "".join(grid.draw_grid(headings, cells, sizes, "..."))


def tabulates(headings: list[str], rows: list[list[str]]) -> str:
    """Return the grid as tabulate draws it."""
    rule, row = tabulate.Line("+", "-", "+", "+"), tabulate.DataRow("|", "|", "|")
    form = tabulate.TableFormat(rule, rule, None, rule, row, row, 1, None)
    tabulate.MIN_PADDING = 0
    try:
        return tabulate.tabulate(rows, headings, form, disable_numparse=True, stralign="left", preserve_whitespace=True)
    finally:
        tabulate.MIN_PADDING = 2


@given(
    st.integers(1, 4).flatmap(
        lambda wide: st.lists(st.lists(CELLS, min_size=wide, max_size=wide), min_size=2, max_size=6)
    )
)
def test_our_own_grid_is_tabulates(rows: list[list[str]]) -> None:
    head, *body = rows
    assert draw_ours(head, body) == tabulates(head, body) + "\n"


ROW = {
    "id": "RWDLagfI",
    "name": "the nightly backup of the whole house",
    "owner": "admin",
    "expiry_date": "2025-05-19T12:00:00.000000Z",
    "last_used": None,
    "revoked": False,
    "revocation_time": None,
}
COLUMNS = tuple(map(Column, ROW))


def lines(columns: int | None, *rows: dict[str, object]) -> list[str]:
    """Return the lines of a table on a terminal of some columns."""
    out = io.StringIO()
    grid.write_table(list(rows or (ROW,)), COLUMNS, out, Layout(columns=columns))
    return out.getvalue().splitlines()


def row_in(shown: list[str]) -> str:
    """Return the line of the first record, below a heading of any height."""
    return next(line for line in shown if line.startswith("| RWDLagfI"))


def test_headings_are_broken_before_they_are_shortened() -> None:
    shown = lines(80)
    heading = shown[1 : shown.index(shown[0], 1)]
    assert [line.split("|")[4].strip() for line in heading] == ["Expiry-", "date", ""]
    assert not any("\u2026" in line for line in heading)


@pytest.mark.parametrize("columns", range(24, 120))
def test_no_heading_is_shortened_or_in_splinters(columns: int) -> None:
    narrow = (Column("id"), Column("username"), Column("password_expiration"), Column("is_default", "Default"))
    record = {"id": 1, "username": "bob", "password_expiration": None, "is_default": True}
    out = io.StringIO()
    grid.write_table([record], narrow, out, Layout(columns=columns))
    shown = out.getvalue().splitlines()
    assert all(width(line) <= columns for line in shown)
    if "|" in shown[1][2:-2].replace("|", "", 1):  # a grid with a heading, not a record by itself
        heading = shown[1 : shown.index(shown[0], 1)]
        rows = zip(*(line.split("|") for line in heading), strict=True)
        read = ["".join(cell.strip() for cell in cells) for cells in rows]
        assert read[1:-1] == ["ID", "Username", "Password-expiration", "Default"]


def test_a_table_that_fits_is_left_alone() -> None:
    whole = lines(None)
    assert lines(len(whole[0])) == whole


@pytest.mark.parametrize("columns", [66, 80, 100, 119])
def test_columns_are_shortened_in_the_middle_and_ids_never(columns: int) -> None:
    shown = lines(columns)
    assert {width(line) for line in shown} == {columns}
    assert re.search(r"\| RWDLagfI \| the.*\u2026.*se +\|", row_in(shown))


def test_a_long_text_gives_way_before_headings_and_headings_before_times() -> None:
    assert "| Revocation-time |" in lines(110)[1]
    assert "| Revocation-time |" not in lines(100)[1]
    assert "| 2025-05-19 12:00:00 |" in row_in(lines(100))


def test_a_time_loses_its_end_and_never_its_middle() -> None:
    assert "| 2025-05-19 |" in row_in(lines(80))


def test_where_shortening_makes_no_sense_each_record_is_shown_by_itself() -> None:
    shown = lines(40, ROW, ROW)
    assert all(width(line) <= 40 for line in shown)
    assert shown.count("") == 1
    assert any(line.startswith("| ID ") and "RWDLagfI" in line for line in shown)
    assert "the nightly backup" in "\n".join(shown)


@given(st.integers(8, 200), st.lists(CELLS, min_size=7, max_size=7))
def test_no_line_is_wider_than_the_terminal(columns: int, values: list[str]) -> None:
    row = dict(zip(ROW, values, strict=True))
    for line in lines(max(columns, 24), row, ROW):
        assert width(line) <= max(columns, 24)


def growing(*pages: list[dict[str, object]]) -> PagedList:
    """Return a list of these pages."""
    left = list(pages)
    first = left.pop(0)
    return PagedList(first, lambda after: left.pop(0), lambda: None)


def page(name: str = "x", size: int = PAGE) -> list[dict[str, object]]:
    """Return a page of rows with a name."""
    return [{"id": f"{number:08}", "name": name} for number in range(size)]


def grown(columns: int | None, *pages: list[dict[str, object]]) -> list[str]:
    """Return the lines of a list that comes in pages."""
    out = io.StringIO()
    grid.write_table(growing(*pages), (Column("id"), Column("name")), out, Layout(columns=columns))
    return out.getvalue().splitlines()


def test_pages_of_one_width_are_one_grid() -> None:
    out = io.StringIO()
    grid.write_table(page() + page(size=7), (Column("id"), Column("name")), out, Layout(columns=80))
    assert grown(80, page(), page(size=7)) == out.getvalue().splitlines()
    assert grown(80, page(), []) == grown(80, page("x", PAGE), []) != []


def test_a_page_that_needs_more_room_has_a_grid_of_its_width_and_nothing_is_cut() -> None:
    shown = grown(80, page(), page("much longer"), page("y", 3))
    assert sum(line.startswith("| ID ") for line in shown) == 2, "what comes behind it stays in its grid"
    assert sum("much longer" in line for line in shown) == PAGE
    first = shown.index("| ID       | Name        |")
    assert shown[first - 1] == shown[first + 1] == shown[-1]
    assert shown[first - 2] == shown[0], "the grid before it is closed"


def test_where_there_is_no_room_a_later_page_is_shortened_like_any() -> None:
    wide = "the nightly backup of the whole house"
    shown = grown(40, page(wide), page(wide + " and garden", 5))
    assert all(width(line) == 40 for line in shown)
    assert sum(line.startswith("| ID ") for line in shown) == 1
    assert "the nigh" in shown[-2]
    assert "garden" in shown[-2]


def test_whoever_has_seen_enough_is_sent_no_more() -> None:
    class Left(io.StringIO):
        is_left = True

    out = Left()
    grid.write_table(growing(page()), (Column("id"), Column("name")), out, Layout(columns=80))
    assert out.getvalue().count("\n") == PAGE + 3


def test_narrow_pages_are_records_one_by_one() -> None:
    shown = grown(16, page(size=PAGE), page(size=2))
    assert sum("00000001" in line for line in shown) == 2
    assert all(width(line) <= 24 for line in shown)


def test_a_field_that_is_missing_is_none_and_spaces_are_kept() -> None:
    out = io.StringIO()
    grid.write_vertical({"name": " a "}, (Column("name"), Column("owner")), out)
    assert out.getvalue() == "+-------+------+\n| Name  |  a   |\n| Owner | None |\n+-------+------+\n"


def test_a_value_without_fields_is_a_line() -> None:
    out = io.StringIO()
    grid.write_vertical("x", (), out)
    assert out.getvalue() == "x\n"


def test_a_table_and_a_list() -> None:
    out = io.StringIO()
    grid.write_markdown([{"id": "12345e67", "name": "a|b"}], (Column("id"), Column("name")), out)
    assert out.getvalue() == "| ID       | Name   |\n|----------|--------|\n| 12345e67 | a\\|b   |\n"
    out = io.StringIO()
    grid.write_markdown(["x", "*y*"], (), out)
    assert out.getvalue() == "- x\n- \\*y\\*\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("example_api_token", "example_api_token"),
        ("_x_", r"\_x\_"),
        ("<b>&[a](b)`c`~", r"\<b\>\&\[a\](b)\`c\`\~"),
        (r"a\nb", r"a\\nb"),
    ],
)
def test_nothing_in_a_value_is_markup(text: str, shown: str) -> None:
    assert grid.escape(text) == shown
