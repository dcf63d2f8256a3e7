"""Changes of single values in a TOML text; all else, comments included, stays as it was written.

The result is read again: when it does not say exactly what it said before plus the change, ``ValueError`` is raised and
nothing is lost. A comment below a table's last key belongs to what follows, as most people write it.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tomlkit.container import Container

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def set_value(text: str, table: str, key: str, value: str | int | bool) -> str:
    """Return the text with ``key = value`` in ``[table]``; both are made when they are missing."""
    *above, name = names = table.split(".")
    if not all(_BARE.fullmatch(each) for each in (*names, key)):
        raise ValueError("a name in the settings file holds letters, digits, - and _ only")
    wanted = tomllib.loads(text)
    if name not in _find_table(wanted, above):
        text = f"{text}\n[{table}]\n"
    _find_table(wanted, names)[key] = value
    document = _parse(text)
    for container in _find_containers(document, names):
        tail = [] if key in container else _take_tail(container)
        container[key] = value
        container.body.extend(tail)
    return _write(document, wanted)


def remove_value(text: str, table: str, key: str) -> str:
    """Return the text without ``key`` in ``[table]``, and without the table when that was all of it."""
    wanted = tomllib.loads(text)
    remaining = _find_table(wanted, table.split("."))
    remaining.pop(key, None)
    return _remove(text, [*table.split("."), key], wanted) if remaining else remove_table(text, table)


def remove_table(text: str, table: str) -> str:
    """Return the text without ``[table]`` and its keys; comments that stand above it stay."""
    *above, name = table.split(".")
    wanted = tomllib.loads(text)
    parent = _find_table(wanted, above)
    parent.pop(name, None)
    if above and not parent:
        wanted.pop(above[0], None)
    return _remove(text, [*above, name], wanted)


def _remove(text: str, path: list[str], wanted: dict[str, Any]) -> str:
    from tomlkit.items import Table, Whitespace

    document = _parse(text)
    for container in _find_containers(document, path[:-1]):
        for index, (key, item) in enumerate(container.body):
            if key and key.key == path[-1]:
                tail = _take_tail(item.value) if isinstance(item, Table) else []
                container.body[index] = (None, Whitespace("".join(each.as_string() for _, each in tail)))
    return _write(document, wanted)


def _find_containers(document: Container, names: list[str]) -> list[Container]:
    """Return what a table's keys stand in; one whose headings stand apart has several."""
    from tomlkit.items import Table

    containers = [document]
    for name in names:
        entries = [entry for container in containers for entry in container.body]
        containers = [item.value for key, item in entries if key and key.key == name and isinstance(item, Table)]
    return containers


def _take_tail(container: Container) -> list[Any]:
    """Take the blank lines and comments behind a table's last key out of it, and return them."""
    from tomlkit.items import Comment, Whitespace

    end = len(container.body)
    while end and isinstance(container.body[end - 1][1], Comment | Whitespace):
        end -= 1
    tail = container.body[end:]
    del container.body[end:]
    return tail


def _parse(text: str) -> Container:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise ValueError("the file has a form that only a person can edit") from error


def _write(document: Container, wanted: dict[str, Any]) -> str:
    """Return the document's text; raises ValueError when it says anything else than what is wanted."""
    result = document.as_string().strip("\n") + "\n"
    if tomllib.loads(result) != wanted:
        raise ValueError("the file has a form that only a person can edit")
    return result


def _find_table(tables: dict[str, Any], names: list[str]) -> dict[str, Any]:
    for name in names:
        tables = tables.setdefault(name, {})
        if not isinstance(tables, dict):
            raise ValueError(f"'{name}' is not a table there")
    return tables
