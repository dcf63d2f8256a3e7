"""The format csv by itself; test_output has it through the shell's one door."""

from __future__ import annotations

import io

from vshell.output import csv
from vshell.registry.view import Column


def test_a_value_that_is_no_record_is_a_line() -> None:
    out = io.StringIO()
    csv.write("apitoken updated", (), out)
    assert out.getvalue() == "apitoken updated\n"


def test_a_file_gets_a_value_to_the_letter() -> None:
    out = io.StringIO()
    csv.write([{"name": "a\x1bb"}], (Column("name"),), out)
    assert out.getvalue() == "name\na\x1bb\n"
