"""The format vertical by itself; test_output has it through the shell's one door."""

from __future__ import annotations

import io

from vshell.output import vertical
from vshell.registry.view import Column


def test_a_field_that_is_missing_is_none_and_spaces_are_kept() -> None:
    out = io.StringIO()
    vertical.write({"name": " a "}, (Column("name"), Column("owner")), out)
    assert out.getvalue() == "+-------+------+\n| Name  |  a   |\n| Owner | None |\n+-------+------+\n"


def test_a_value_without_fields_is_a_line() -> None:
    out = io.StringIO()
    vertical.write("x", (), out)
    assert out.getvalue() == "x\n"
