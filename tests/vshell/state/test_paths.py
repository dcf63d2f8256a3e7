"""The places of the XDG specification."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vshell.state import paths

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="platformdirs decides there")


@pytest.mark.parametrize(
    ("place", "variable", "below_home"),
    [
        (paths.settings_file, "XDG_CONFIG_HOME", ".config/vshell/settings.toml"),
        (paths.sessions_directory, "XDG_CONFIG_HOME", ".config/vshell/sessions"),
        (paths.state_directory, "XDG_STATE_HOME", ".local/state/vshell"),
        (paths.data_directory, "XDG_DATA_HOME", ".local/share/vshell"),
    ],
)
def test_a_place_is_named_or_below_home(place: object, variable: str, below_home: str) -> None:
    assert callable(place)
    home = Path("/home/bob")
    assert place({"HOME": str(home)}) == home / below_home
    named = place({"HOME": str(home), variable: "/x"})
    assert named == Path("/x") / below_home[below_home.index("vshell") :]
    assert place({"HOME": str(home), variable: "relative"}) == home / below_home


def test_the_server_has_the_same_data_directory() -> None:
    import platformdirs

    assert str(paths.data_directory()) == platformdirs.user_data_dir("vshell", appauthor=False)
