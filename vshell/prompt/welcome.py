"""What somebody is greeted with who starts a server of their own for the first time on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from vshell.errors import ShellError
from vshell.state import paths, state_file

TEXT = """\
Welcome. This server is your own.
Three lines to try:

  manager create --username ann
  apitoken create --owner ann
  apitoken list

"tutorial" walks you through them,
"help" lists everything, Tab completes."""


def greeting(environment: Mapping[str, str]) -> str | None:
    """Return the greeting, once: None when it was shown, or somebody has typed here before."""
    state = paths.state_directory(environment)
    if state_file.read_state(environment).get("greeted") or (state / "history").exists():
        return None
    with suppress(ShellError):  # Where nothing can be remembered, they are greeted again.
        state_file.change_state(environment, lambda facts: facts.update(greeted=True))
    return TEXT
