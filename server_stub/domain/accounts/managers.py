"""Managers: the people and robots that may sign in and own tokens.

- A username is kept in its canonical form: compatibility characters resolved (Unicode NFKC), case folded. So
  `Admin` and `ＡＤＭＩＮ` are `admin`: the same account, the same lockout counter, everywhere.
- A canonical username is 1 to 64 of a-z 0-9 . _ - + @ and begins and ends with a letter, a digit or _. So no
  two names look alike through another script, and none has a space at its end. It is narrow on purpose.
- `local-admin` and `localhost` are nobody's name.
- Built-in managers are never deleted, disabled, renamed or reduced; they are administrators from the first day, so an
  enabled administrator always stays.
"""

import re
from dataclasses import dataclass, field

from server_stub.domain.accounts.permissions import RESERVED_NAMES, Right
from server_stub.domain.base.errors import Conflict, Invalid, quote
from server_stub.domain.base.fields import printable, string
from vshell.formats.text import parse_username

LONGEST_PERSON_NAME = 64
BUILT_IN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("root", ("administrators", "debug_metrics", "csi")),
    ("admin", ("administrators", "csi")),
    ("support", ("administrators", "debug_metrics", "csi")),
)
"""The managers of a new server with their roles (VAST, "role list"). None has a password yet."""

_DC = re.compile(r"[a-z0-9-]{1,32}")


@dataclass(frozen=True, slots=True)
class Manager:
    """What is kept of a manager; times are UTC in microseconds.

    `permissions` are those given directly, beside those of the roles; `max_api_tokens` is a quota of their
    own, and without `password_hash` nobody can sign in as them by password. `home_dc` names the data centre that they
    belong to, None this server's.
    """

    id: int
    username: str
    first_name: str
    last_name: str
    enabled: bool
    built_in: bool
    permissions: frozenset[str]
    created_at: int
    max_api_tokens: int | None = None
    password_hash: str | None = field(default=None, repr=False)
    password_set_at: int | None = None
    password_temporary: bool = False
    password_expiration_disabled: bool = False
    last_login_at: int | None = None
    home_dc: str | None = None


def find_username(text: str) -> str | None:
    """Return the canonical form of a name that a person signs in with; None if no manager can have it."""
    username = parse_username(text)
    return None if username in RESERVED_NAMES else username


def check_username(value: object) -> str:
    """Return a new manager's username in its canonical form; raises Invalid."""
    text = string("username", value)
    username = find_username(text)
    if username is not None:
        return username
    if parse_username(text) in RESERVED_NAMES:
        raise Invalid(f"the name {quote(text)} is reserved", "Choose another username.")
    raise Invalid(
        f"{quote(text)} cannot be a username",
        "Use 1 to 64 of the letters a-z, digits and . _ - + @, with a letter, a digit or _ at both ends.",
    )


def check_person_name(name: str, value: object) -> str:
    """Return a first or last name, which may be empty; raises Invalid."""
    return printable(name, value, shortest=0, longest=LONGEST_PERSON_NAME)


def check_dc(name: str, value: object) -> str:
    """Return the name of a data centre: 1 to 32 of a-z, 0-9 and -; raises Invalid."""
    text = string(name, value)
    if not _DC.fullmatch(text):
        raise Invalid(f"{quote(text)} cannot name a data centre", "Use 1 to 32 of a-z, 0-9 and -, as in eu.")
    return text


def require_not_built_in(manager: Manager, fate: str) -> None:
    """Raise Conflict for a built-in manager, which is never "deleted", "disabled" or "renamed"."""
    if manager.built_in:
        raise Conflict(
            f"{manager.username} is a built-in manager and cannot be {fate}",
            "Set it a new password if need be.",
        )


def require_not_reduced(manager: Manager, before: frozenset[Right], after: frozenset[Right]) -> None:
    """Raise Conflict if a change would take a right from a built-in manager."""
    if before - after:
        require_not_built_in(manager, "given fewer permissions")
