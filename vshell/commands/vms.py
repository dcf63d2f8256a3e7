"""vms: the server itself: its settings, those of passwords, the quota of tokens.

Source: VAST's pages "vms modify_pwd_settings", "VMS Security Settings" and "Managing VMS API Tokens". There is
one VMS, with the id 1; every command takes ``--id`` all the same, as VAST's do.
"""

from typing import Annotated, TypedDict, Unpack

from vshell.errors import Mistake
from vshell.kinds import Choice, Clock, Duration, GoDuration, Integer, Switch, Text
from vshell.registry.tree import command, describe_object
from vshell.registry.view import View, columns
from vshell.session import Session

describe_object("vms", "The server's settings.")

COLUMNS = columns(
    "id",
    "name",
    "max_api_tokens_per_user",
    "login_banner",
    "access_token_lifetime",
    "refresh_token_lifetime",
)
MORE = ("default_lease_ttl", "max_lease_ttl", "device_flow")
LIST = View(COLUMNS, more=MORE)
SHOW = View(COLUMNS, layout="vertical", more=MORE)
MODIFIED = View(COLUMNS, sentence="VMS with id: {id} has been modified")
QUOTA = View(COLUMNS, sentence="Live API tokens each manager may have: {max_api_tokens_per_user}")

Number = Annotated[int, Integer(minimum=1, metavar="ID"), "Specifies the VMS; there is one, 1."]


def _switch_pair(what: str) -> Switch:
    """Return the pair of options that VAST has for a rule that is on or off."""
    return Switch(on=f"--enable-{what}", off=f"--disable-{what}")


class Settings(TypedDict, total=False):
    """What can be set, but for passwords."""

    login_banner: Annotated[str, Text("BANNER"), "Sets one line that is shown at sign-in; '' removes it."]
    access_token_lifetime: Annotated[
        str, Clock("LIFETIME"), "Sets how long a sign-in lasts before it is renewed by itself."
    ]
    refresh_token_lifetime: Annotated[
        str, Clock("LIFETIME"), "Sets how long a sign-in can be renewed; longer than the one above."
    ]
    default_lease_ttl: Annotated[
        str, GoDuration("TTL"), "Sets how long a token made by Vault's clients lasts when they ask for nothing."
    ]
    max_lease_ttl: Annotated[
        str, GoDuration("TTL"), "Sets the longest life that Vault's clients are given, root tokens aside."
    ]
    device_flow: Annotated[
        str,
        Choice("all", "create_security", "off"),
        "Sets who may approve terminals on the page /device: all, who has create_security, or nobody (off).",
    ]


class PasswordSettings(TypedDict, total=False):
    """The rules that passwords follow."""

    min_pwd_length: Annotated[int, Integer(1, 128, metavar="LENGTH"), "Sets the fewest characters a password may have."]
    pwd_requires_uppercase: Annotated[
        bool, _switch_pair("pwd-uppercase-validation"), "Says whether a password needs an upper-case letter."
    ]
    pwd_requires_lowercase: Annotated[
        bool, _switch_pair("pwd-lowercase-validation"), "Says whether a password needs a lower-case letter."
    ]
    pwd_requires_numeric: Annotated[
        bool, _switch_pair("pwd-numeric-validation"), "Says whether a password needs a digit."
    ]
    pwd_requires_special_chars: Annotated[
        bool, _switch_pair("pwd-special-chars-validation"), "Says whether a password needs a special character."
    ]
    pwd_change_timeout: Annotated[
        str, Duration("TIMEOUT"), "Sets how long one waits before changing one's password again."
    ]
    pwd_expiration_timeout: Annotated[
        str, Duration("TIMEOUT"), "Sets how long a password lasts, and at most an API token."
    ]
    tmp_pwd_expiration_timeout: Annotated[
        str, Duration("TIMEOUT"), "Sets how soon a temporary password has to be replaced."
    ]
    max_failed_login_attempts: Annotated[
        int, Integer(1, 100, metavar="ATTEMPTS"), "Sets after how many wrong passwords the wait becomes long."
    ]
    pwd_history_no_reuse_count: Annotated[
        int, Integer(1, 100, metavar="COUNT"), "Sets how many old passwords are not used again."
    ]
    pwd_change_timeout_enabled: Annotated[
        bool, _switch_pair("pwd-change-timeout"), "Says whether one waits before changing one's password again."
    ]
    pwd_expiration_timeout_enabled: Annotated[
        bool, _switch_pair("pwd-expiration-timeout"), "Says whether passwords expire."
    ]
    max_failed_login_attempts_enabled: Annotated[
        bool, _switch_pair("max-failed-login-attempts"), "Says whether the wait after wrong passwords becomes long."
    ]
    pwd_history_no_reuse_count_enabled: Annotated[
        bool, _switch_pair("pwd-history-no-reuse-count"), "Says whether old passwords are remembered."
    ]


