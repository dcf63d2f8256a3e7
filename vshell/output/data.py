"""Formats for programs: JSON, JSON lines, YAML, comma- and tab-separated values, ids.

Rules:

- Names and values are the server's own, unchanged. With columns, only those fields of each record.
- csv (RFC 4180, with plain newlines) and tsv have the view's columns. These do not depend on the rows, so an empty list
  has the same header line as a full one. null is an empty field, booleans are ``true`` and ``false``, and what is
  nested is JSON. A file gets a value to the letter; a terminal never gets a control character.
- In tsv, as in PostgreSQL's COPY and mysql's batch mode, a tab, a line end and a backslash in a value are written
  ``\\t``, ``\\n``, ``\\r`` and ``\\\\``, so that a line is always a record and a tab always parts two values.
- yaml is YAML 1.2 (and 1.1) of a plain, safe subset in block style: strings are in double quotes unless no version of
  YAML could take them for anything else. No anchors, tags or folded texts. It is written here because PyYAML's own
  writer takes twelve times as long (``python -m tests.benchmarks yaml``); reading is what needs a library.
- ids is only the ids, one on a line: what a loop in another shell takes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.formats.text import visible
from vshell.output import PLAIN, Layout, spell_for_programs
from vshell.terminal.screen import safe_json

if TYPE_CHECKING:
    from vshell.registry.view import Column

_TSV_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

_YAML_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
# Words that YAML 1.1 (type repository, bool and null) takes for something else.
_YAML_WORDS = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "null"})
_YAML_LONGEST_KEY = 100
"""Characters of a key on one line with its value; a parser need not read one of more than 1,024."""


def write_json(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write the result as one indented document."""
    stream.write(safe_json(json.dumps(_select_fields(result, columns), ensure_ascii=False, indent=2)) + "\n")


def write_jsonl(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write one compact JSON value on a line for each record."""
    for record in _records(_select_fields(result, columns)):
        stream.write(safe_json(json.dumps(record, ensure_ascii=False, separators=(",", ":"))) + "\n")


def write_yaml(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write the result as one document."""
    stream.writelines(f"{line}\n" for line in yaml_lines(_select_fields(result, columns)))


def write_csv(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write a header line and one line for each record."""
    import csv

    shown = visible if stream.isatty() else str
    csv.writer(stream, lineterminator="\n").writerows(map(shown, row) for row in _rows(result, columns))


def write_tsv(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write a header line and one line for each record."""
    shown = visible if stream.isatty() else str
    for row in _rows(result, columns):
        stream.write("\t".join(shown(text.translate(_TSV_ESCAPES)) for text in row) + "\n")


def write_ids(result: object, columns: Sequence[Column], stream: TextIO, layout: Layout = PLAIN) -> None:
    """Write each record's ``id``, or the first column of a record that has none."""
    for record in _records(result):
        value = record
        if isinstance(record, Mapping):
            value = record["id"] if "id" in record else record.get(columns[0].name) if columns else None
        # A line is one id, so a newline inside a value is written out wherever the output goes.
        stream.write(visible(spell_for_programs(value)) + "\n")


def select_fields(record: object, columns: Sequence[Column]) -> object:
    """Return the record with only the named fields, in that order; whole when none are named."""
    if not columns or not isinstance(record, Mapping):
        return record
    return {column.name: record.get(column.name) for column in columns}


def yaml_lines(value: object) -> Iterator[str]:
    """Yield the lines of a value as a block of YAML."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            key = yaml_scalar(str(name))
            if len(key) > _YAML_LONGEST_KEY:
                yield f"? {key}"
                key = ""
            if isinstance(inner, (Mapping, list)) and inner:
                yield f"{key}:"
                yield from (f"  {line}" for line in yaml_lines(inner))
            else:
                yield f"{key}: {yaml_scalar(inner)}"
    elif isinstance(value, list) and value:
        for inner in value:
            lead = "- "
            for line in yaml_lines(inner):
                yield lead + line
                lead = "  "
    else:
        yield yaml_scalar(value)


def yaml_scalar(value: object) -> str:
    """Return a value without parts, or an empty list or mapping, on one line of YAML."""
    if isinstance(value, str):
        if _YAML_PLAIN.fullmatch(value) and value.lower() not in _YAML_WORDS:
            return value
        quoted = json.dumps(value, ensure_ascii=False)  # its escapes are YAML's too
        return quoted if quoted.isprintable() else "".join(map(_escape_yaml, quoted))
    text = json.dumps(value)
    if not isinstance(value, float):
        return text
    if text in ("Infinity", "-Infinity", "NaN"):
        return {"Infinity": ".inf", "-Infinity": "-.inf", "NaN": ".nan"}[text]
    mantissa, sign, exponent = text.partition("e")
    # YAML 1.1 needs a point and a signed exponent.
    return text if not sign else f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"


def _escape_yaml(character: str) -> str:
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _records(result: object) -> list[object]:
    return result if isinstance(result, list) else [result]


def _select_fields(result: object, columns: Sequence[Column]) -> object:
    if isinstance(result, list):
        return [select_fields(each, columns) for each in result]
    return select_fields(result, columns)


def _rows(result: object, columns: Sequence[Column]) -> Iterator[list[str]]:
    """Yield the names of the columns, if any, and the values of each record, as texts."""
    if columns:
        yield [column.name for column in columns]
    for record in _records(result):
        values = [record.get(column.name) for column in columns] if isinstance(record, Mapping) else [record]
        yield list(map(spell_for_programs, values))
