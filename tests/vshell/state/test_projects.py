"""The project of the directory: found upwards, one line, no more than a name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vshell.errors import Failed, Mistake
from vshell.state import projects


def test_the_nearest_file_above_counts(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert projects.find_project(below) is None
    projects.mark_directory(tmp_path, "webshop")
    assert projects.find_project(below) == "webshop"
    projects.mark_directory(tmp_path / "a", "api-2.0")
    assert (projects.find_project(below), projects.find_project(tmp_path)) == ("api-2.0", "webshop")
    projects.remove_mark(tmp_path / "a" / projects.FILE)
    projects.remove_mark(tmp_path / "a" / projects.FILE)
    assert projects.find_file(below) == tmp_path / projects.FILE


@pytest.mark.parametrize("name", ["", "a b", "-x", "a" * 65, "x\r\ny", "ü", "../x"])
def test_what_cannot_name_a_project_is_neither_written_nor_believed(name: str, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="cannot name a project"):
        projects.mark_directory(tmp_path, name)
    assert projects.find_file(tmp_path) is None
    (tmp_path / projects.FILE).write_text(f"{name}\n", encoding="utf-8")
    if name != "x\r\ny":
        with pytest.raises(Failed, match="names no project"):
            projects.find_project(tmp_path)


def test_a_directory_of_that_name_is_none(tmp_path: Path) -> None:
    (tmp_path / projects.FILE).mkdir()
    assert projects.find_file(tmp_path) is None


def test_the_variable_goes_before_the_file_and_may_say_none(tmp_path: Path) -> None:
    projects.mark_directory(tmp_path, "webshop")
    for value, project in (("blog", "blog"), (" blog\n", "blog"), ("", None), (" ", None)):
        assert projects.find_project(tmp_path, {projects.VARIABLE: value}) == project
    with pytest.raises(Mistake, match="cannot name a project"):
        projects.find_project(tmp_path, {projects.VARIABLE: "a b"})


def test_the_mark_of_another_user_does_not_count_nor_one_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    projects.mark_directory(tmp_path, "mine")
    path = projects.mark_directory(theirs, "planted")
    assert projects.find_warning(theirs) is None
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    monkeypatch.setattr(projects, "ROOT", me + 2)
    monkeypatch.setenv("SUDO_UID", str(me))  # it counts for root alone
    told = projects.find_warning(theirs)
    assert told is not None
    assert f"{path} is another user's" in told.sentence
    assert projects.find_project(theirs) is None
    assert projects.find_warning(theirs, {projects.VARIABLE: ""}) is None
    monkeypatch.setattr(projects, "ROOT", me)
    assert projects.find_project(theirs) == "planted", "root may mark a directory for everybody"


def test_root_believes_the_mark_of_who_asked_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    projects.mark_directory(tmp_path, "webshop")
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    monkeypatch.setattr(projects, "ROOT", me + 1)
    for asked, project in ((None, None), ("x", None), (str(me), "webshop")):
        monkeypatch.setenv("SUDO_UID", asked) if asked else monkeypatch.delenv("SUDO_UID", raising=False)
        assert projects.find_project(tmp_path) == project


def test_a_mark_is_written_through_no_link(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine\n")
    (tmp_path / projects.FILE).symlink_to(precious)
    projects.mark_directory(tmp_path, "webshop")
    assert (precious.read_text(), projects.find_project(tmp_path)) == ("mine\n", "webshop")
    assert sorted(path.name for path in tmp_path.iterdir()) == [projects.FILE, "precious"]


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="could not be written"):
        projects.mark_directory(tmp_path / "nowhere", "webshop")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(Failed, match="could not be removed"):
        projects.remove_mark(tmp_path / "full")
