"""The format ids by itself; test_output has it through the shell's one door."""

from __future__ import annotations

import io

from vshell.output import ids
from vshell.registry.view import Column


def test_the_id_before_the_first_column_and_nothing_without_either() -> None:
    out = io.StringIO()
    ids.write([{"name": "n", "id": 7}, {"name": "n"}, {}], (Column("name"),), out)
    ids.write({"name": "n"}, (), out)
    assert out.getvalue() == "7\nn\n\n\n"
