"""Two ways to draw one grid: tabulate's and our own must not differ by a character."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from vshell.errors import visible
from vshell.output import table
from vshell.views import Column

CELLS = st.text(max_size=8).map(visible) | st.sampled_from(["", " ", "12345e67", "1", "日本", "👍", "None", " a "])


@given(
    st.integers(1, 4).flatmap(
        lambda wide: st.lists(st.lists(CELLS, min_size=wide, max_size=wide), min_size=2, max_size=6)
    )
)
def test_our_own_grid_is_tabulates(rows: list[list[str]]) -> None:
    head, *body = rows
    assert "".join(table.drawn(head, body)) == table.laid_out(head, body) + "\n"


def test_a_long_list_looks_like_a_short_one() -> None:
    rows: list[object] = [{"id": f"{number}e5", "name": "é" * (number % 7)} for number in range(table.FEW_ROWS + 1)]
    columns = (Column("id"), Column("name", "Called"))
    long, short = io.StringIO(), io.StringIO()
    table.write(rows, columns, long)
    table.write(rows[1:], columns, short)
    assert long.getvalue().splitlines()[:3] == short.getvalue().splitlines()[:3]
    assert long.getvalue().splitlines()[4:] == short.getvalue().splitlines()[3:]


def test_wide_letters_take_two_cells() -> None:
    assert (table.width("abc"), table.width("日本"), table.width("é")) == (3, 4, 1)
