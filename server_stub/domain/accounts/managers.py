"""Managers: the people and robots that may sign in and own tokens, and their passwords.

- A username is kept in its canonical form: compatibility characters resolved (Unicode NFKC), case folded. So
  `Admin` and `ＡＤＭＩＮ` are `admin`: the same account, the same lockout counter, everywhere.
- A canonical username is 1 to 64 of a-z 0-9 . _ - + @ and begins and ends with a letter, a digit or _. So no
  two names look alike through another script, and none has a space at its end. It is narrow on purpose.
- `local-admin` and `localhost` are nobody's name.
- Built-in managers are never deleted, disabled, renamed or reduced; they are administrators from the first day, so an
  enabled administrator always stays.

Passwords, whose hashes, and matching old ones, are the caller's:

- Every switch of their settings is off at first, so that only the length counts (VAST, "vms modify_pwd_settings").
- Time-outs are kept as they were typed (`180D`) and read when used; a changed setting holds at once, also for
  passwords that were set before.
- A password is 1024 characters at most, and is brought to Unicode NFC before it is hashed, so that the same
  keys on another machine give the same password (after RFC 8265, section 4.2).
- No sentence here holds a password or a part of it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server_stub.domain.accounts.permissions import RESERVED_NAMES, Right
from server_stub.domain.base.durations import parse_duration, parse_duration_cached
from server_stub.domain.base.errors import Conflict, Invalid, Unauthenticated, quote
from server_stub.domain.base.fields import apply_changes, between, printable, setting, string, switch
from server_stub.domain.base.timestamps import DAY, rfc3339
from vshell.formats.text import canonical_username, parse_username

LONGEST_PERSON_NAME = 64
LONGEST_PASSWORD = 1024
LONGEST_TIMEOUT = 100 * 365 * DAY

BUILT_IN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("root", ("administrators", "debug_metrics", "csi")),
    ("admin", ("administrators", "csi")),
    ("support", ("administrators", "debug_metrics", "csi")),
)
"""The managers of a new server with their roles (VAST, "role list"). None has a password yet."""

_DC = re.compile(r"[a-z0-9-]{1,32}")

PasswordState = Literal["valid", "temporary", "expired", "lapsed"]
"""valid; temporary: works, to be replaced in time; expired: may only be changed; lapsed: was temporary."""


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


def check_timeout(name: str, value: object) -> str:
    """Return a time-out as it was typed, one second to a hundred years; raises Invalid."""
    text = string(name, value)
    if parse_duration(text) > LONGEST_TIMEOUT:
        raise Invalid(f"{name} is longer than 100 years", "Give a shorter time-out.")
    return text


@dataclass(frozen=True, slots=True)
class PasswordSettings:
    """The password settings of a server, named as VAST's REST API names them."""

    min_pwd_length: int = setting(8, "The fewest characters a password may have.", between(1, 128))
    pwd_requires_uppercase: bool = setting(False, "A password needs an upper-case letter.", switch)
    pwd_requires_lowercase: bool = setting(False, "A password needs a lower-case letter.", switch)
    pwd_requires_numeric: bool = setting(False, "A password needs a digit.", switch)
    pwd_requires_special_chars: bool = setting(False, "A password needs a special character.", switch)
    pwd_change_timeout: str = setting("24H", "How long one waits before changing it again.", check_timeout)
    pwd_change_timeout_enabled: bool = setting(False, "Whether one has to wait before changing it.", switch)
    pwd_expiration_timeout: str = setting(
        "180D", "How long a password lasts; also the longest lifetime of a token.", check_timeout
    )
    pwd_expiration_timeout_enabled: bool = setting(False, "Whether passwords expire.", switch)
    tmp_pwd_expiration_timeout: str = setting("7D", "How soon a temporary password has to be replaced.", check_timeout)
    max_failed_login_attempts: int = setting(
        10, "After how many wrong passwords in a row the wait becomes long.", between(1, 100)
    )
    max_failed_login_attempts_enabled: bool = setting(False, "Whether the wait becomes long.", switch)
    pwd_history_no_reuse_count: int = setting(8, "How many old passwords are not used again.", between(1, 100))
    pwd_history_no_reuse_count_enabled: bool = setting(False, "Whether old passwords are remembered.", switch)


def merge_password_settings(settings: PasswordSettings, changes: Mapping[str, object]) -> PasswordSettings:
    """Return settings with some values replaced; raises Invalid for an unknown name or a bad value."""
    result = apply_changes(settings, changes)
    waits, ends = change_timeout(result), expiration_timeout(result)
    if waits is not None and ends is not None and waits >= ends:
        raise Invalid(
            "pwd_change_timeout must be shorter than pwd_expiration_timeout",
            "Else a password could expire before its owner may change it.",
        )
    return result


