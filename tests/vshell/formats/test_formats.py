"""The list of output formats, and who reads it."""

from __future__ import annotations

from importlib import import_module

from vshell.formats import OUTPUT_FORMATS
from vshell.output import WRITERS


def test_every_format_can_be_asked_for() -> None:
    assert tuple(WRITERS)[: len(OUTPUT_FORMATS)] == OUTPUT_FORMATS


def test_every_format_has_a_module_that_writes_it() -> None:
    assert all(callable(import_module(f"vshell.output.{name}").write) for name in WRITERS)
