"""The history of the prompt: each line of what was entered, in the server's file."""

import asyncio
from pathlib import Path

import pytest

from tests.vshell.small import REGISTRY
from vshell.prompt.history import HistoryFile, LineHistory
from vshell.prompt.input_line import LineParser
from vshell.state import history

LINES = LineParser(REGISTRY, dict)


class Places:
    """Where the file is, as a test says."""

    def __init__(self, path: Path, known: bool = True) -> None:
        self.path = path
        self.known = known
        self.told: list[str] = []

    def file(self) -> HistoryFile:
        """Return a file there."""
        return HistoryFile(lambda: self.path, lambda: self.path if self.known else None, self.told.append)


def test_each_line_is_an_entry_without_its_secret(tmp_path: Path) -> None:
    places = Places(tmp_path / "h")
    kept = LineHistory(LINES, places.file())
    kept.append_string("apitoken list\nmanager create --username bob --password hunter2\n send GET /x")
    kept.append_string("apitoken list")
    kept.append_string("apitoken list")
    expected = ["apitoken list", "manager create --username bob --password ***", "apitoken list"]
    assert kept.get_strings() == expected
    assert history.load(places.path) == expected


def test_the_newest_comes_first(tmp_path: Path) -> None:
    places = Places(tmp_path / "h")
    for line in ("one", "two"):
        history.append(places.path, line)
    assert list(places.file().load_history_strings()) == ["two", "one"]


def test_lines_wait_for_the_file_to_be_known(tmp_path: Path) -> None:
    places = Places(tmp_path / "h", known=False)
    file = places.file()
    file.store_string("one")
    assert not places.path.exists()
    places.known = True
    file.store_string("two")
    assert history.load(places.path) == ["one", "two"]


def test_without_a_server_the_first_file_is_used(tmp_path: Path) -> None:
    places = Places(tmp_path / "h", known=False)
    file = places.file()
    list(file.load_history_strings())
    file.store_string("one")
    file.flush()
    assert history.load(places.path) == ["one"]


def test_trouble_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    places = Places(tmp_path / "taken" / "h")
    file = places.file()
    assert list(file.load_history_strings()) == []
    file.store_string("one")
    file.store_string("two")
    assert len(places.told) == 1
    assert places.told[0].startswith(f"The history is not kept in {places.path}: ")


def test_lines_that_are_there_come_at_once_to_the_next_prompt(tmp_path: Path) -> None:
    places = Places(tmp_path / "h")
    history.append(places.path, "one")
    kept = LineHistory(LINES, places.file())

    async def loaded() -> list[str]:
        return [line async for line in kept.load()]

    assert asyncio.run(loaded()) == ["one"]
    kept.append_string("apitoken list")
    with pytest.raises(StopIteration) as first:
        kept.load().__anext__().send(None)  # no event loop has to turn for it
    assert first.value.value == "apitoken list"
    assert asyncio.run(loaded()) == ["apitoken list", "one"]


def test_what_was_read_before_it_is_asked_for_comes_at_once(tmp_path: Path) -> None:
    places = Places(tmp_path / "h")
    history.append(places.path, "one")
    kept = LineHistory(LINES, places.file())
    kept.wait(10)  # Nothing has begun.
    kept.begin()
    kept.begin()
    kept.wait(10)
    with pytest.raises(StopIteration) as first:
        kept.load().__anext__().send(None)  # no event loop has to turn for it
    assert first.value.value == "one"