def expiration_timeout(settings: PasswordSettings) -> int | None:
    """Return how long passwords and at most tokens last, in microseconds; None if passwords do not expire."""
    return parse_duration_cached(settings.pwd_expiration_timeout) if settings.pwd_expiration_timeout_enabled else None


def change_timeout(settings: PasswordSettings) -> int | None:
    """Return how long one waits before changing it again, in microseconds; None if one does not."""
    return parse_duration_cached(settings.pwd_change_timeout) if settings.pwd_change_timeout_enabled else None


def history_depth(settings: PasswordSettings) -> int:
    """Return how many of the latest passwords, the present one included, a new one may not equal."""
    return settings.pwd_history_no_reuse_count if settings.pwd_history_no_reuse_count_enabled else 0


def normalize_password(password: str) -> str:
    """Return a password in the one form in which it is hashed and verified."""
    # Nobody has a longer one, and normalizing takes the square of a text's length at worst.
    return unicodedata.normalize("NFC", password) if len(password) <= LONGEST_PASSWORD else password


def require_strong_password(settings: PasswordSettings, password: str, username: str) -> None:
    """Raise Invalid, naming all that is missing, unless a new password is strong enough."""
    if len(password) > LONGEST_PASSWORD or not password.isprintable():
        raise Invalid(
            f"a password is at most {LONGEST_PASSWORD} characters that can be printed", "Choose another password."
        )
    wanted = (
        (len(password) >= settings.min_pwd_length, f"at least {settings.min_pwd_length} characters"),
        (not settings.pwd_requires_uppercase or any(map(str.isupper, password)), "an upper-case letter"),
        (not settings.pwd_requires_lowercase or any(map(str.islower, password)), "a lower-case letter"),
        (not settings.pwd_requires_numeric or any(map(str.isdecimal, password)), "a digit"),
        (not settings.pwd_requires_special_chars or not all(map(str.isalnum, password)), "a special character"),
    )
    missing = [what for good, what in wanted if not good]
    if missing:
        raise Invalid(f"the password needs {', '.join(missing)}", "Choose another password.")
    if canonical_username(password) == canonical_username(username):
        raise Invalid("the password is the username", "Choose another password.")


def require_unused_password(settings: PasswordSettings, reused: bool) -> None:
    """Raise Invalid if a new password was found among the latest `history_depth` ones."""
    if reused:
        raise Invalid(f"the password is one of the last {history_depth(settings)}", "Choose one that is new.")


def require_change_due(settings: PasswordSettings, manager: Manager, now: int) -> None:
    """Raise Conflict if one changed one's own password too short a time ago.

    A temporary password may be replaced at any time, and what an administrator sets does not come here.
    """
    wait, set_at = change_timeout(settings), manager.password_set_at
    if wait is not None and set_at is not None and not manager.password_temporary and now < set_at + wait:
        raise Conflict(
            "the password was changed a short time ago",
            f"You may change it again at {rfc3339(set_at + wait)}, or have an administrator set it.",
            "password_change_too_soon",
        )


def password_ends_at(settings: PasswordSettings, manager: Manager) -> int | None:
    """Return when a manager's password ends, in UTC microseconds; None if it never does or there is none."""
    if manager.password_set_at is None:
        return None
    if manager.password_temporary:
        return manager.password_set_at + parse_duration_cached(settings.tmp_pwd_expiration_timeout)
    lifetime = None if manager.password_expiration_disabled else expiration_timeout(settings)
    return None if lifetime is None else manager.password_set_at + lifetime


def password_state(settings: PasswordSettings, manager: Manager, now: int) -> PasswordState:
    """Return which state a manager's password is in at a time."""
    end = password_ends_at(settings, manager)
    ended = end is not None and now >= end
    if manager.password_temporary:
        return "lapsed" if ended else "temporary"
    return "expired" if ended else "valid"


def require_usable_password(state: PasswordState, changing: bool = False) -> None:
    """Raise Unauthenticated if a password that was right has ended.

    With `changing`, when all that it does is to set a new one, an expired password still goes.
    """
    if state == "lapsed":
        raise Unauthenticated(
            "the temporary password was not replaced in time",
            "Have an administrator set a new one: manager set_password",
            "password_expired",
        )
    if state == "expired" and not changing:
        raise Unauthenticated("the password has expired", "Set a new one: manager set_password", "password_expired")
