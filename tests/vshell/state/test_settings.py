"""Settings: what they may be, and the user's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.people import checksum
from vshell.errors import Failed, Mistake
from vshell.state import settings
from vshell.state.settings import Settings


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("output", "json", "json"),
        ("editing", "vi", "vi"),
        ("timeout_seconds", "1", 1),
        ("timeout_seconds", "3600", 3600),
    ],
)
def test_a_value_is_taken(name: str, text: str, value: str | int) -> None:
    assert getattr(settings.replace_setting(Settings(), name, text), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("output", "xml"),
        ("output", ""),
        ("color", "JSON"),
        ("timeout_seconds", "0"),
        ("timeout_seconds", "3601"),
        ("timeout_seconds", "-1"),
        ("timeout_seconds", "٣"),
        ("timeout_seconds", "9" * 5000),
        ("nothing", "x"),
    ],
)
def test_a_value_is_refused_with_what_is_possible(name: str, text: str) -> None:
    with pytest.raises(Mistake) as caught:
        settings.parse_value(name, text)
    assert caught.value.hint


def test_every_setting_has_an_entry_and_its_default_is_allowed() -> None:
    for name in settings.SETTINGS:
        default = getattr(Settings(), name)
        assert settings.parse_value(name, str(default)) == default
    assert set(settings.SETTINGS) == set(Settings._fields)


def test_without_a_file_there_are_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert settings.parse_settings(settings.read_tables(path), path) == Settings()


def test_a_kept_setting_is_read_back_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "vshell" / "settings.toml"
    settings.save_value(path, "settings", "output", "csv")
    path.write_text(path.read_text() + "# mine\nfuture = 'x'\n")
    settings.save_value(path, "settings", "timeout_seconds", 5)
    assert "# mine" in path.read_text()
    chosen = settings.parse_settings(settings.read_tables(path), path)
    assert (chosen.output, chosen.timeout_seconds) == ("csv", 5)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("")
    link = tmp_path / "settings.toml"
    link.symlink_to(real)
    settings.save_value(link, "settings", "output", "csv")
    assert link.is_symlink()
    assert real.read_text() == '[settings]\noutput = "csv"\n'


@pytest.mark.parametrize(
    "text", ["[settings", "settings = 3", "[settings]\noutput = 'xml'", "[settings]\ntimeout_seconds = true"]
)
def test_a_wrong_file_is_told_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(Failed, match=r"settings\.toml"):
        settings.parse_settings(settings.read_tables(path), path)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Failed, match="UTF-8"):
        settings.read_tables(path)


def test_what_only_a_person_can_edit_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('settings = {output = "json"}\n')
    with pytest.raises(Failed, match="was not changed"):
        settings.save_value(path, "settings", "output", "csv")
    assert path.read_text() == 'settings = {output = "json"}\n'


def test_a_token_never_gets_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    token = "JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6" + checksum("JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6")
    with pytest.raises(Mistake, match="hold no tokens"):
        settings.edit_file(path, lambda text: f'ca_file = "{token}"\n')
    assert not path.exists()
