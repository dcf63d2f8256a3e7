"""How Vigo writes a token's id and its days (Vigo, "auth list-tokens")."""

from vshell.kinds.live import TokenId
from vshell.kinds.plain import Timestamp

MARK = "tok_"
"""Leads an id there; wherever an id is typed here it may stand or be left out."""


class MarkedId(TokenId):
    """The public id of an API token, shown with ``tok_`` before it."""

    explanation = "the id of an API token, as auth list-tokens shows it"

    def show(self, value: object) -> str:
        """Return the id with its mark."""
        return f"{MARK}{value}"


class Day(Timestamp):
    """A moment of which only the day is shown; none is never."""

    def show(self, value: object) -> str:
        """Return the day, as in 2026-11-21, or never."""
        return "never" if value is None else str(value)[:10]
