"""Of which server a token is, by its public id: so that a token that is given alone goes to its own data centre.

- Known are the tokens that this shell generated or stored. No secret is kept here.
- A token of which nothing is known is shown to the one server that the person chose, and to no other: to ask each
  server whether it is its own would be to hand it to all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vshell import profiles
from vshell.errors import Mistake, visible
from vshell.token_form import id_of

MOST = 500
"""How many are remembered; the oldest go first."""


def origin_of(token: str, environment: Mapping[str, str]) -> str | None:
    """Return the origin of the server that a token is of, None where that is not known."""
    token_id = id_of(token.strip())
    if token_id is None:
        return None
    state = profiles.state(environment)
    origin = _origins(state).get(token_id)
    if isinstance(origin, str):
        return origin
    stored = state.get("tokens")
    for place, facts in (stored if isinstance(stored, dict) else {}).items():
        known = facts.get("known") if isinstance(facts, dict) else None
        if isinstance(known, dict) and known.get("id") == token_id:
            return str(place)
    return None


def require_home(token: str, dc: str, environment: Mapping[str, str]) -> None:
    """Raise Mistake when a token is known to be of another data centre: it would be handed to a strange server."""
    origin = origin_of(token, environment)
    home = profiles.at(origin, environment).dc if origin else None
    if home and home != dc:
        raise Mistake(
            f"This token is of the data centre '{visible(home)}' and is shown to no other.",
            "Leave --dc out: it goes there by itself.",
        )


def remember(token_id: str, origin: str, environment: Mapping[str, str]) -> None:
    """Note of which server a token is. Raises Failed when the state file cannot be written."""

    def change(state: dict[str, Any]) -> None:
        known = {name: place for name, place in _origins(state).items() if name != token_id}
        state["token_origins"] = dict([*known.items(), (token_id, origin)][-MOST:])

    profiles.remember(environment, change)


def _origins(state: Mapping[str, Any]) -> dict[str, Any]:
    origins = state.get("token_origins")
    return origins if isinstance(origins, dict) else {}
