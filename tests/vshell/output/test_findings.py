"""Findings as lines of text that fit the terminal."""

import io

import pytest

from vshell.output import findings
from vshell.output.fields import Layout
from vshell.registry.view import Column

COLUMNS = tuple(map(Column, ("check", "state", "finding", "next_step")))
GOOD = {"check": "clock", "state": "ok", "finding": "both agree", "next_step": ""}
BAD = {"check": "files", "state": "wrong", "finding": "x is open to others", "next_step": "chmod go-rwx 'x'"}


def written(*records: dict[str, str], columns: tuple[Column, ...] = COLUMNS, width: int | None = None) -> list[str]:
    """Return the lines."""
    stream = io.StringIO()
    findings.write(list(records), columns, stream, Layout(columns=width))
    return stream.getvalue().splitlines()


def test_the_next_step_stands_below_what_was_found() -> None:
    assert written(GOOD, BAD) == [
        "ok       clock: both agree",
        "wrong    files: x is open to others",
        "         chmod go-rwx 'x'",
    ]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_fit_the_terminal(width: int) -> None:
    long = {**BAD, "finding": "word " * 40, "next_step": "step " * 40}
    assert max(map(len, written(long, width=width))) <= max(width, 29)


def test_nothing_reaches_the_terminal_raw() -> None:
    assert "\x1b" not in "".join(written({**BAD, "finding": "\x1b]52;c;x\a"}))


def test_fewer_columns_are_shown_as_far_as_they_go() -> None:
    assert written(GOOD, columns=COLUMNS[:2]) == ["ok       clock: "]
