"""The servers that tokens are of, by public id: a token given alone goes to its own data centre.

- Known are the tokens that a server gave this shell, whichever command made them (the connection
  learns them when it is closed), and those that are stored. No secret is kept here; in CI nothing is.
- One that is known to be of a data centre is shown to no server of another one, whether that was chosen by --dc, by
  --server or by VSHELL_SERVER. How the server of any other token is found is said in ``home_proof``.
- An address of this machine counts only while a named or running server has it: the next server there may be
  another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from vshell.errors import Mistake, ShellError
from vshell.formats.text import id_of, visible
from vshell.state import identity, servers, state_file
from vshell.terminal.questions import in_ci

MOST = 500
"""How many are remembered; the oldest go first."""


def find_origin(token: str, environment: Mapping[str, str]) -> str | None:
    """Return the origin of the server that a token is of, None where that is not known."""
    token_id = id_of(token.strip())
    if token_id is None:
        return None
    state = state_file.read_state(environment)
    origin = state.get("token_origins", {}).get(token_id) or _find_stored(state, token_id)
    return origin if isinstance(origin, str) and _is_known_server(origin, environment) else None


def require_home(token: str, dc: str | None, environment: Mapping[str, str]) -> None:
    """Raise Mistake when a token is known to be of another data centre than ``dc``, the chosen server's, if any."""
    origin = find_origin(token, environment) if dc else None
    home = servers.find_at(origin, environment).dc if origin else None
    if home and home != dc:
        raise Mistake(
            f"This token is of the data centre '{visible(home)}' and is shown to no other.",
            "Name no server and no --dc: it goes there by itself.",
        )


def learn_origins(origins: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Note of which servers tokens are, by their ids; where nothing can be kept, or in CI, nothing is."""
    if not origins or in_ci(environment):
        return
    with suppress(ShellError):  # What was asked for is done: no trouble of ours may come after it.
        known = state_file.read_state(environment).get("token_origins", {})
        if any(known.get(token_id) != origin for token_id, origin in origins.items()):
            store_origins(origins, environment)


def store_origins(origins: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Note of which servers tokens are, by their ids. Raises Failed when the state file cannot be written."""

    def change(state: dict[str, Any]) -> None:
        known = {name: place for name, place in state.get("token_origins", {}).items() if name not in origins}
        state["token_origins"] = dict([*known.items(), *origins.items()][-MOST:])

    state_file.change_state(environment, change)


def _is_known_server(origin: str, environment: Mapping[str, str]) -> bool:
    if not identity.is_loopback(origin):
        return True
    server = servers.find_at(origin, environment)
    return server.name is not None or server.token_file is not None


def _find_stored(state: Mapping[str, Any], token_id: str) -> str | None:
    """Return the origin of the server that a token is stored for by ``auth set-token``, None for none."""
    for origin, facts in state.get("tokens", {}).items():
        known = facts.get("known") if isinstance(facts, dict) else None
        if isinstance(known, dict) and known.get("id") == token_id:
            return str(origin)
    return None
