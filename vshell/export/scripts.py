"""The completion scripts of bash, zsh and fish: the tables as functions, and the engine of a template.

The templates ``vshell.bash``, ``vshell.zsh`` and ``vshell.fish`` beside this module are shell programs with three
places to fill: ``@TABLES@``, ``@AGAIN@`` and ``@ALIASES@``. They start us for live names only. Bash shows no
explanations, so its records have none.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from vshell.export.tables import AGAIN, ALIASES, Option, Tables, Word


def write_bash(tables: Tables) -> str:
    """Return the script for bash: functions that set RECORDS to the records of the node $1."""

    def array(records: Iterable[str]) -> str:
        return " ".join(map(_quote, records))

    def function(name: str, records: Mapping[str, Iterable[str]]) -> str:
        cases = [f"    {_quote(node)}) RECORDS=({array(lines)}) ;;" for node, lines in records.items()]
        return "\n".join(["", f"{name}() {{", "    case $1 in", *cases, "    *) RECORDS=() ;;", "    esac", "}", ""])

    return _fill(
        "vshell.bash",
        f"\n_vshell_flags() {{\n    RECORDS=({array(_join_all(tables.flags, 3))})\n}}\n",
        function("_vshell_words", {node: _join_all(words, 2) for node, words in tables.words.items()}),
        function("_vshell_options", {node: _join_all(options, 3) for node, options in tables.options.items()}),
        function("_vshell_positionals", tables.positionals),
    )


def write_zsh(tables: Tables) -> str:
    """Return the script for zsh: functions that set records to those of the node $1."""

    def array(records: Iterable[str]) -> str:
        return "".join(f"        {_quote(record)}\n" for record in records)

    def function(name: str, records: Mapping[str, Iterable[str]]) -> str:
        cases = [f"    {_quote(node)}) records=(\n{array(lines)}    ) ;;" for node, lines in records.items()]
        return "\n".join(["", f"{name}() {{", "    case $1 in", *cases, "    *) records=() ;;", "    esac", "}", ""])

    return _fill(
        "vshell.zsh",
        f"\n_vshell_flags() {{\n    records=(\n{array(_join_all(tables.flags, 4))}    )\n}}\n",
        function("_vshell_words", {node: _join_all(words, 3) for node, words in tables.words.items()}),
        function("_vshell_options", {node: _join_all(options, 4) for node, options in tables.options.items()}),
        function("_vshell_positionals", tables.positionals),
    )


def write_fish(tables: Tables) -> str:
    """Return the script for fish: functions that print the records of the node $argv[1]."""

    def quote(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def lines(records: Iterable[str], indent: str) -> str:
        return f"{indent}printf '%s\\n'" + "".join(f" \\\n{indent}    {quote(each)}" for each in records) + "\n"

    def function(name: str, records: Mapping[str, Iterable[str]]) -> str:
        cases = [f"        case {quote(node)}\n{lines(each, '            ')}" for node, each in records.items() if each]
        return f"\nfunction {name}\n    switch $argv[1]\n{''.join(cases)}    end\nend\n"

    return _fill(
        "vshell.fish",
        f"\nfunction __vshell_flags\n{lines(_join_all(tables.flags, 4), '    ')}end\n",
        function("__vshell_words", {node: _join_all(words, 3) for node, words in tables.words.items()}),
        function("__vshell_options", {node: _join_all(options, 4) for node, options in tables.options.items()}),
        function("__vshell_positionals", tables.positionals),
    )


def _join_all(records: Iterable[Word | Option], fields: int) -> list[str]:
    """Return the records as text, their first fields with ``|`` between them."""
    return ["|".join(map(str, record[:fields])) for record in records]


def _fill(template: str, *functions: str) -> str:
    """Return a script by its template."""
    text = Path(__file__).with_name(template).read_text(encoding="utf-8")
    text = text.replace("@AGAIN@", AGAIN).replace("@ALIASES@", ALIASES)
    return text.replace("@TABLES@", "".join(functions))


def _quote(text: str) -> str:
    """Return a text as bash and zsh read it back."""
    return "'" + text.replace("'", "'\\''") + "'"
