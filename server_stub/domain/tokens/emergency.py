"""Emergency access: breaking the glass is recorded with its reason, and ends after its grant.

- Whoever records one holds every right there is, and says why in one line.
- With a grant they get a token of their own. It ends after the grant, nothing moves that end, and it is not counted by
  the quota: a full quota must not stand in the way of an emergency.
- Its name and path say what it is in every list, and stay so; its reason stands in its `meta`, and so in the audit
  record of whatever is done with it.

Source: Vigo, "emergency-access" (HIPAA, 45 CFR 164.312(a)(2)(ii)).
"""

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.durations import parse_duration, spell_duration
from server_stub.domain.base.errors import Conflict, Forbidden, Invalid
from server_stub.domain.base.fields import printable
from server_stub.domain.base.timestamps import DAY
from server_stub.domain.tokens.tokens import Token
from vshell.formats.durations import GO

NAME = "EMERGENCY ACCESS"
PATH = "api/emergency-access"
META = "emergency"
LONGEST_REASON = 500
LONGEST_GRANT = DAY


def require(actor: Actor) -> None:
    """Raise Forbidden unless the actor is an administrator: local-admin, or holds every right."""
    if not permissions.holds_every_right(actor):
        raise Forbidden(
            "recording an emergency access takes every right there is",
            "Ask a member of administrators, or record it on the server's own host.",
        )


def check_reason(reason: object) -> str:
    """Return the reason as it will be stored; raises Invalid."""
    return printable("reason", reason, longest=LONGEST_REASON)


def check_grant(grant: str) -> int:
    """Return how long a break-glass token lasts, in microseconds; raises Invalid for more than a day."""
    length = parse_duration(grant, GO)
    if length > LONGEST_GRANT:
        raise Invalid(
            f"the longest grant is {spell_duration(LONGEST_GRANT)}", "Ask for less, and again when it has ended."
        )
    return length


def require_owner(actor: Actor) -> int:
    """Return the number of the manager whose token a grant makes; raises Conflict for local-admin, who owns none."""
    if actor.id is None:
        raise Conflict(
            "local-admin owns no token and needs none",
            "Leave out the grant; for a manager: auth create-token --user NAME --expires-in 1h",
        )
    return actor.id


def is_one(token: Token) -> bool:
    """Tell whether a token was made by an emergency access."""
    return token.path == PATH


def require_same_name(token: Token, name: str) -> None:
    """Raise Conflict when a break-glass token is to be named otherwise: its name says what it is."""
    if is_one(token) and name != token.name:
        raise Conflict("a break-glass token keeps its name", "Revoke it when it is no longer needed.")
