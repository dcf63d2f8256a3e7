"""The state file: what the shell stores for itself between runs, in JSON readable by its owner alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vshell.errors import Failed
from vshell.state import paths, private_files, tab_facts

TABLES = ("sessions", "tokens", "token_origins")
"""What is left out where it is no table: nothing of it can be used."""


def read_state(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the state file says; a file that is missing, damaged or not private says nothing."""
    try:
        facts = json.loads(private_files.read(_state_file(environment)) or "{}")
    except (ValueError, private_files.NotPrivateError):
        return {}
    if not isinstance(facts, dict):
        return {}
    return {name: fact for name, fact in facts.items() if name not in TABLES or isinstance(fact, dict)}


def change_state(environment: Mapping[str, str], change: Callable[[dict[str, Any]], object]) -> None:
    """Change the state file. Raises Failed when it cannot be written."""
    path = _state_file(environment)
    try:
        with private_files.hold_lock(path.with_name("state.lock")):
            facts = read_state(environment)
            change(facts)
            private_files.write(path, json.dumps(facts, indent=2) + "\n")
            write_facts(environment)
    except OSError as trouble:
        raise Failed(f"The state file {path} could not be written: {trouble.strerror}.") from None


def write_facts(environment: Mapping[str, str] = os.environ) -> list[list[str]]:
    """Write down the name of the current server for Tab, and return it in a row, no row for none."""
    path = _state_file(environment)
    time = tab_facts.time_of_change(str(path))  # before it is read: what changes meanwhile makes the facts too old
    current = read_state(environment).get("current_server")
    rows = [[current]] if isinstance(current, str) else []
    return tab_facts.write("state", str(path), time, rows, environment)


def _state_file(environment: Mapping[str, str]) -> Path:
    return paths.state_directory(environment) / "state.json"
