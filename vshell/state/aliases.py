"""Aliases in the settings file: read, checked, added and removed.

    [alias]
    mine = "apitoken list --owner bob"

Rules:

- No alias takes the place of a command, of ``let`` or of another word that the language has at the beginning.
- Nothing secret may be in one: the settings file is not private.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vshell.errors import Failed, Mistake, NotFound
from vshell.formats.text import visible

if TYPE_CHECKING:
    from vshell.registry.tree import Registry

TABLE = "alias"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def read_tables(tables: Mapping[str, Any], path: Path) -> dict[str, str]:
    """Return the aliases that the settings file holds. Raises Failed when they are not texts."""
    table = tables.get(TABLE, {})
    if not isinstance(table, dict) or not all(isinstance(meaning, str) for meaning in table.values()):
        raise Failed(f"In {path}, 'alias' is not a table of texts.", f'Write it as [{TABLE}] and NAME = "LINE".')
    return dict(table)


def require_valid(name: str, meaning: str, registry: Registry) -> None:
    """Raise Mistake unless ``name`` can be an alias of ``meaning``, which begins a line of the language."""
    from vshell.formats.text import tokens_in
    from vshell.language.grammar import find_alias, parse_literal

    if _NAME.fullmatch(name) is None:
        raise Mistake(f"'{visible(name)}' cannot name an alias.", "Use small letters, digits, - and _.")
    said = parse_literal(name, registry)
    is_comment = any(word.role == "comment" for word in said.words)
    if name in registry.root.words or name in ("let", "watch") or said.assigns is not None or is_comment:
        raise Mistake(f"'{name}' is a word of the shell's own.", "Choose another name.")
    reading = parse_literal(meaning, registry)
    if any(word.secret for word in reading.words) or any(tokens_in(meaning)):
        raise Mistake("An alias holds no secret: the settings file is not private.", "Leave it out.")
    another = find_alias(meaning, registry)
    if another is not None:
        first = meaning[another.start : another.end]
        raise Mistake(
            f"'{first}' is an alias itself, and no alias begins with one.",
            f"Begin with what it stands for: {visible(another.meaning)}",
        )
    if reading.command is None or "\n" in meaning or reading.assigns is not None:
        raise Mistake(
            f"'{visible(meaning)}' does not begin with a command.", "For example: alias add mine 'apitoken list'"
        )


def remove(path: Path, name: str) -> None:
    """Take an alias out of the settings file. Raises NotFound when it is not there."""
    from vshell.state import settings, toml_edit

    if name not in read_tables(settings.read_tables(path), path):
        raise NotFound(f"There is no alias '{visible(name)}'.", "See: alias list")
    settings.edit_file(path, lambda text: toml_edit.remove_value(text, TABLE, name))
