"""project: the mark of a directory, from use to clear, and the header that carries it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.vshell.commands.typing import Typist
from tests.vshell.web import Reply, serving
from vshell.client import connect
from vshell.client.connect import ConnectOptions
from vshell.errors import NotAllowed, NotFound
from vshell.state import projects


def test_a_directory_from_its_mark_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(tmp_path)
    with serving(lambda asked: Reply(200, {"username": "dan"})) as web:
        typist = Typist(connect.connect(ConnectOptions(server=web.url)))
        typist.type("whoami")
        assert typist.type("project use webshop") == "Commands here are for the project webshop from now on.\n"
        typist.type("whoami")
        monkeypatch.chdir(below)
        assert f"{tmp_path / projects.FILE}" in typist.type("project show --output json")
        other = Typist(connect.connect(ConnectOptions(server=web.url)))
        other.type("whoami")
        assert other.type("project clear") == f"{tmp_path / projects.FILE} has been removed.\n"
        other.type("whoami")
        assert [asked.headers.get(projects.HEADER) for asked in web.asked] == [None, "webshop", "webshop", None]
        for line in ("project show", "project clear"):
            with pytest.raises(NotFound, match=r"for no project|no mark of a project"):
                other.type(line)
        for each in (typist, other):
            each.session.client.close()


def test_a_mark_that_names_none_is_cleared_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / projects.FILE).write_text("no name\n")
    with serving(lambda asked: Reply(200, {})) as web:
        typist = Typist(connect.connect(ConnectOptions(server=web.url)))
        assert typist.type("project clear") == f"{tmp_path / projects.FILE} has been removed.\n"
    assert projects.find_file(tmp_path) is None


def test_the_mark_of_another_user_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = projects.mark_directory(tmp_path, "theirs")
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    monkeypatch.setattr(projects, "ROOT", me + 2)
    with serving(lambda asked: Reply(200, {})) as web:
        typist = Typist(connect.connect(ConnectOptions(server=web.url)))
        with pytest.raises(NotFound, match="for no project"):
            typist.type("project show")
        with pytest.raises(NotAllowed, match="is another user's"):
            typist.type("project clear")
    assert path.exists()


def test_the_variable_goes_before_the_mark_which_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(projects.VARIABLE, "blog")
    with serving(lambda asked: Reply(200, {"username": "dan"})) as web:
        typist = Typist(connect.connect(ConnectOptions(server=web.url)))
        typist.type("project use webshop")
        assert "VSHELL_PROJECT is set and goes before it: commands are for blog." in typist.err.getvalue()
        typist.type("whoami")
        assert web.asked[-1].headers[projects.HEADER] == "blog"
        assert "none: VSHELL_PROJECT names it" in typist.type("project show")
        typist.type("project clear")
        assert "Commands here are for the project blog now." in typist.err.getvalue()
        typist.session.client.close()
