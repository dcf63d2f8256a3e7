"""Token roles: what Vault's front door makes a token by when a role is named.

Source: HashiCorp Vault, auth/token/roles.

A role bounds what its users may ask for, and may hand out what takes every right otherwise: tokens without a parent,
and periodic ones. So writing one takes every right. It gives nobody a policy that they lack: a token is never wider
than its maker, by whatever role (here Vault differs).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Forbidden, Invalid, quote
from server_stub.domain.base.fields import whole
from server_stub.domain.tokens.issuance_rules import MOST_USES

LONGEST_SUFFIX = 128

_NAME = re.compile(r"\w(?:[\w.-]{0,126}\w)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TokenRole:
    """What is kept of a token role; lengths are microseconds, None for none; `num_uses` is 0 for any number."""

    name: str
    allowed_policies: tuple[str, ...] = ()
    allowed_policies_glob: tuple[str, ...] = ()
    disallowed_policies: tuple[str, ...] = ()
    disallowed_policies_glob: tuple[str, ...] = ()
    orphan: bool = False
    renewable: bool = True
    path_suffix: str = ""
    period: int | None = None
    explicit_max_ttl: int | None = None
    num_uses: int = 0
    no_default_policy: bool = False


def check(role: TokenRole) -> TokenRole:
    """Return a role that can be kept; raises Invalid."""
    if _NAME.fullmatch(role.name) is None:
        raise Invalid(f"{quote(role.name)} cannot be a role's name", "Use letters, digits and _ - . in between.")
    suffix = role.path_suffix
    if suffix and (len(suffix) > LONGEST_SUFFIX or re.fullmatch(r"\w[\w-]*(?:/?\w[\w-]*)*", suffix, re.ASCII) is None):
        raise Invalid("given role path suffix contains invalid characters; must match \\w[\\w-]+\\w")
    whole("token_num_uses", role.num_uses, 0, MOST_USES)
    return role


def require_writer(actor: Actor) -> None:
    """Raise Forbidden unless the actor holds every right, un-narrowed by scopes."""
    if not permissions.holds_every_right(actor):
        raise Forbidden("writing a token role takes every right", "Ask a member of administrators.")


def policies_for(role: TokenRole, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the policies of a token made by a role: those asked for, else those it allows; raises Forbidden."""
    limited = bool(role.allowed_policies or role.allowed_policies_glob)
    wanted = names or role.allowed_policies
    for name in wanted:
        if limited and name != "default" and not _matches(name, role.allowed_policies, role.allowed_policies_glob):
            raise Forbidden(f"the role does not allow the policy {quote(name)}", code="role_policy")
        if _matches(name, role.disallowed_policies, role.disallowed_policies_glob):
            raise Forbidden(f"the role disallows the policy {quote(name)}", code="role_policy")
    return wanted


def _matches(name: str, names: Iterable[str], patterns: Iterable[str]) -> bool:
    return name in names or any(fnmatchcase(name, pattern) for pattern in patterns)
