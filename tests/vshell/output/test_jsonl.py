"""The format jsonl by itself; test_output has it through the shell's one door."""

from __future__ import annotations

import io

from vshell.output import jsonl


def test_each_record_is_one_line_even_with_a_newline_in_it() -> None:
    out = io.StringIO()
    jsonl.write([{"a": "x\ny\u2028z"}, "é"], (), out)
    assert out.getvalue() == '{"a":"x\\ny\\u2028z"}\n"é"\n'
