"""project: the mark of a directory, from use to clear, and the header that carries it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vshell.commands.typing import Typist
from tests.vshell.web import Reply, serving
from vshell import connection, projects
from vshell.connection import Wishes
from vshell.errors import NotFound


def test_a_directory_from_its_mark_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(tmp_path)
    with serving(lambda asked: Reply(200, {"username": "dan"})) as web:
        typist = Typist(connection.connect(Wishes(server=web.url)))
        typist.type("whoami")
        assert typist.type("project use webshop") == "Commands here are for the project webshop from now on.\n"
        typist.type("whoami")
        monkeypatch.chdir(below)
        assert f"{tmp_path / projects.FILE}" in typist.type("project show --output json")
        other = Typist(connection.connect(Wishes(server=web.url)))
        other.type("whoami")
        assert other.type("project clear") == "The directory is for the project webshop no more.\n"
        other.type("whoami")
        assert [asked.headers.get(projects.HEADER) for asked in web.asked] == [None, "webshop", "webshop", None]
        for line in ("project show", "project clear"):
            with pytest.raises(NotFound, match="for no project"):
                other.type(line)
        for each in (typist, other):
            each.session.api.close()


def test_a_mark_that_names_none_is_cleared_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / projects.FILE).write_text("no name\n")
    with serving(lambda asked: Reply(200, {})) as web:
        typist = Typist(connection.connect(Wishes(server=web.url)))
        assert typist.type("project clear") == "The directory is for the project None no more.\n"
    assert projects.found(tmp_path) is None
