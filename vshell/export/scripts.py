"""The completion scripts of bash, zsh and fish: the tables as functions, and the engine of a template.

The templates ``vshell.bash``, ``vshell.zsh`` and ``vshell.fish`` beside this module are shell programs with three
places to fill: ``@TABLES@``, ``@AGAIN@`` and ``@ALIASES@``. They start us for live names only. Bash shows no
explanations, so its records have none.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from vshell.export.tables import AGAIN, ALIASES, Option, Tables, Word


def write_bash(tables: Tables) -> str:
    """Return the script for bash: functions that set RECORDS to the records of the node $1."""
    return _write_posix("vshell.bash", tables, "RECORDS=(", lambda quoted: " ".join(quoted) + ")", explained=False)


def write_zsh(tables: Tables) -> str:
    """Return the script for zsh: functions that set records to those of the node $1."""
    return _write_posix(
        "vshell.zsh",
        tables,
        "records=(",
        lambda quoted: "\n" + "".join(f"        {each}\n" for each in quoted) + "    )",
    )


def _write_posix(
    template: str, tables: Tables, begin: str, join: Callable[[Iterable[str]], str], *, explained: bool = True
) -> str:
    """Return a script whose functions set an array, which ``begin`` begins; ``join`` joins and ends its records."""

    def array(records: Iterable[str]) -> str:
        return begin + join(f"'{_escape(record)}'" for record in records)

    def flags(name: str, records: Iterable[str]) -> str:
        return f"\n_{name}() {{\n    {array(records)}\n}}\n"

    def function(name: str, records: Mapping[str, Iterable[str]]) -> str:
        cases = [f"    '{_escape(node)}') {array(lines)} ;;" for node, lines in records.items()]
        return "\n".join(["", f"_{name}() {{", "    case $1 in", *cases, f"    *) {begin}) ;;", "    esac", "}", ""])

    return _fill(template, tables, flags, function, explained=explained)


def write_fish(tables: Tables) -> str:
    """Return the script for fish: functions that print the records of the node $argv[1]."""

    def quote(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def lines(records: Iterable[str], indent: str) -> str:
        return f"{indent}printf '%s\\n'" + "".join(f" \\\n{indent}    {quote(each)}" for each in records) + "\n"

    def flags(name: str, records: Iterable[str]) -> str:
        return f"\nfunction __{name}\n{lines(records, '    ')}end\n"

    def function(name: str, records: Mapping[str, Iterable[str]]) -> str:
        cases = [f"        case {quote(node)}\n{lines(each, '            ')}" for node, each in records.items() if each]
        return f"\nfunction __{name}\n    switch $argv[1]\n{''.join(cases)}    end\nend\n"

    return _fill("vshell.fish", tables, flags, function)


def _fill(
    template: str,
    tables: Tables,
    flags: Callable[[str, Iterable[str]], str],
    function: Callable[[str, Mapping[str, Iterable[str]]], str],
    *,
    explained: bool = True,
) -> str:
    """Return a script by its template: the tables in one function for each, their records with explanations or not."""

    def join(records: Iterable[Word | Option]) -> list[str]:
        return ["|".join(map(str, record if explained else record[:-1])) for record in records]

    functions = flags("vshell_flags", join(tables.flags))
    functions += function("vshell_words", {node: join(words) for node, words in tables.words.items()})
    functions += function("vshell_options", {node: join(options) for node, options in tables.options.items()})
    functions += function("vshell_positionals", tables.positionals)
    text = Path(__file__).with_name(template).read_text(encoding="utf-8")
    return text.replace("@AGAIN@", AGAIN).replace("@ALIASES@", ALIASES).replace("@TABLES@", functions)


def _escape(text: str) -> str:
    """Return a text as bash and zsh read it back between single quotes."""
    return text.replace("'", "'\\''")
