"""Formats for programs by themselves; test_output has them through the shell's one door."""

from __future__ import annotations

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml import safe_load

from vshell.output import data
from vshell.output.data import select_fields, yaml_lines
from vshell.registry.view import Column


def test_only_the_named_fields_in_that_order() -> None:
    assert list(str(select_fields({"a": 1, "b": 2}, (Column("b"), Column("c"), Column("a"))))) == list(
        "{'b': 2, 'c': None, 'a': 1}"
    )
    assert select_fields("text", (Column("b"),)) == "text"
    assert select_fields({"a": 1}, ()) == {"a": 1}


def test_each_record_is_one_line_even_with_a_newline_in_it() -> None:
    out = io.StringIO()
    data.write_jsonl([{"a": "x\ny\u2028z"}, "é"], (), out)
    assert out.getvalue() == '{"a":"x\\ny\\u2028z"}\n"é"\n'


def test_a_value_that_is_no_record_is_a_line() -> None:
    out = io.StringIO()
    data.write_csv("apitoken updated", (), out)
    assert out.getvalue() == "apitoken updated\n"


def test_a_file_gets_a_value_to_the_letter() -> None:
    out = io.StringIO()
    data.write_csv([{"name": "a\x1bb"}], (Column("name"),), out)
    assert out.getvalue() == "name\na\x1bb\n"


def test_a_line_is_a_record_whatever_is_in_it() -> None:
    out = io.StringIO()
    data.write_tsv([{"a": "x\ty\nz\\", "b": None}, {"a": True, "b": ["é"]}], (Column("a"), Column("b")), out)
    assert out.getvalue() == 'a\tb\nx\\ty\\nz\\\\\t\ntrue\t["é"]\n'


def test_the_id_before_the_first_column_and_nothing_without_either() -> None:
    out = io.StringIO()
    data.write_ids([{"name": "n", "id": 7}, {"name": "n"}, {}], (Column("name"),), out)
    data.write_ids({"name": "n"}, (), out)
    assert out.getvalue() == "7\nn\n\n\n"


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
    assert safe_load("\n".join(yaml_lines(value))) == value


@given(st.lists(st.dictionaries(TEXTS, VALUES)))
def test_nothing_in_it_steers_a_terminal(value: object) -> None:
    assert all(line.isprintable() for line in yaml_lines(value))


def test_not_a_number_is_one() -> None:
    assert math.isnan(safe_load(data.yaml_scalar(math.nan)))


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
    data.write_yaml(value, (), out)
    assert out.getvalue() == text


def test_only_the_columns_that_were_asked_for() -> None:
    out = io.StringIO()
    data.write_yaml([{"id": "a", "b": 1}], (Column("b"),), out)
    assert out.getvalue() == "- b: 1\n"
