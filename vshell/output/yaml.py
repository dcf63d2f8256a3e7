"""YAML 1.2 (and 1.1) of a plain, safe subset: the server's own field names and values, in block style.

Written here because reading is what needs a library: mappings, sequences, null, booleans, numbers, and strings that
are in double quotes unless no version of YAML could take them for anything else. No anchors, tags or folded texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from vshell.output.fields import PLAIN, Layout
from vshell.output.json import only

if TYPE_CHECKING:
    from vshell.registry.view import Column

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
# Words that YAML 1.1 (type repository, bool and null) takes for something else.
_WORDS = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "null"})
_LONGEST_KEY = 100
"""Characters of a key on one line with its value; a parser need not read one of more than 1,024."""


def write(result: object, columns: Sequence[Column], stream: TextIO, look: Layout = PLAIN) -> None:
    """Write the result as one document; with columns, only those fields of each record."""
    picked = [only(record, columns) for record in result] if isinstance(result, list) else only(result, columns)
    stream.writelines(f"{line}\n" for line in lines_of(picked))


def lines_of(value: object) -> Iterator[str]:
    """Yield the lines of a value as a block."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _entry(scalar(str(name)), inner)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _nested("- ", lines_of(inner))
    else:
        yield scalar(value)


def _entry(key: str, value: object) -> Iterator[str]:
    """Yield the lines of a key and its value; a very long key is announced by ``?``."""
    if len(key) > _LONGEST_KEY:
        yield f"? {key}"
        key = ""
    if isinstance(value, (Mapping, list)) and value:
        yield f"{key}:"
        yield from (f"  {line}" for line in lines_of(value))
    else:
        yield f"{key}: {scalar(value)}"


def _nested(lead: str, lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield lead + line
        lead = " " * len(lead)


def scalar(value: object) -> str:
    """Return a value without parts, or an empty list or mapping, on one line."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else _quoted(value)
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value)


def _number(value: float) -> str:
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    mantissa, sign, exponent = text.partition("e")
    # YAML 1.1 wants a point and a signed exponent.
    return text if not sign else f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
