"""Columns as programs in Go print them."""

import io

from vshell.commands.auth import Day, MarkedId
from vshell.output import columns
from vshell.registry.view import Column

COLUMNS = (Column("id", "ID", MarkedId()), Column("name", "NAME"), Column("expiry_date", "EXPIRES", Day()))


def drawn(result: object) -> list[str]:
    """Return the lines."""
    stream = io.StringIO()
    columns.write(result, COLUMNS, stream)
    return stream.getvalue().splitlines()


def test_each_column_is_as_wide_as_its_widest_cell() -> None:
    rows = [
        {"id": "428BFekp", "name": "ci-automation", "expiry_date": "2026-04-15T00:00:00.000000Z"},
        {"id": "428BFekq", "name": "日本", "expiry_date": None},
    ]
    assert drawn(rows) == [
        "ID            NAME           EXPIRES",
        "tok_428BFekp  ci-automation  2026-04-15",
        "tok_428BFekq  日本           never",
    ]


def test_nothing_is_a_line_of_headings() -> None:
    assert drawn([]) == ["ID  NAME  EXPIRES"]


def test_one_record_is_a_line() -> None:
    assert drawn({"id": "428BFekp", "name": "a"})[1:] == ["tok_428BFekp  a     never"]


def test_nothing_steers_the_terminal() -> None:
    assert "\x1b" not in "".join(drawn([{"id": "\x1b[2J", "name": "\x1b]0;x\x07", "expiry_date": "\x1b"}]))
    assert drawn([7])[1].startswith("7")