_RULES = list(PasswordSettings.__annotations__)
PASSWORD_COLUMNS = columns(*sorted(_RULES, key=lambda name: _RULES.index(name.removesuffix("_enabled"))))
"""The rules in their order, each with what switches it right behind it."""

PASSWORDS = View(PASSWORD_COLUMNS, layout="vertical")
PASSWORDS_MODIFIED = View(PASSWORD_COLUMNS, sentence="The password settings have been modified")


@command("vms list", view=LIST, examples=("vms list",))
def list_(session: Session, /) -> object:
    """List the server, with its settings."""
    return session.client.request("GET", "/vms/")


@command("vms show", view=SHOW, examples=("vms show",))
def show(session: Session, /, *, id_: Number = 1) -> object:
    """Show the server's settings."""
    return session.client.request("GET", f"/vms/{id_}/")


@command(
    "vms modify",
    view=MODIFIED,
    examples=(
        "vms modify --login-banner 'You are logging into VMS'",
        "vms modify --access-token-lifetime 02:00:00 --refresh-token-lifetime 12:00:00",
        "vms modify --device-flow create_security",
    ),
    changes=True,
)
def modify(session: Session, /, *, id_: Number = 1, **changes: Unpack[Settings]) -> object:
    """Modify the login banner, how long a sign-in lasts, what Vault's clients are given, who approves terminals.

    Lifetimes are written as [DD [HH:[MM:]]]ss and hold for sign-ins from now on; a TTL is written as 768h.
    """
    if not changes:
        raise Mistake("There is nothing to modify.", "Give --login-banner, --device-flow, or one of the lifetimes.")
    return session.client.request("PATCH", f"/vms/{id_}/", changes)


@command(
    "vms set_max_api_tokens_per_user",
    view=QUOTA,
    examples=("vms set_max_api_tokens_per_user --max-api-tokens-per-user 40",),
    changes=True,
)
def set_max_api_tokens_per_user(
    session: Session,
    /,
    *,
    max_api_tokens_per_user: Annotated[
        int, Integer(maximum=100_000, metavar="NUMBER"), "Sets how many live API tokens a manager may have."
    ],
    id_: Number = 1,
) -> object:
    """Set how many API tokens each manager may have at the same time, 5 at first.

    Revoked and expired tokens do not count. Lowering the number revokes none. One manager may have a number of
    their own: "manager modify --max-api-tokens".
    """
    body = {"max_api_tokens_per_user": max_api_tokens_per_user}
    return session.client.request("PATCH", f"/vms/{id_}/set_max_api_tokens_per_user/", body)


@command("vms get_pwd_settings", view=PASSWORDS, examples=("vms get_pwd_settings",), aliases=("vms show_pwd_settings",))
def get_pwd_settings(session: Session, /, *, id_: Number = 1) -> object:
    """Show the rules that passwords follow."""
    return session.client.request("GET", f"/vms/{id_}/pwd_settings/")


@command(
    "vms modify_pwd_settings",
    view=PASSWORDS_MODIFIED,
    examples=(
        "vms modify_pwd_settings --min-pwd-length 12 --enable-pwd-numeric-validation",
        "vms modify_pwd_settings --pwd-expiration-timeout 90D --enable-pwd-expiration-timeout",
    ),
    changes=True,
)
def modify_pwd_settings(session: Session, /, *, id_: Number = 1, **changes: Unpack[PasswordSettings]) -> object:
    """Modify the rules that passwords follow; they hold at once, also for passwords that were set before.

    A time-out is a whole number and a unit: Y (365 days), M (30 days), w, d, h, m (minutes) or s. It holds only
    while it is enabled; the password expiration time-out is then the longest life of an API token too.

    After three wrong passwords each next try has to wait, up to a minute; with --enable-max-failed-login-attempts
    up to a quarter of an hour after so many. Nobody is locked out for good, and API tokens never wait.
    """
    if not changes:
        raise Mistake("There is nothing to modify.", "Give at least one setting; see: help vms modify_pwd_settings")
    return session.client.request("PATCH", f"/vms/{id_}/pwd_settings/", changes)
