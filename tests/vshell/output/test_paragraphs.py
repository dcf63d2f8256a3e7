"""Names with their values, and what is said of each, on terminals of any width."""

from __future__ import annotations

import io

import pytest

from vshell.output import paragraphs
from vshell.output.fields import Layout
from vshell.registry.view import Column

COLUMNS = (Column("setting"), Column("value"), Column("explanation"))
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
    paragraphs.write(ROWS, COLUMNS, stream, Layout(columns=columns))
    assert stream.getvalue() == shown


def test_one_column_stands_alone() -> None:
    stream = io.StringIO()
    paragraphs.write(ROWS, COLUMNS[:1], stream)
    assert stream.getvalue() == "times\ntimeout_seconds\n"
