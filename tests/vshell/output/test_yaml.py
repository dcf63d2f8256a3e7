"""YAML: whatever a server says, a YAML parser reads back the same."""

from __future__ import annotations

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml import safe_load

from vshell.output import yaml
from vshell.output.yaml import lines_of
from vshell.registry.view import Column

TRICKY = [
    "",
    "yes",
    "No",
    "null",
    "~",
    "1",
    "1e3",
    "0x1f",
    "1:30",
    "2026-11-21",
    "- a",
    "a: b",
    "# x",
    "'",
    '"',
    "a\nb",
    "\x85",
]
TEXTS = st.text() | st.sampled_from(TRICKY)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS | st.text(min_size=90), inner))


@given(VALUES)
def test_a_parser_reads_back_what_was_written(value: object) -> None:
    assert safe_load("\n".join(lines_of(value))) == value


@given(st.lists(st.dictionaries(TEXTS, VALUES)))
def test_nothing_in_it_steers_a_terminal(value: object) -> None:
    assert all(line.isprintable() for line in lines_of(value))


def test_not_a_number_is_one() -> None:
    assert math.isnan(safe_load(yaml.scalar(math.nan)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([], "[]\n"),
        ([{"id": "a", "scopes": ["x y"], "meta": {}}], '- id: a\n  scopes:\n    - "x y"\n  meta: {}\n'),
        ({"id": "12345e67", "left": None}, 'id: "12345e67"\nleft: null\n'),
    ],
)
def test_it_is_in_block_style(value: object, text: str) -> None:
    out = io.StringIO()
    yaml.write(value, (), out)
    assert out.getvalue() == text


def test_only_the_columns_that_were_asked_for() -> None:
    out = io.StringIO()
    yaml.write([{"id": "a", "b": 1}], (Column("b"),), out)
    assert out.getvalue() == "- b: 1\n"
