"""Settings, scripts, history, the screen and leaving."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.vshell.commands.typing import Typist
from vshell.client.client import HttpClient
from vshell.commands.shell import SettingName, SettingValue
from vshell.errors import Interrupted, Mistake, NotFound
from vshell.kinds import NoNames
from vshell.session import Session
from vshell.state import history, paths
from vshell.state.settings import SETTINGS, Settings

URL = "https://vms.example"


@pytest.fixture
def typist() -> Typist:
    return Typist(HttpClient.at(URL))


def test_a_setting_is_changed_for_this_shell_only(typist: Typist) -> None:
    assert typist.type("set output json") == (
        '{\n  "setting": "output",\n  "value": "json",\n  "lasts": "until this shell ends; --save would keep it"\n}\n'
    )
    rows = {row["setting"]: row["value"] for row in json.loads(typist.type("show settings"))}
    assert rows == Settings(output="json")._asdict()
    assert not paths.settings_file().exists()


def test_set_shows_the_settings_and_what_they_may_be(typist: Typist) -> None:
    for line in ("set", "show settings"):
        shown = typist.type(line)
        assert all(name in shown for name in SETTINGS)
        assert "The keys of the prompt. (emacs, vi)" in shown
        assert "(1 to 3600)" in shown
    assert "timeout_seconds" not in typist.type("set editing")
    assert "The keys of the prompt. (emacs, vi)" in typist.type("set editing")


def test_the_values_of_a_setting_are_offered() -> None:
    offers = SettingValue().complete("", NoNames(), {"setting": "editing"})
    assert [offer.text for offer in offers] == ["emacs", "vi"]
    assert not list(SettingValue().complete("", NoNames(), {}))
    assert SETTINGS["editing"].explanation in {offer.meta for offer in SettingName().complete("ed", NoNames(), {})}


def test_colour_is_switched_off_at_once(typist: Typist) -> None:
    assert typist.session.settings.color == "auto"
    typist.type("set color never")
    assert typist.session.settings.color == "never"


def test_a_setting_is_kept_when_that_is_said(typist: Typist) -> None:
    assert typist.type("set timeout_seconds 5 --save") == "The setting timeout_seconds is 5 from now on.\n"
    assert paths.settings_file().read_text() == "[settings]\ntimeout_seconds = 5\n"


@pytest.mark.parametrize("line", ["set output xml", "set nothing 1", "set nothing", "set timeout_seconds 0 --save"])
def test_a_wrong_setting_changes_nothing(typist: Typist, line: str) -> None:
    before = typist.session.settings
    with pytest.raises(Mistake):
        typist.type(line)
    assert typist.session.settings == before
    assert not paths.settings_file().exists()


def test_a_script_is_run_in_this_shell(typist: Typist, tmp_path: Path) -> None:
    script = tmp_path / "a.vsh"
    script.write_text("set output ids\nshow settings\nexit\nshow settings\n")
    assert typist.type(f"source {script}").splitlines()[-len(SETTINGS) :] == list(SETTINGS)
    assert typist.session.leaving


def test_a_failing_script_is_a_failing_line(typist: Typist, tmp_path: Path) -> None:
    script = tmp_path / "a.vsh"
    script.write_text("show settings\nnothing\nhelp nothing-at-all\n")
    with pytest.raises(Mistake, match="1 of the 2 lines"):
        typist.type(f"source {script}")
    assert f"{script}:2: There is no command 'nothing'." in typist.err.getvalue()
    with pytest.raises(Mistake, match="2 of the 3 lines"):
        typist.type(f"source {script} --keep-going")
    with pytest.raises(NotFound, match="no script"):
        typist.type("source nowhere.vsh")


def test_ctrl_c_in_a_script_stops_the_line_that_runs_it(
    typist: Typist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "a.vsh"
    script.write_text("show settings\n")

    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(typist.session.out, "show", interrupt)
    with pytest.raises(Interrupted):
        typist.type(f"source {script}")


def test_the_history_of_this_server(typist: Typist) -> None:
    assert typist.type("history") == ""
    path = history.find_file(URL, paths.state_directory())
    for number in range(3):
        history.append(path, f"help {number}")
    assert typist.type("history 2") == "    2  help 1\n    3  help 2\n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_only_a_terminal_is_cleared(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    assert typist.type("clear") == ""
    monkeypatch.setenv("TERM", "xterm")
    typist.session.out.stdout = terminal = Terminal()
    typist.type("clear")
    assert terminal.getvalue().startswith("\x1b[2J")


@pytest.mark.parametrize("word", ["exit", "quit"])
def test_leaving(typist: Typist, word: str) -> None:
    session: Session = typist.session
    typist.type(word)
    assert session.leaving
