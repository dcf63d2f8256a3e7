"""Usage lines of commands, as vcli's documentation has them, and words with explanations beside them.

    apitoken create [--name TOKEN_NAME]
                    [--expiry-date EXPIRATION_TIME]
                    [--owner OWNER]

Each option has a line, under the first one; what may be left out is in brackets; of ``{--a A | --b B}`` one is
needed. The options that all commands share are not repeated in each (help lists them once).
"""

from collections.abc import Iterable

from vshell.kinds import Kind, Switch
from vshell.registry.tree import Command, Parameter
from vshell.terminal.widths import flow


def usage_lines(command: Command) -> str:
    """Return the usage lines of ``command`` without a line end after the last."""
    head = " ".join([*command.words, *map(_word, command.positionals)])
    options = _options(command)
    return f"{head} " + ("\n" + " " * (len(head) + 1)).join(options) if options else head


def _word(parameter: Parameter) -> str:
    """Return how a word without an option is written."""
    metavar = parameter.kind.metavar
    if parameter.place == "rest":
        return f"[{metavar} ...]"
    return metavar if parameter.required else f"[{metavar}]"


def _options(command: Command) -> list[str]:
    """Return the options in their declared order, a group of alternatives where its first one stands."""
    options: list[str] = []
    grouped: set[str] = set()
    forms = {p.name: _forms(p) for p in command.parameters if p.place == "option"}
    for parameter in command.parameters:
        if parameter.name in grouped or parameter.name not in forms:
            continue
        group = next((group for group in command.one_of if parameter.name in group), None)
        if group:
            grouped.update(group)
            options.append("{" + " | ".join(form for name in group for form in forms[name]) + "}")
        else:
            options += [form if parameter.required else f"[{form}]" for form in forms[parameter.name]]
    return options


def _forms(parameter: Parameter) -> list[str]:
    """Return each way to write the option, without brackets; spellings of one meaning stand together."""
    if isinstance(parameter.kind, Switch) and parameter.kind.off:
        return list(parameter.spellings)
    return [f"{'|'.join(parameter.forms)} {parameter.kind.metavar}".rstrip()]


def explain_kind(kind: Kind) -> str:
    """Return what a value of this kind is, in a sentence; nothing for a switch."""
    return f"{kind.metavar} is {kind.explanation}." if kind.takes_value else ""


def explain_words(rows: Iterable[tuple[str, str]], width: int) -> str:
    """Return words with an explanation beside each, in lines of at most ``width`` columns of the terminal."""
    listed = list(rows)
    wide = min(30, max(8, width // 2 - 6), max((len(word) for word, _ in listed), default=0))
    margin = " " * (wide + 4)
    shown: list[str] = []
    for word, text in listed:
        lines = [margin + line for line in flow(text.replace("\n", " "), max(10, width - len(margin)))]
        if len(word) <= wide:
            lines[0] = f"  {word.ljust(wide)}  {lines[0][len(margin) :]}"
        else:
            lines.insert(0, f"  {word}")
        shown += lines
    return "\n".join(line.rstrip() for line in shown)
