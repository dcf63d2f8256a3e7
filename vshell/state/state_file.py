"""The state file: what the shell stores for itself between runs, in JSON readable by its owner alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vshell.errors import Failed
from vshell.state import paths, private_files


def state(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the state file says; a file that is missing, damaged or not private says nothing."""
    try:
        facts = json.loads(private_files.read(_state_file(environment)) or "{}")
    except (ValueError, private_files.NotPrivateError):
        return {}
    if not isinstance(facts, dict):
        return {}
    if not isinstance(facts.get("sessions", {}), dict):
        del facts["sessions"]
    return facts


def remember(environment: Mapping[str, str], change: Callable[[dict[str, Any]], object]) -> None:
    """Change the state file. Raises Failed when it cannot be written."""
    path = _state_file(environment)
    try:
        with private_files.locked(path.with_name("state.lock")):
            facts = state(environment)
            change(facts)
            private_files.write(path, json.dumps(facts, indent=2) + "\n")
    except OSError as trouble:
        raise Failed(f"The state file {path} could not be written: {trouble.strerror}.") from None


def _state_file(environment: Mapping[str, str]) -> Path:
    return paths.state_directory(environment) / "state.json"
