"""Learn names from what a command printed, so that the next line can be completed with them at once."""

from collections.abc import Mapping, Sequence

from vshell.completion.live_names import LiveNames
from vshell.completion.resources import NOUNS, OBJECTS
from vshell.language.parsed_line import ParsedLine


def learn_names(parsed: ParsedLine, result: object, names: LiveNames) -> None:
    """Keep the names in a command's result, and drop those of what it removed."""
    command = parsed.command
    noun = OBJECTS.get(command.words[0]) if command else None
    if command is None or noun is None or parsed.common.get("dry_run") or parsed.acts_as:
        return
    if command.confirm:
        for name in set(NOUNS[noun].fields).intersection(parsed.values):
            names.forget(noun, name, parsed.values[name])
    elif isinstance(result, Mapping):
        # Of what was made the answer tells the id alone; the rest stands in the line.
        names.learn(noun, [{**(parsed.values if command.changes else {}), **result}])
    elif isinstance(result, Sequence) and not isinstance(result, str):
        names.learn(noun, result)
