"""The format json by itself; test_output has it through the shell's one door."""

from __future__ import annotations

from vshell.output.json import only
from vshell.registry.view import Column


def test_only_the_named_fields_in_that_order() -> None:
    assert list(str(only({"a": 1, "b": 2}, (Column("b"), Column("c"), Column("a"))))) == list(
        "{'b': 2, 'c': None, 'a': 1}"
    )
    assert only("text", (Column("b"),)) == "text"
    assert only({"a": 1}, ()) == {"a": 1}
