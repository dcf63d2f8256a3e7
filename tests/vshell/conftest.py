"""A home of its own for every test: nobody's settings, sessions or servers are touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests.vshell.keyring_backends import Memory


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point all places of the shell into a fresh directory, and take its variables out."""
    place = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(place))
    for variable in ("SERVER", "TOKEN", "DATA", "OUTPUT", "PROJECT", "DEBUG"):
        monkeypatch.delenv(f"VSHELL_{variable}", raising=False)
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "NO_COLOR", "CI"):
        monkeypatch.delenv(variable, raising=False)
    return place


@pytest.fixture
def memory_keyring() -> Iterator[None]:
    """Have a keyring that works, empty, and nobody's."""
    before = keyring.get_keyring()
    Memory.kept.clear()
    keyring.set_keyring(Memory())
    yield
    keyring.set_keyring(before)
