"""The settings of a server beside those of passwords: tokens per user, banner, sign-ins, leases.

Lifetimes of a sign-in are written as vcli writes them, `[DD ]HH:MM:SS`, and kept in that form.
(VAST, "VMS Security Settings"; "Managing VMS API Tokens".)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from server_stub.domain.base.durations import parse_clock, parse_duration, spell_clock
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.fields import apply_changes, printable, setting, string
from server_stub.domain.base.timestamps import DAY
from server_stub.domain.devices import device_flow as flow
from server_stub.domain.tokens import issuance_rules
from vshell.formats.durations import VAULT

LONGEST_BANNER = 1000
LONGEST_SIGN_IN = 365 * DAY


def check_banner(name: str, value: object) -> str:
    """Return a banner of one line, or an empty text for none; raises Invalid."""
    return printable(name, value, shortest=0, longest=LONGEST_BANNER)


def check_sign_in(name: str, value: object) -> str:
    """Return the lifetime of a sign-in as `[DD ]HH:MM:SS`, a year at most; raises Invalid."""
    length = parse_clock(string(name, value))
    if length > LONGEST_SIGN_IN:
        raise Invalid(f"{name} is longer than 365 days", "Give a shorter lifetime.")
    return spell_clock(length)


def check_lease(name: str, value: object) -> str:
    """Return a length as Vault writes it (1h, 90m, 3600), as it was given; raises Invalid."""
    text = string(name, value)
    parse_duration(text, VAULT)
    return text


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The settings that `vms modify` and `vms set_max_api_tokens_per_user` change."""

    max_api_tokens_per_user: int = setting(
        issuance_rules.DEFAULT_QUOTA, "How many live API tokens a manager may have.", issuance_rules.check_quota
    )
    login_banner: str = setting("", "One line that is shown at sign-in; empty for none.", check_banner)
    access_token_lifetime: str = setting(
        "01:00:00", "How long a sign-in lasts before it is renewed by itself.", check_sign_in
    )
    refresh_token_lifetime: str = setting(
        "1 00:00:00", "How long a sign-in can be renewed; longer than access_token_lifetime.", check_sign_in
    )
    default_lease_ttl: str = setting(
        "768h", "How long a token made through Vault's door lasts when nothing is asked.", check_lease
    )
    max_lease_ttl: str = setting(
        "768h", "The longest life that Vault's door gives a token, root and periodic ones aside.", check_lease
    )
    device_flow: str = setting(
        "all",
        "Who may approve terminals on the page /device, each for their own tokens: all, create_security "
        "(who has that permission), or off.",
        flow.check_flow,
    )


def merge(settings: ServerSettings, changes: Mapping[str, object]) -> ServerSettings:
    """Return settings with some values replaced; raises Invalid for an unknown name or a bad value."""
    result = apply_changes(settings, changes)
    if refresh_lifetime(result) <= access_lifetime(result):
        raise Invalid(
            "refresh_token_lifetime must be longer than access_token_lifetime",
            "Change both at once if need be.",
        )
    return result


def access_lifetime(settings: ServerSettings) -> int:
    """Return how long a session lasts, in microseconds."""
    return parse_clock(settings.access_token_lifetime)


def default_lease(settings: ServerSettings) -> int:
    """Return how long a token of Vault's door lasts when no length is given, in microseconds."""
    return _lease(settings.default_lease_ttl)


def max_lease(settings: ServerSettings) -> int:
    """Return the most that Vault's door gives a token, in microseconds."""
    return _lease(settings.max_lease_ttl)


@lru_cache(maxsize=16)
def _lease(text: str) -> int:
    return parse_duration(text, VAULT)


def refresh_lifetime(settings: ServerSettings) -> int:
    """Return how long a session can be renewed, in microseconds."""
    return parse_clock(settings.refresh_token_lifetime)
