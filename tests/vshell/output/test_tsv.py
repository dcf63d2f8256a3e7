"""The format tsv by itself; test_output has it through the shell's one door."""

from __future__ import annotations

import io

from vshell.output import tsv
from vshell.registry.view import Column


def test_a_line_is_a_record_whatever_is_in_it() -> None:
    out = io.StringIO()
    tsv.write([{"a": "x\ty\nz\\", "b": None}, {"a": True, "b": ["é"]}], (Column("a"), Column("b")), out)
    assert out.getvalue() == 'a\tb\nx\\ty\\nz\\\\\t\ntrue\t["é"]\n'
