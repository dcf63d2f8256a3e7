"""The registry to read: a reference of all commands in reStructuredText, and all of it as JSON."""

import json
from collections.abc import Iterator
from textwrap import dedent, indent

from vshell.export.tables import values_of
from vshell.help.usage import explain_kind, usage_lines
from vshell.registry.tree import Command, Parameter, Registry


def text(registry: Registry) -> str:
    """Return the reference of all commands, by their names."""
    head = "Commands of vshell"
    return "\n".join(
        [head, "=" * len(head), *("\n".join(_section(each)) for each in sorted(registry, key=lambda each: each.name))]
    )


def _section(command: Command) -> Iterator[str]:
    """Yield the lines about one command."""
    yield from ("", command.name, "-" * len(command.name), "", command.summary, "")
    if command.long_help.strip():
        yield from (dedent(command.long_help).strip(), "")
    yield from ("::", "", indent(usage_lines(command), "    "), "")
    for parameter in command.parameters:
        heading = f"{' '.join(parameter.forms) or parameter.kind.metavar}"
        needed = " Required." if parameter.required else ""
        yield from (f"``{heading}``", f"    {parameter.help}{needed} {explain_kind(parameter.kind)}")
    if command.aliases:
        yield from ("", "Also: " + ", ".join(f"``{' '.join(alias)}``" for alias in command.aliases) + ".")
    yield from ("", "Examples::", "", *(f"    {example}" for example in command.examples), "")


def json_text(registry: Registry) -> str:
    """Return all objects and commands as one JSON text."""

    def describe(parameter: Parameter) -> dict[str, object]:
        return {
            "name": parameter.name,
            "place": parameter.place,
            "spellings": parameter.spellings,
            "required": parameter.required,
            "repeatable": parameter.repeatable,
            "secret": parameter.kind.secret,
            "metavar": parameter.kind.metavar,
            "kind": type(parameter.kind).__name__,
            "explanation": parameter.kind.explanation,
            "help": parameter.help,
            "values": values_of(parameter.kind) if parameter.place == "option" else None,
        }

    commands = [
        {
            "name": command.name,
            "summary": command.summary,
            "description": dedent(command.long_help).strip(),
            "usage": usage_lines(command),
            "parameters": list(map(describe, command.parameters + command.common)),
            "one_of": command.one_of,
            "changes": command.changes,
            "asks": command.confirm is not None,
            "columns": [column.name for column in command.view.columns],
            "more_columns": command.view.more,
            "examples": command.examples,
            "aliases": [" ".join(alias) for alias in command.aliases],
        }
        for command in registry
    ]
    return json.dumps({"objects": registry.objects, "commands": commands}, indent=2, ensure_ascii=False) + "\n"
