"""The format markdown by itself; test_output has it through the shell's one door."""

from __future__ import annotations

import io

import pytest

from vshell.output import markdown
from vshell.registry.view import Column


def test_a_table_and_a_list() -> None:
    out = io.StringIO()
    markdown.write([{"id": "12345e67", "name": "a|b"}], (Column("id"), Column("name")), out)
    assert out.getvalue() == "| ID       | Name   |\n|----------|--------|\n| 12345e67 | a\\|b   |\n"
    out = io.StringIO()
    markdown.write(["x", "*y*"], (), out)
    assert out.getvalue() == "- x\n- \\*y\\*\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("example_api_token", "example_api_token"),
        ("_x_", r"\_x\_"),
        ("<b>&[a](b)`c`~", r"\<b\>\&\[a\](b)\`c\`\~"),
        (r"a\nb", r"a\\nb"),
    ],
)
def test_nothing_in_a_value_is_markup(text: str, shown: str) -> None:
    assert markdown.escaped(text) == shown
