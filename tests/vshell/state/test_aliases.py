"""Aliases in the settings file: never in the place of another word, never with a secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vshell.small import REGISTRY, TOKEN
from vshell.errors import Failed, Mistake, NotFound
from vshell.state import aliases, settings

REAL = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


@pytest.fixture(autouse=True)
def own_words() -> Iterator[None]:
    """Know three aliases for the length of a test."""
    REGISTRY.expansions.update(mine="apitoken list --owner bob", show="manager show", user="help")
    yield
    REGISTRY.expansions.clear()


@pytest.mark.parametrize(
    "name", ["", "Mine", "1st", "a b", "apitoken", "user", "let", "watch", "vault", "x" * 33, "-a"]
)
def test_a_name_that_is_taken_or_cannot_be_typed_is_refused(name: str) -> None:
    with pytest.raises(Mistake):
        aliases.require_valid(name, "apitoken list", REGISTRY)


@pytest.mark.parametrize(
    "meaning", ["", "xyzzy", "mine", "apitoken", "let t = help", "help\nexit", f"apitoken revoke --id {REAL}", "# x"]
)
def test_what_does_not_begin_with_a_command_is_refused(meaning: str) -> None:
    with pytest.raises(Mistake):
        aliases.require_valid("good", meaning, REGISTRY)


def test_an_alias_that_begins_with_an_alias_is_refused_and_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTRY.expansions, "l", "apitoken list")
    with pytest.raises(Mistake, match="'l' is an alias itself, and no alias begins with one") as refused:
        aliases.require_valid("ll", "l --owner bob", REGISTRY)
    assert refused.value.hint == "Begin with what it stands for: apitoken list"
    with pytest.raises(Mistake, match="does not begin with a command"):
        aliases.require_valid("ll", "xyzzy --owner bob", REGISTRY)


def test_a_secret_is_refused_and_not_repeated() -> None:
    with pytest.raises(Mistake, match="holds no secret") as refused:
        aliases.require_valid("good", "manager create --username x --password hunter2", REGISTRY)
    assert "hunter2" not in f"{refused.value} {refused.value.hint}"
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("meaning", ["apitoken list", "apitoken revoke", "manager show --username 'a b'"])
def test_a_line_may_be_unfinished(meaning: str) -> None:
    aliases.require_valid("good", meaning, REGISTRY)


def test_they_are_kept_in_the_settings_file_and_the_rest_of_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\n[settings]\noutput = "json"\n')
    settings.save_value(path, "alias", "one", "apitoken list --owner 'bob'")
    settings.save_value(path, "alias", "two", "help")
    assert aliases.read_tables(settings.read_tables(path), path) == {
        "one": "apitoken list --owner 'bob'",
        "two": "help",
    }
    aliases.remove(path, "one")
    assert aliases.read_tables(settings.read_tables(path), path) == {"two": "help"}
    aliases.remove(path, "two")
    assert path.read_text() == '# mine\n[settings]\noutput = "json"\n'
    with pytest.raises(NotFound):
        aliases.remove(path, "two")


@pytest.mark.parametrize("text", ['alias = "x"', "[alias]\nx = 1"])
def test_a_file_with_something_else_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(Failed, match="not a table of texts"):
        aliases.read_tables(settings.read_tables(path), path)
