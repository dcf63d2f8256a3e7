"""The project of the directory: found upwards, one line, no more than a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from vshell import projects
from vshell.errors import Failed, Mistake


def test_the_nearest_file_above_counts(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert projects.here(below) is None
    projects.mark(tmp_path, "webshop")
    assert projects.here(below) == "webshop"
    projects.mark(tmp_path / "a", "api-2.0")
    assert (projects.here(below), projects.here(tmp_path)) == ("api-2.0", "webshop")
    projects.unmark(tmp_path / "a" / projects.FILE)
    projects.unmark(tmp_path / "a" / projects.FILE)
    assert projects.found(below) == tmp_path / projects.FILE


@pytest.mark.parametrize("name", ["", "a b", "-x", "a" * 65, "x\r\ny", "ü", "../x"])
def test_what_cannot_name_a_project_is_neither_written_nor_believed(name: str, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="cannot name a project"):
        projects.mark(tmp_path, name)
    assert projects.found(tmp_path) is None
    (tmp_path / projects.FILE).write_text(f"{name}\n", encoding="utf-8")
    if name != "x\r\ny":
        with pytest.raises(Failed, match="names no project"):
            projects.here(tmp_path)


def test_a_directory_of_that_name_is_none(tmp_path: Path) -> None:
    (tmp_path / projects.FILE).mkdir()
    assert projects.found(tmp_path) is None


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="could not be written"):
        projects.mark(tmp_path / "nowhere", "webshop")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(Failed, match="could not be removed"):
        projects.unmark(tmp_path / "full")
