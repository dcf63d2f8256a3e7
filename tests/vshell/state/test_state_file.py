"""The state file: what is damaged or open to others says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from vshell.errors import Failed
from vshell.state import paths, private_files, state_file


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home)}


@pytest.mark.parametrize("text", ["", "[", "[]", '{"sessions": []}'])
def test_a_damaged_state_says_nothing(environment: dict[str, str], text: str) -> None:
    path = paths.state_directory(environment) / "state.json"
    private_files.write(path, text)
    assert state_file.read_state(environment) == {}


def test_a_state_that_others_can_write_says_nothing(environment: dict[str, str]) -> None:
    state_file.change_state(environment, lambda facts: facts.update(current_server="evil"))
    (paths.state_directory(environment) / "state.json").chmod(0o666)
    assert state_file.read_state(environment) == {}


def test_a_state_that_cannot_be_written_is_told(environment: dict[str, str]) -> None:
    Path(environment["HOME"], ".local").write_text("a file where a directory should be")
    with pytest.raises(Failed, match="could not be written"):
        state_file.change_state(environment, lambda facts: facts.update(x=1))
