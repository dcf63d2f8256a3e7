"""alias: kept for later shells, used at once, listed, taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.vshell.commands.typing import Typist
from vshell.client.client import HttpClient
from vshell.errors import Mistake, NotFound
from vshell.registry.tree import REGISTRY
from vshell.state import paths


@pytest.fixture
def typist() -> Iterator[Typist]:
    """Somebody without aliases."""
    yield Typist(HttpClient.at("https://x.invalid"))
    REGISTRY.expansions.clear()


def test_an_alias_is_used_at_once_listed_and_taken_away(typist: Typist) -> None:
    said = typist.type("alias add conf 'show settings --columns setting'")
    assert said == "conf stands for: show settings --columns setting\n"
    full = typist.type("show settings --columns setting --output json")
    assert json.loads(typist.type("conf --output json")) == json.loads(full)
    assert json.loads(typist.type("alias list --output json")) == [
        {"alias": "conf", "line": "show settings --columns setting"}
    ]
    assert "conf is your alias of: show settings" in typist.type("help conf")
    assert "Your aliases:" in typist.type("help")
    assert '[alias]\nconf = "show settings' in paths.settings_file().read_text()
    typist.type("alias remove conf")
    with pytest.raises(Mistake):
        typist.type("conf")
    with pytest.raises(NotFound):
        typist.type("alias remove conf")


def test_a_command_is_not_shadowed_and_nothing_is_kept(typist: Typist) -> None:
    with pytest.raises(Mistake, match="word of the shell's own"):
        typist.type("alias add apitoken 'apitoken list'")
    assert not paths.settings_file().exists()
