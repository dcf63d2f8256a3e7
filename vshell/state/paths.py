"""Where the shell keeps its files, by the XDG Base Directory Specification.

Settings are the user's, the state is the shell's own. The data directory is the embedded server's and the one
that ``vshell-server`` takes by default. On Windows and macOS platformdirs gives the places; on other systems
four environment variables are enough, and quicker than an import.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

SYSTEM_DATA = Path("/var/lib/vshell")
"""The data directory of a server that runs as a system service."""


def settings_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the file of the user's settings and named servers."""
    return _place(environment, "XDG_CONFIG_HOME", ".config", "config") / "settings.toml"


def sessions_directory(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the directory of sessions kept in files, by explicit choice only."""
    return _place(environment, "XDG_CONFIG_HOME", ".config", "config") / "sessions"


def vigo_token_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the file in which a token is kept by explicit choice only: the one that Vigo documents."""
    return _place(environment, "XDG_CONFIG_HOME", ".config", "config").with_name("vigo") / "token"


def state_directory(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the directory of what the shell stores on its own: the chosen server, the history."""
    return _place(environment, "XDG_STATE_HOME", ".local/state", "state")


def data_directory(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the data directory of this user's own server; ``VSHELL_DATA`` is not looked at here."""
    return _place(environment, "XDG_DATA_HOME", ".local/share", "data")


def _place(environment: Mapping[str, str], variable: str, below_home: str, kind: str) -> Path:
    named = environment.get(variable, "").strip()
    if named and os.path.isabs(named):  # The specification: a relative path is to be ignored.
        return Path(named) / "vshell"
    if sys.platform in ("win32", "darwin"):
        import platformdirs

        return Path(getattr(platformdirs, f"user_{kind}_dir")("vshell", appauthor=False))
    home = environment.get("HOME")
    return (Path(home) if home else Path.home()) / below_home / "vshell"
