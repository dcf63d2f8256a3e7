"""Change single values of a TOML text and leave everything else, comments included, as the user wrote it.

The text is changed line by line, then read again: when it does not say exactly what it said before plus the
change, ``ValueError`` is raised and nothing is lost. So a form of TOML that this module does not know (a
multi-line string that looks like a heading, a dotted key) costs a refusal, never a setting.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from typing import Any

Tables = dict[str, Any]

_HEADING = re.compile(r"\s*\[\s*(?P<name>[^\[\]]+?)\s*\]\s*(#.*)?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def set_value(text: str, table: str, key: str, value: str | int | bool) -> str:
    """Return the text with ``key = value`` in ``[table]``; both are made when they are missing."""
    _demand_bare(*table.split("."), key)
    lines = text.split("\n")
    first, last = _span(lines, table)
    line = f"{key} = {_spelled(value)}"
    if first is None:
        lines += [*([""] if lines and lines[-1].strip() else []), f"[{table}]", line]
    else:
        found = _key_line(lines, key, first + 1, last)
        if found is None:
            lines.insert(_end_of_content(lines, first, last), line)
        else:
            lines[found] = line + _comment_after(lines[found])
    wanted = copy.deepcopy(tomllib.loads(text))
    _table(wanted, table)[key] = value
    return _checked(lines, wanted)


def remove_value(text: str, table: str, key: str) -> str:
    """Return the text without ``key`` in ``[table]``, and without the table when that was all of it."""
    lines = text.split("\n")
    first, last = _span(lines, table)
    wanted = copy.deepcopy(tomllib.loads(text))
    _table(wanted, table).pop(key, None)
    if not _table(wanted, table):
        return remove_table(text, table)
    found = None if first is None else _key_line(lines, key, first + 1, last)
    if found is not None:
        del lines[found]
    return _checked(lines, wanted)


def remove_table(text: str, table: str) -> str:
    """Return the text without ``[table]`` and its keys; comments that stand above it stay."""
    lines = text.split("\n")
    first, last = _span(lines, table)
    wanted = copy.deepcopy(tomllib.loads(text))
    *above, name = table.split(".")
    parent = _table(wanted, ".".join(above)) if above else wanted
    parent.pop(name, None)
    if first is not None:
        del lines[first : _end_of_content(lines, first, last)]
    if above and not parent:
        _drop_empty(wanted, above[0])
    return _checked(lines, wanted)


def _checked(lines: list[str], wanted: Tables) -> str:
    result = "\n".join(lines).strip("\n") + "\n"
    try:
        said = tomllib.loads(result)
    except tomllib.TOMLDecodeError as trouble:
        raise ValueError("the file has a form that only a person can edit") from trouble
    if said != wanted:
        raise ValueError("the file has a form that only a person can edit")
    return result


def _span(lines: list[str], table: str) -> tuple[int | None, int]:
    """Return the line of the table's heading, or None, and the line after its last."""
    first = None
    for number, line in enumerate(lines):
        heading = _HEADING.fullmatch(line)
        if heading is None and not line.lstrip().startswith("[["):
            continue
        if first is not None:
            return first, number
        if heading is not None and re.sub(r"[\s\"']", "", heading["name"]) == table:
            first = number
    return first, len(lines)


def _key_line(lines: list[str], key: str, first: int, last: int) -> int | None:
    pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    return next((number for number in range(first, last) if pattern.match(lines[number])), None)


def _end_of_content(lines: list[str], first: int, last: int) -> int:
    """Return the line after the table's last key: blank lines and comments below belong to what follows."""
    while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    return last


def _comment_after(line: str) -> str:
    """Return the comment at the end of a ``key = value`` line, with the space before it."""
    for place in (number for number, character in enumerate(line) if character == "#"):
        try:
            tomllib.loads(line[:place])
        except tomllib.TOMLDecodeError:
            continue  # This number sign stands inside a string.
        return "  " + line[place:]
    return ""


def _table(tables: Tables, path: str) -> Tables:
    for name in path.split("."):
        tables = tables.setdefault(name, {})
        if not isinstance(tables, dict):
            raise ValueError(f"'{name}' is not a table there")
    return tables


def _drop_empty(tables: Tables, name: str) -> None:
    if tables.get(name) == {}:
        del tables[name]


def _spelled(value: str | int | bool) -> str:
    # JSON's strings, numbers and booleans are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _demand_bare(*names: str) -> None:
    if not all(_BARE.fullmatch(name) for name in names):
        raise ValueError("a name in the settings file holds letters, digits, - and _ only")
