"""The scripts as they are written: the tables as functions of each shell, and no place left to fill.

What they offer in the real shells is in ``test_bash``, ``test_fish`` and ``test_zsh``.
"""

from collections.abc import Callable

import pytest

from vshell.export import scripts
from vshell.export.tables import Option, Tables, Word

TABLES = Tables(
    flags=(Option("--local", 1, "none", "The user's own."),),
    words={"": (Word("apitoken", "apitoken", "Tokens."),)},
    options={"apitoken": (Option("--name", 2, "any", r"A \ name."),)},
    positionals={"apitoken": ("file...",)},
)


@pytest.mark.parametrize(
    ("write", "parts"),
    [
        (scripts.write_bash, ("RECORDS=('--local|1|none')", "'') RECORDS=('apitoken|apitoken') ;;", "('file...') ;;")),
        (scripts.write_zsh, (r"'--local|1|none|The user'\''s own.'", r"'--name|2|any|A \ name.'", "'file...'")),
        (scripts.write_fish, (r"'--local|1|none|The user\'s own.'", r"'--name|2|any|A \\ name.'", "case 'apitoken'")),
    ],
)
def test_the_tables_are_functions_and_every_place_is_filled(
    write: Callable[[Tables], str], parts: tuple[str, ...]
) -> None:
    script = write(TABLES)
    assert [part for part in parts if part not in script] == []
    assert not any(place in script for place in ("@TABLES@", "@AGAIN@", "@ALIASES@"))
