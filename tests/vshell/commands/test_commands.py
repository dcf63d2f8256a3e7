"""All commands together: found by themselves, explained, with an example and a view."""

from pathlib import Path

import pytest

import vshell.commands
from vshell.help import usage
from vshell.registry.tree import REGISTRY, Command

COMMANDS = list(REGISTRY)


def test_every_module_of_the_folder_is_imported() -> None:
    folder = Path(vshell.commands.__file__).parent
    nouns = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    declared = {command.function.__module__.rpartition(".")[2] for command in COMMANDS}
    assert nouns - declared <= {"dialects"}, "a module that declares no command"
    assert "apitoken" in declared


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_is_explained_shown_and_exemplified(command: Command) -> None:
    assert command.summary.endswith(".")
    assert command.examples
    assert command.view is not None
    for parameter in command.parameters:
        assert parameter.help.endswith((".", "?")), parameter.name
    assert usage.usage_lines(command).startswith(command.name)
