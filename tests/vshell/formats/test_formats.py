"""The list of output formats, and who reads it."""

from __future__ import annotations

from vshell.formats import OUTPUT_FORMATS
from vshell.output import WRITERS, find_writer


def test_every_format_can_be_asked_for() -> None:
    assert tuple(WRITERS)[: len(OUTPUT_FORMATS)] == OUTPUT_FORMATS


def test_every_format_has_a_function_that_writes_it() -> None:
    assert [find_writer(name).__name__ for name in WRITERS] == [f"write_{name}" for name in WRITERS]
